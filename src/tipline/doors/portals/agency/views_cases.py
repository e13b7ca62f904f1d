"""The agency's cases."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from tipline.delivery.cases.downloads import download_case
from tipline.delivery.cases.queries import case_for, cases_for, referrals_in, sizes_of
from tipline.delivery.routing.queries import releases_in_force
from tipline.doors.portals.agency.forms import CaseListForm
from tipline.doors.portals.agency.shell import show
from tipline.doors.portals.agency.shown_morning import rows_of
from tipline.doors.portals.agency.shown_notices import shown_tips_on
from tipline.doors.portals.agency.shown_work import answer_words
from tipline.doors.portals.agency.views_files import json_download
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.record.outcomes.queries import answers_for

PER_PAGE = 50


@page(Permission.CASES_WORK)
def cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All cases of this agency, the newest first."""
    form = CaseListForm(request.GET)
    found = cases_for(actor)
    if form.is_valid() and form.cleaned_data["q"]:
        found = found.filter(title__icontains=form.cleaned_data["q"])
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    sizes = sizes_of(shown)
    count = shown.paginator.count
    context = {
        "form": form,
        "page": shown,
        "rows": [(case, sizes.get(case.pk, 0)) for case in shown],
        "count": count,
        "noun": ngettext("case", "cases", count),
        "current": "cases",
    }
    return show(request, "agency/cases.html", context, status=422 if form.errors else 200)


@page(Permission.CASES_WORK)
def case(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """One case: its reports, their downloads and what was answered."""
    found = case_for(actor, case_id)
    referrals = referrals_in(found)
    answers = answers_for(actor, [row.report_id for row in referrals])
    in_force = releases_in_force(referrals)
    released = {row.report_id for row in referrals if row.pk in in_force}
    rows = [
        (row, [answer_words(one) for one in answers.get(row.number, ())], row.number in released)
        for row in rows_of(actor, referrals)
    ]
    context = {
        "case": found,
        "rows": rows,
        "tips": shown_tips_on(actor, found),
        "current": "cases",
    }
    return show(request, "agency/case.html", context)


@page(Permission.CASES_WORK)
def case_json(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:  # noqa: ARG001 - the frame's signature
    """All reports of a case as one list, each in the shape that the field's tools parse."""
    found = case_for(actor, case_id)
    return json_download(download_case(actor, found), f"case-{found.pk}-reports.json")
