"""A telephone call: the operator's form makes a report like every other door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from tipline.doors.portals.desk.forms_call import GROUPS, CallForm, new_call, with_new_token
from tipline.doors.portals.desk.shell import show
from tipline.doors.portals.frame import page
from tipline.ground.accounts.queries import organisations_for
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict
from tipline.record.intake import services as intake
from tipline.record.intake.services import Arrival
from tipline.record.reports.doors import Door
from tipline.record.reports.errors import AlreadyFinished
from tipline.record.reports.queries import own_report, report_for

_SENT_BEFORE = _(
    "This form was sent before, with other words, and that report is filed. Send it again to "
    "file a second one."
)


@sensitive_post_parameters()
@page(Permission.REPORTS_TAKE_CALL, methods=("GET", "HEAD", "POST"))
def call_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; sent twice with the same words it files one report."""
    form = new_call(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            number = _file(actor, form)
        except Conflict:
            form = with_new_token(request.POST)
            form.add_error(None, _SENT_BEFORE)
        else:
            return HttpResponseRedirect(reverse("desk:receipt", args=[number]), status=303)
    groups = [(words, [form[name] for name in names]) for words, names in GROUPS]
    context = {"current": "call", "form": form, "groups": groups}
    return show(request, actor, "desk/call.html", context, status=422 if form.errors else 200)


def _file(actor: Actor, form: CallForm) -> int:
    """Open the report and finish it: the operator says when the call is complete."""
    arrival = Arrival(
        Door.PHONE,
        form.raw(),
        organisations_for(actor).filter(pk=actor.organisation_key).first(),
        form.cleaned_data["token"],
    )
    number = intake.submit(actor, arrival, form.document()).number
    try:
        intake.finish(actor, own_report(actor, number))
    except AlreadyFinished:
        return number  # the same form sent twice: the first time has filed it
    return number


@page(Permission.REPORTS_TAKE_CALL)
def receipt(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The number to read to the caller."""
    report = report_for(actor, number)
    return show(request, actor, "desk/receipt.html", {"current": "call", "report": report})
