"""A report by hand, step 1: its facts."""

from __future__ import annotations

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.esp.filing import as_warnings, canonical, read_again
from tipline.doors.portals.esp.forms_report import SECTIONS, ReportForm, field_for
from tipline.doors.portals.esp.shell import done, organisation_of, show
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict
from tipline.ground.foundation.ids import random_hex
from tipline.record.intake import services as intake
from tipline.record.intake.services import Arrival, Submitted
from tipline.record.reports.doors import Door
from tipline.record.reports.reading import Reading


@page(Permission.REPORTS_READ_OWN, methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; a valid one opens a report and goes on to its files."""
    if request.method != "POST":
        return _form(request, ReportForm(initial={"token": random_hex()}))
    form = ReportForm(request.POST)
    if form.is_valid():
        reading = read_again(form.document())
        _say_problems(form, reading)
        if reading.accepted:
            try:
                submitted = _submit(request, actor, form, reading)
            except Conflict:
                return _sent_before(request)
            words = _("Report %d is open. Add its files, then finish it.") % submitted.number
            return done(request, words, reverse("esp:files", args=[submitted.number]))
    return _form(request, form, status=422)


def _submit(request: HttpRequest, actor: Actor, form: ReportForm, reading: Reading) -> Submitted:
    raw = canonical(form.document())
    token = form.cleaned_data["token"]
    arrival = Arrival(Door.ESP_DESK, raw, organisation_of(request), token)
    return intake.submit(actor, arrival, reading.document, as_warnings(reading.warnings))


def _say_problems(form: ReportForm, reading: Reading) -> None:
    for problem in reading.problems:
        form.add_error(field_for(problem.path), f"{problem.message} {problem.fix}".strip())


def _sent_before(request: HttpRequest) -> HttpResponse:
    """The same form came with other answers before: nothing is lost, the person decides."""
    data = request.POST.copy()
    data["token"] = random_hex()
    form = ReportForm(data)
    form.add_error(
        None,
        _(
            "This form was sent before, with other answers, and made a report. Send it again to "
            "make a second one, or leave it: your reports are on the first page of this desk."
        ),
    )
    return _form(request, form, status=409)


def _form(request: HttpRequest, form: ReportForm, *, status: int = 200) -> HttpResponse:
    sections: list[tuple[object, list[BoundField]]] = [
        (heading, [form[name] for name in names]) for heading, names in SECTIONS
    ]
    context = {"form": form, "sections": sections, "current": "new"}
    return show(request, "esp/new.html", context, status=status)
