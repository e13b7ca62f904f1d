"""The report's page, its notes and its hand-overs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.delivery.routing.queries import referrals_of
from tipline.delivery.routing.services import refer as refer_to
from tipline.doors.portals.desk.forms import NoteForm, ReferForm, add_refusal
from tipline.doors.portals.desk.forms_judge import judge_form
from tipline.doors.portals.desk.passes import pictures_asked_for
from tipline.doors.portals.desk.shell import Deed, done, show, wants_fragment
from tipline.doors.portals.desk.shown_look import break_context
from tipline.doors.portals.desk.shown_report import (
    Asked,
    agencies_without,
    notes_context,
    referrals_context,
    report_context,
)
from tipline.doors.portals.frame import page
from tipline.ground.accounts.queries import agencies
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.record.outcomes.queries import outcomes_of
from tipline.record.reports.queries import report_for
from tipline.record.reports.services import add_note, note_reading

if TYPE_CHECKING:
    from django import forms

    from tipline.doors.portals.desk.forms import ReleaseForm
    from tipline.record.reports.models import Report


@page(Permission.REPORTS_READ_ALL)
def report_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Everything about one report; reading it is put on the ledger."""
    report = report_for(actor, number)
    note_reading(actor, report)
    return report_again(request, actor, report)


def report_again(
    request: HttpRequest,
    actor: Actor,
    report: Report,
    used: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The whole page. ``used``: what stands in it instead of the usual, such as a refused form."""
    asked = Asked(
        whole="whole" in request.GET,
        pictures=pictures_asked_for(request.GET.getlist("preview"), actor, report.pk),
    )
    found = report_context(actor, report, asked)
    context = {
        **(break_context(actor) if asked.pictures else {}),
        "note_form": NoteForm(),
        "refer_form": ReferForm(agencies_without(report.pk)),
        "judge_form": judge_form(report, found),
        **found,
        **(used or {}),
    }
    return show(request, actor, "desk/report.html", context, status=status)


def refused(
    request: HttpRequest,
    actor: Actor,
    report: Report,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The form again with what is wrong: its part for htmx, else the whole page."""
    if not wants_fragment(request):
        return report_again(request, actor, report, context, status=422)
    more = {"report": report, "now": clock.now(), **context}
    return render(request, template, more, status=422)


@page(Permission.QUEUE_WORK, methods=("POST",))
def note(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Add a note to section C."""
    report = report_for(actor, number)
    form = NoteForm(request.POST)
    if not form.is_valid() or not did(form, add_note, actor, report, form.cleaned_data["text"]):
        context = {**notes_context(report), "note_form": form}
        return refused(request, actor, report, "desk/report_notes.html", context)
    back = reverse("desk:report", args=[number]) + "#notes"
    return done(
        request,
        Deed(_("Note added.")),
        back,
        lambda: (
            "desk/report_notes.html",
            {**notes_context(report), "note_form": NoteForm()},
        ),
    )


def did(form: forms.Form, service: Any, *values: Any) -> bool:
    """Call a service; its refusal of the input goes to the form."""
    try:
        service(*values)
    except Invalid as error:
        add_refusal(form, error)
        return False
    return True


@page(Permission.REFERRALS_MAKE, methods=("POST",))
def refer(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Make the report available to one more agency."""
    report = report_for(actor, number)
    form = ReferForm(agencies_without(number), request.POST)
    chosen = None
    if form.is_valid():
        by_id = {row.pk: row for row, _facts in agencies()}
        chosen = by_id.get(form.cleaned_data["agency"])
    if chosen is None or not did(form, refer_to, actor, report, chosen, form.cleaned_data["why"]):
        context = {**handed_over(actor, report), "refer_form": form}
        return refused(request, actor, report, "desk/report_referrals.html", context)
    words = _("Report %(number)s is available to %(agency)s now.") % {
        "number": number,
        "agency": chosen.name,
    }
    back = reverse("desk:report", args=[number]) + "#referrals"
    return done(
        request,
        Deed(words),
        back,
        lambda: (
            "desk/report_referrals.html",
            {**handed_over(actor, report), "refer_form": ReferForm(agencies_without(number))},
        ),
    )


def handed_over(
    actor: Actor, report: Report, release_form: ReleaseForm | None = None
) -> dict[str, Any]:
    """Section D as it stands now."""
    referrals, outcomes = referrals_of(report.pk), outcomes_of(report.pk)
    return referrals_context(actor, report, referrals, outcomes, release_form)
