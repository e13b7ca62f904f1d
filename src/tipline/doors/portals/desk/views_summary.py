"""Writing the summary of a report in one's own words, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_queue import SummaryForm, has_seen
from tipline.doors.portals.desk.shell import Deed, done
from tipline.doors.portals.desk.shown_summary import summary_context
from tipline.doors.portals.desk.views_report import refused
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.insight.triage import summaries
from tipline.insight.triage.queue import entry_of
from tipline.record.reports.queries import report_for

if TYPE_CHECKING:
    from tipline.record.reports.models import Report

_PART = "desk/summary.html"


@page(Permission.QUEUE_WORK, methods=("POST",))
def write(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Put one's words in the draft's place; what cannot be kept comes back in its field."""
    report = report_for(actor, number)
    form = SummaryForm(request.POST)
    row_id = _written(actor, report, form) if form.is_valid() else None
    if row_id is None:
        return refused(request, actor, report, _PART, _context(number, form))
    back = reverse("desk:report", args=[number]) + "#summary"
    undo = reverse("desk:summary-undo", args=[number, row_id]) if row_id else ""
    deed = Deed(_("Summary of report %(number)s changed.") % {"number": number}, undo)
    return done(request, deed, back, lambda: (_PART, _context(number)))


def _written(actor: Actor, report: Report, form: SummaryForm) -> int | None:
    """The row that holds now; None when the form says what is wrong."""
    said = form.cleaned_data
    plain = " ".join(said["summary"].split())
    entry = entry_of(report.pk)
    # Whoever saves the draft as it stands has changed nothing: it stays a draft.
    if entry is not None and plain == summaries.told(entry.assessment.result)[0]:
        plain = ""
    try:
        return summaries.write_summary(actor, report, plain, seen=said["seen"])
    except Invalid as error:
        add_refusal(form, error)
    except Conflict as error:
        newest = summaries.newest_text(report.pk)
        form.add_error("summary", error.message)
        has_seen(form, newest.pk if newest else 0)
    return None


def _context(number: int, form: SummaryForm | None = None) -> dict[str, Any]:
    entry = entry_of(number)
    if entry is None:
        raise NotVisible("This report is not ranked yet.")
    return summary_context(number, entry, form)


@page(Permission.QUEUE_WORK, methods=("POST",))
def undo(request: HttpRequest, actor: Actor, number: int, row_id: int) -> HttpResponse:
    """What stood before this one stands again."""
    report = report_for(actor, number)
    summaries.take_back(actor, report, row_id)
    back = reverse("desk:report", args=[number]) + "#summary"
    return done(request, Deed(_("The summary is again what it was.")), back)
