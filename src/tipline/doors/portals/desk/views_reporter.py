"""Who reported from the public: shown once for a reason, released to an agency, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.delivery.routing.queries import referral_in
from tipline.delivery.routing.releases import release_reporter, withdraw_release
from tipline.doors.portals.desk.forms import ReferForm, ReleaseForm, RevealForm, add_refusal
from tipline.doors.portals.desk.shell import Deed, done, wants_fragment
from tipline.doors.portals.desk.shown_report import agencies_without
from tipline.doors.portals.desk.shown_reporter import shown_reporter
from tipline.doors.portals.desk.views_report import did, handed_over, refused, report_again
from tipline.doors.portals.frame import page
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid, NotVisible
from tipline.record.reports.queries import document_of, has_identity, report_for
from tipline.record.reports.services import reveal_reporter

if TYPE_CHECKING:
    from tipline.record.reports.models import Report


@page(Permission.REPORTER_REVEAL, methods=("POST",))
def reveal(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Show who reported, in this answer alone; why stands on the ledger before it goes out."""
    report = report_for(actor, number)
    if not has_identity(number):
        raise NotVisible("Nothing is sealed of who reported this.")
    form = RevealForm(request.POST)
    identity = _revealed(actor, report, form) if form.is_valid() else None
    part = shown_reporter(actor, report, document_of(number), identity=identity, form=form)
    context = {"reporter": part}
    if identity is None:
        return refused(request, actor, report, "desk/report_reporter.html", context)
    if wants_fragment(request):
        more = {"report": report, "now": clock.now(), **context}
        return render(request, "desk/report_reporter.html", more)
    return report_again(request, actor, report, context)


def _revealed(actor: Actor, report: Report, form: RevealForm) -> dict[str, Any] | None:
    try:
        return reveal_reporter(actor, report, form.cleaned_data["why"])
    except Invalid as error:
        add_refusal(form, error)
        return None


@page(Permission.REPORTER_RELEASE, methods=("POST",))
def release(request: HttpRequest, actor: Actor, number: int, referral_id: int) -> HttpResponse:
    """Let one agency that has the report know who reported, with a reason."""
    report = report_for(actor, number)
    row = referral_in(number, referral_id)
    form = ReleaseForm(referral_id, request.POST)
    if not form.is_valid() or not did(form, release_reporter, actor, row, form.cleaned_data["why"]):
        context = {
            **handed_over(actor, report, form),
            "refer_form": ReferForm(agencies_without(number)),
        }
        return refused(request, actor, report, "desk/report_referrals.html", context)
    return _changed(request, actor, report, _("%s may know who reported now.") % row.agency.name)


@page(Permission.REPORTER_RELEASE, methods=("POST",))
def withdraw(request: HttpRequest, actor: Actor, number: int, referral_id: int) -> HttpResponse:
    """From now on this agency may not know who reported."""
    report = report_for(actor, number)
    row = referral_in(number, referral_id)
    withdraw_release(actor, row)
    words = _("%s may not know who reported any more.") % row.agency.name
    return _changed(request, actor, report, words)


def _changed(request: HttpRequest, actor: Actor, report: Report, words: str) -> HttpResponse:
    """Section D again, for htmx; else back to it on the report's page."""
    back = reverse("desk:report", args=[report.pk]) + "#referrals"
    form = ReferForm(agencies_without(report.pk))
    return done(
        request,
        Deed(words),
        back,
        lambda: ("desk/report_referrals.html", {**handed_over(actor, report), "refer_form": form}),
    )
