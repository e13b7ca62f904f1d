"""The only writer of assessments and of places in the queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.bundles.services import settle
from tipline.insight.triage.features import as_json
from tipline.insight.triage.gathering import gather
from tipline.insight.triage.judgements.rules import standing_in
from tipline.insight.triage.models import BAND_RANK, OPEN, TEST_LANE, Assessment, QueueEntry
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.publication.queries import in_force
from tipline.insight.triage.queue import newest_assessment
from tipline.insight.triage.rules_judge import Gathered, input_digest, judge
from tipline.insight.triage.rules_score import step
from tipline.insight.triage.rules_types import NO_ALARM, Band
from tipline.record.evidence.contents import Contents
from tipline.record.reports.models import Report
from tipline.record.reports.services import hold

#: Where nothing runs out any more, nothing is gained by hurrying: last in its band.
NO_DEADLINE = datetime.max.replace(tzinfo=UTC)
_AGE = timedelta(days=1)
_AGED_BATCH = 500


def policy() -> TriagePolicy:
    """The policy in force: the one that was published last, else the file that ships."""
    return in_force()


def assess(report: Report, held: Contents | None = None) -> Assessment:
    """Assess a report as it stands now. Unchanged facts under the same policy change nothing.

    ``held``: what was read of it already.

    Whoever was overtaken while looking looks again, so that older facts never replace newer.
    """
    while (row := _assess_once(report, held)) is None:
        continue
    return row


def _assess_once(report: Report, held: Contents | None) -> Assessment | None:
    """The assessment in force; None when another one came while this one was made."""
    before = newest_assessment(report.pk)
    now = clock.now()
    rules = policy()
    gathered = gather(report, now, rules, held)
    row = _kept_or_made(report, before, gathered, rules, now)
    with write_tx():
        hold(report)
        if _newest_key(report) != (before.pk if before else None):
            return None
        head = settle(report, gathered, row.result, rules, now)
        seen = {"looked_at": now, "folded_under_id": head}
        if row is not before:
            row.save(force_insert=True)
        elif QueueEntry.objects.filter(report=report).update(**seen):
            return row
        _place(report, row, gathered, seen)
        _reopen(row, before, now)
    return row


def _kept_or_made(
    report: Report,
    before: Assessment | None,
    gathered: Gathered,
    rules: TriagePolicy,
    now: datetime,
) -> Assessment:
    """The assessment before when nothing has changed since, else a new one, not saved yet."""
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


def _newest_key(report: Report) -> int | None:
    keys = Assessment.objects.filter(report=report).order_by("-pk").values_list("pk", flat=True)
    return keys.first()


def _place(report: Report, row: Assessment, gathered: Gathered, seen: Mapping[str, Any]) -> None:
    """Give the report its place; who has claimed it and whether it is done stay as they are."""
    result: Mapping[str, Any] = row.result
    now: datetime = seen["looked_at"]
    filed = report.ended_at or report.opened_at
    deadline = min((c.ends for c in gathered.clocks if c.ends > now), default=NO_DEADLINE)
    kind = gathered.features.incident_type
    values: dict[str, Any] = {
        "assessment": row,
        "band_rank": BAND_RANK[result["danger"]["band"]],
        "step": step(result["danger"]["value"], Band(result["danger"]["band"])),
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
        "alarm": result.get("alarm", {}).get("nearness", NO_ALARM),
        **seen,
    }
    QueueEntry.objects.bulk_create(
        [QueueEntry(report=report, received_at=filed, ranked_at=now, **values)],
        update_conflicts=True,
        unique_fields=["report"],
        update_fields=[name.removesuffix("_id") for name in values],
    )


def _reopen(row: Assessment, before: Assessment | None, now: datetime) -> None:
    """Put a report that was done back into the open queue when it has become urgent since.

    Whatever was urgent when it was closed, somebody has seen: only a signal that did not stand
    then, or was refuted then, brings it back. Each assessment is compared with the one before,
    so none can slip through between closing and coming back.
    """
    seen = standing_in(before.result["signals"]) if before is not None else ()
    new = [one.code for one in standing_in(row.result["signals"]) if one not in seen]
    if not new:
        return
    moved = QueueEntry.objects.filter(report_id=row.report_id, done_at__isnull=False).update(
        done_at=None,
        done_by=None,
        done_how="",
        claimed_by=None,
        claimed_until=None,
        reopened_at=now,
        reopened_for=new,
    )
    if moved:
        record(SYSTEM, Verb.QUEUE_REOPENED, f"report:{row.report_id}", detail={"urgent": new})


def aged(now: datetime) -> list[int]:
    """Listed reports whose clocks may have moved: a deadline has passed, or a day has.

    The clocks of a folded report are those of the one that leads; they are told anew when it
    is listed by itself.
    """
    rows = QueueEntry.objects.filter(Q(deadline__lte=now) | Q(looked_at__lte=now - _AGE), OPEN)
    return list(rows.order_by("deadline").values_list("report_id", flat=True)[:_AGED_BATCH])
