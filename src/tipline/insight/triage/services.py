"""The only writer of assessments and of places in the queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

from tipline.ground.foundation import clock
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.features import as_json
from tipline.insight.triage.gathering import gather
from tipline.insight.triage.models import BAND_RANK, TEST_LANE, Assessment, QueueEntry
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.publication.queries import in_force
from tipline.insight.triage.rules_judge import Gathered, input_digest, judge
from tipline.record.reports.models import Report
from tipline.record.reports.services import hold

#: Where nothing runs out any more, nothing is gained by hurrying: last in its band.
NO_DEADLINE = datetime.max.replace(tzinfo=UTC)
_AGE = timedelta(days=1)
_AGED_BATCH = 500


def policy() -> TriagePolicy:
    """The policy in force: the one that was published last, else the file that ships."""
    return in_force()


def assess(report: Report) -> Assessment:
    """Assess a report as it stands now. Unchanged facts under the same policy change nothing.

    Whoever was overtaken while looking looks again, so that older facts never replace newer.
    """
    while (row := _assess_once(report)) is None:
        continue
    return row


def _assess_once(report: Report) -> Assessment | None:
    """The assessment in force; None when another one came while this one was made."""
    before = _newest(report)
    now = clock.now()
    gathered = gather(report, now)
    row = _kept_or_made(report, before, gathered, now)
    with write_tx():
        hold(report)
        if _newest(report) != before:
            return None
        if row is not before:
            row.save(force_insert=True)
        elif QueueEntry.objects.filter(report=report).update(looked_at=now):
            return row
        _place(report, row, gathered, now)
    return row


def _kept_or_made(
    report: Report, before: Assessment | None, gathered: Gathered, now: datetime
) -> Assessment:
    """The assessment before when nothing has changed since, else a new one, not saved yet."""
    rules = policy()
    stamp, digest = rules.stamp, input_digest(gathered, now, rules)
    if before is not None and (before.policy, before.input_digest) == (stamp, digest):
        return before
    result = judge(gathered, now, rules)
    return Assessment(
        report=report,
        policy=stamp,
        input_digest=digest,
        facts=as_json(gathered.features),
        result=result,
        at=now,
    )


def _newest(report: Report) -> Assessment | None:
    return Assessment.objects.filter(report=report).order_by("-pk").first()


def _place(report: Report, row: Assessment, gathered: Gathered, now: datetime) -> None:
    """Give the report its place; who has claimed it and whether it is done stay as they are."""
    result: Mapping[str, Any] = row.result
    filed = report.ended_at or report.opened_at
    deadline = min((c.ends for c in gathered.clocks if c.ends > now), default=NO_DEADLINE)
    kind = gathered.features.incident_type
    values: dict[str, Any] = {
        "assessment": row,
        "band_rank": BAND_RANK[result["danger"]["band"]],
        "deadline": deadline,
        "danger": result["danger"]["value"],
        "actionability": result["actionability"]["value"],
        "decay": result["decay"]["value"],
        "disposition": result["disposition"],
        "urgency": result["urgency"],
        "level": result["level"],
        "lane": TEST_LANE if report.is_test else result["lane"],
        "sender_name": report.sender.name if report.sender else "",
        "incident_type": kind.value if kind else "",
        "new_files": gathered.new_files,
        "known_files": gathered.known_files,
        "links": gathered.links,
        "place": gathered.place,
        "looked_at": now,
    }
    QueueEntry.objects.update_or_create(
        report=report,
        defaults=values,
        create_defaults={**values, "received_at": filed, "ranked_at": now},
    )


def aged(now: datetime) -> list[int]:
    """Open reports whose clocks may have moved: a deadline has passed, or a day has."""
    rows = QueueEntry.objects.filter(
        Q(deadline__lte=now) | Q(looked_at__lte=now - _AGE), done_at__isnull=True
    )
    return list(rows.order_by("deadline").values_list("report_id", flat=True)[:_AGED_BATCH])
