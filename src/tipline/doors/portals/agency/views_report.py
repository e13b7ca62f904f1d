"""The page of one referral, and what an agency does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.delivery.cases import services as cases
from tipline.delivery.cases.queries import case_for, open_cases_for
from tipline.delivery.routing import services as routing
from tipline.delivery.routing.queries import referral_for
from tipline.doors.portals.agency.forms import AddForm, CaseForm, RefuseForm
from tipline.doors.portals.agency.shell import done, show
from tipline.doors.portals.agency.shown_referral import referral_context
from tipline.doors.portals.agency.shown_work import work_context
from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.shell import Deed, wants_fragment
from tipline.doors.portals.frame import page
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.record.reports.services import note_reading

if TYPE_CHECKING:
    from django.forms.forms import BaseForm

    from tipline.delivery.routing.models import Referral


@page(Permission.REFERRALS_READ)
def report(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Sections A to D as delivered; the reading is on the ledger."""
    row = referral_for(actor, number)
    note_reading(actor, row.report)
    return _shown(request, actor, row, {}, whole=request.GET.get("whole") == "1")


def _shown(
    request: HttpRequest,
    actor: Actor,
    row: Referral,
    forms: dict[str, BaseForm],
    *,
    whole: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page; that a released reporter was read is on the ledger before it goes out."""
    context = {**referral_context(actor, row, whole=whole), **forms, "current": "morning"}
    if context["released_at"]:
        note_reading(actor, row.report, Verb.REPORTER_READ)
    return show(request, "agency/report.html", context, status=status)


@page(Permission.CASES_WORK, methods=("POST",))
def accept(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Take the report on."""
    row = referral_for(actor, number)
    moved = routing.accept(actor, row)
    undo = reverse("agency:take-back", args=[number]) if moved else ""
    return answered(request, actor, number, Deed(_("Report %d accepted.") % number, undo))


@page(Permission.CASES_WORK, methods=("POST",))
def refuse(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Hand the report back, with a reason."""
    row = referral_for(actor, number)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return again(request, actor, row, {"refuse_form": form})
    routing.refuse(actor, row, form.cleaned_data["why"])
    deed = Deed(_("Report %d handed back.") % number, reverse("agency:take-back", args=[number]))
    return answered(request, actor, number, deed)


@page(Permission.CASES_WORK, methods=("POST",))
def take_back(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Undo an acceptance or a hand-back, while nothing hangs on it."""
    row = referral_for(actor, number)
    cases.take_back(actor, row)
    return answered(request, actor, number, Deed(_("Taken back: report %d waits again.") % number))


@page(Permission.CASES_WORK, methods=("POST",))
def open_case(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """A new case with this report in it."""
    row = referral_for(actor, number)
    form = CaseForm(request.POST)
    if not form.is_valid():
        return again(request, actor, row, {"case_form": form})
    said = form.cleaned_data
    case = cases.open_case(actor, row, said["title"], retry_key=said["token"])
    return answered(request, actor, number, Deed(_("Case opened: %s.") % case.title))


@page(Permission.CASES_WORK, methods=("POST",))
def add_to_case(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The report joins one of the agency's open cases."""
    row = referral_for(actor, number)
    form = AddForm(open_cases_for(actor)[:200], request.POST)
    if not form.is_valid():
        return again(request, actor, row, {"add_form": form})
    case = case_for(actor, form.cleaned_data["case"])
    cases.add_to_case(actor, case, row)
    return answered(request, actor, number, Deed(_("Added to the case: %s.") % case.title))


def answered(request: HttpRequest, actor: Actor, number: int, deed: Deed) -> HttpResponse:
    """The part that changed, for htmx; else back to the referral's page."""

    def part() -> tuple[str, dict[str, Any]]:
        return "agency/work.html", work_context(actor, referral_for(actor, number))

    return done(request, deed, reverse("agency:report", args=[number]), part)


def again(
    request: HttpRequest, actor: Actor, row: Referral, forms: dict[str, BaseForm]
) -> HttpResponse:
    """The same page with what is wrong beside its field, and nothing lost."""
    if wants_fragment(request):
        context = {**work_context(actor, row, forms), "now": clock.now()}
        return render(request, "agency/work.html", context, status=422)
    return _shown(request, actor, row, forms, status=422)


def try_or_say(form: BaseForm, act: Callable[[], object]) -> bool:
    """Do it; a refusal that names a field goes beside that field."""
    try:
        act()
    except Invalid as error:
        add_refusal(form, error)
        return False
    return True
