"""The summary of a report: the draft from its facts, what people wrote, and the form for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms_queue import SummaryForm
from tipline.doors.portals.look.parts import Fact
from tipline.doors.portals.look.times import absolute
from tipline.ground.foundation.reasons import Source
from tipline.insight.triage.summaries import history_of, told

if TYPE_CHECKING:
    from tipline.insight.triage.models import QueueEntry, SummaryText


def summary_context(
    number: int, entry: QueueEntry, form: SummaryForm | None = None
) -> dict[str, Any]:
    """What ``desk/summary.html`` shows. ``form``: one that was refused, with its words."""
    history = history_of(number)
    written = history[0].text if history else ""
    draft, _source = told(entry.assessment.result)
    words, source = told(entry.assessment.result, written)
    seen = history[0].pk if history else 0
    return {
        "number": number,
        "summary": words,
        "summary_by": source,
        "summary_draft": draft,
        "summary_written": bool(written),
        "summary_history": _facts(history),
        "summary_url": reverse("desk:summary", args=[number]),
        "summary_form": form or SummaryForm(initial={"summary": written or draft, "seen": seen}),
    }


def _facts(history: Sequence[SummaryText]) -> tuple[Fact, ...]:
    return tuple(
        Fact(row.by.name, row.text or _("Back to the draft"), Source.ANALYST, absolute(row.at))
        for row in history
    )
