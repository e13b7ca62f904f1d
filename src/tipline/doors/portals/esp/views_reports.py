"""An ESP's own reports, what was refused, and its profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.exports import csv_response
from tipline.doors.portals.desk.shown_document import Walk, section_a, warning_facts
from tipline.doors.portals.esp.forms_list import ListForm
from tipline.doors.portals.esp.shell import organisation_of, show
from tipline.doors.portals.esp.shown import (
    door_words,
    lacks_of,
    life,
    outcome_facts,
    rows_of,
    shown_files,
    state_words,
    sum_bars,
)
from tipline.doors.portals.esp.shown_profile import profile_facts
from tipline.doors.portals.esp.shown_refused import refused_call, refused_submission
from tipline.doors.portals.frame import page
from tipline.ground.accounts.queries import newest_esp_profile
from tipline.ground.foundation.actor import Actor, Permission
from tipline.record.evidence.queries import files_of
from tipline.record.intake.queries import refused_calls_for, submissions_for
from tipline.record.outcomes.queries import released_for_sender, sums_for_sender
from tipline.record.reports.queries import document_of, report_for, reports_for, warnings_of
from tipline.record.reports.rules import State

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tipline.record.reports.models import Report

PER_PAGE = 50
MOST_ROWS = 10_000


@page(Permission.REPORTS_READ_OWN)
def reports(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All reports of this ESP, newest first; what was refused; outcomes in sum."""
    form, found = _wanted(request, actor)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    count = shown.paginator.count
    refused_count = submissions_for(actor).filter(answer="refused").count()
    context = {
        "form": form,
        "page": shown,
        "rows": rows_of(actor, list(shown)),
        "count": count,
        "noun": ngettext("report", "reports", count),
        "csv_url": f"{reverse('esp:reports-csv')}?{request.GET.urlencode()}",
        "refused_submissions": refused_count,
        "refused_calls": refused_calls_for(actor).count(),
        "sums": sum_bars(sums_for_sender(actor)),
        "current": "reports",
    }
    return show(request, "esp/reports.html", context, status=422 if form.errors else 200)


def _wanted(request: HttpRequest, actor: Actor) -> tuple[ListForm, QuerySet[Report]]:
    form = ListForm(request.GET)
    found = reports_for(actor).order_by("-number")
    return form, (form.narrow(found) if form.is_valid() else found.none())


@page(Permission.REPORTS_READ_OWN)
def reports_csv(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same list as CSV, at most :data:`MOST_ROWS` rows."""
    _form, found = _wanted(request, actor)
    heading = ("report", "state", "by", "opened", "ended", "files", "warnings", "outcomes")
    rows = rows_of(actor, list(found[:MOST_ROWS]))
    cells = [
        (
            row.number,
            row.state,
            row.door,
            row.opened.isoformat(),
            row.ended.isoformat() if row.ended else "",
            row.files,
            row.warnings,
            row.outcomes,
        )
        for row in rows
    ]
    return csv_response("reports.csv", [heading, *cells])


@page(Permission.REPORTS_READ_OWN)
def report(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One report: its life, what was sent, what was odd, what was missing."""
    row = report_for(actor, number)
    gone = row.state in {State.RETRACTED.value, State.EXPIRED.value}
    files = [] if gone else files_of(number)
    walk = Walk()
    context = {
        "report": row,
        "open": row.state == State.OPEN.value,
        "gone": gone,
        "state": state_words(row.state),
        "door": door_words(row.door),
        "moments": life(row),
        "section_a": section_a(document_of(number), walk),
        "left_out": walk.left_out,
        "warnings": warning_facts(warnings_of(number)),
        "lacks": [] if gone else lacks_of(number),
        "files": shown_files(files),
        "outcomes": outcome_facts(released_for_sender(actor, [number]).get(number, ())),
        "profile_version": row.profile.version if row.profile else None,
    }
    return show(request, "esp/report.html", context)


@page(Permission.REPORTS_READ_OWN)
def refused(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Submissions and calls that changed nothing, with code, line and fix."""
    submissions = submissions_for(actor).filter(answer="refused").defer("raw")
    calls = refused_calls_for(actor)
    shown = Paginator(submissions, PER_PAGE).get_page(request.GET.get("page"))
    shown_calls = Paginator(calls, PER_PAGE).get_page(request.GET.get("calls"))
    context = {
        "submissions": shown,
        "submission_rows": [refused_submission(row) for row in shown],
        "calls": shown_calls,
        "call_rows": [refused_call(row) for row in shown_calls],
        "current": "refused",
    }
    return show(request, "esp/refused.html", context)


@page(Permission.REPORTS_READ_OWN)
def profile(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What this ESP says of itself, as the administrators keep it."""
    row = newest_esp_profile(actor.organisation_key)
    context = {
        "name": organisation_of(request).name,
        "profile": row,
        "facts": profile_facts(row),
        "heading": _("No profile yet"),
        "current": "profile",
    }
    return show(request, "esp/profile.html", context)
