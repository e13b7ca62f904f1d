"""The summary of a report in a person's words, in the place of the draft from its facts.

Rows are added and never changed: the newest counts, an empty one brings the draft back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Max

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.ground.foundation.reasons import Source
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.models import SummaryText
from tipline.insight.triage.summary import Summary
from tipline.insight.triage.words import sentence
from tipline.record.reports.models import Report
from tipline.record.reports.services import hold

#: Characters of a summary that a person writes: two lines of the queue's pane.
MOST_SUMMARY = 300
MOST_HISTORY = 20
#: Unseen, and part of some scripts' spelling.
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"


def write_summary(actor: Actor, report: Report, text: str, *, seen: int | None = None) -> int:
    """Put ``text`` in the draft's place, or the draft back by an empty one; the row's id.

    ``seen``: the row that the writer had before them (0: none); :class:`Conflict` when a newer
    one came meanwhile. The same text again changes nothing. Whitespace becomes single spaces.
    """
    actor.require(Permission.QUEUE_WORK)
    plain = _checked(text)
    with write_tx():
        hold(report)
        newest = newest_text(report.pk)
        if (newest.text if newest else "") == plain:
            return newest.pk if newest else 0
        if seen is not None and seen != (newest.pk if newest else 0):
            raise Conflict("Somebody else changed the summary meanwhile.")
        row = SummaryText.objects.create(
            report=report, text=plain, by_id=actor.person_key, at=clock.now()
        )
        record(actor, Verb.SUMMARY_WRITTEN, f"report:{report.pk}", detail={"summary": row.pk})
    return row.pk


def take_back(actor: Actor, report: Report, row_id: int) -> None:
    """Undo: what stood before this row stands again, unless something newer came."""
    before = (
        SummaryText.objects.filter(report=report, pk__lt=row_id).order_by("-pk").first()
        if SummaryText.objects.filter(report=report, pk=row_id).exists()
        else None
    )
    write_summary(actor, report, before.text if before else "", seen=row_id)


def _checked(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) > MOST_SUMMARY:
        words = f"A summary has at most {MOST_SUMMARY} characters; this one has {len(plain)}."
        raise Invalid(words, field="summary")
    if any(not char.isprintable() and char not in _JOINERS for char in plain):
        raise Invalid("Take out the characters that cannot be seen.", field="summary")
    return plain


def newest_text(number: int) -> SummaryText | None:
    """The newest row, an empty one included. The caller has checked its actor."""
    rows = SummaryText.objects.select_related("by").filter(report_id=number)
    return rows.order_by("-pk").first()


def history_of(number: int) -> list[SummaryText]:
    """What was written, the newest first. The caller has checked its actor."""
    rows = SummaryText.objects.select_related("by").filter(report_id=number)
    return list(rows.order_by("-pk")[:MOST_HISTORY])


def written_for(numbers: Iterable[int]) -> dict[int, str]:
    """The written summaries in force, by number: one query for a page of the queue."""
    newest = (
        SummaryText.objects.filter(report_id__in=list(numbers))
        .order_by()
        .values("report_id")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    rows = SummaryText.objects.filter(pk__in=newest).exclude(text="")
    return dict(rows.values_list("report_id", "text"))


def told(result: Mapping[str, Any], written: str = "") -> tuple[str, Source]:
    """The summary to show and who says so: a person's words, else the draft's."""
    if written:
        return written, Source.ANALYST
    stored = result["summary"]
    return sentence(Summary(stored["code"], stored["params"])), Source.SYSTEM
