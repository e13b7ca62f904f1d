"""Draws: one report at a time, one key for what the look found."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.forms_draws import FindingForm
from tipline.doors.portals.desk.forms_queue import NUMBER
from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.desk.shown_draws import ShownDraw, shown_draws
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.insight.triage.draws import services
from tipline.insight.triage.draws.queries import draw_for, looked_at, waiting
from tipline.record.reports.queries import report_for

PER_PAGE = 50


@page(Permission.QUEUE_WORK)
def draws_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for a look: the next one, or the one that the address names, on top."""
    return _shown(request, actor, request.GET.get("draw", ""), FindingForm())


def _shown(
    request: HttpRequest, actor: Actor, wanted: str, form: FindingForm, *, status: int = 200
) -> HttpResponse:
    pages = Paginator(waiting(actor), PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    rows = shown_draws(list(shown), actor.person_id)
    context: dict[str, Any] = {
        "current": "draws",
        "form": form,
        "page": shown,
        "rows": rows,
        "next": _chosen(actor, rows, wanted),
        "done": shown_draws(looked_at(actor), actor.person_id),
        "count": pages.count,
        "noun": ngettext("waits for a look", "wait for a look", pages.count),
    }
    return show(request, actor, "desk/draws.html", context, status=status)


def _chosen(actor: Actor, rows: list[ShownDraw], wanted: str) -> ShownDraw | None:
    if not NUMBER.fullmatch(wanted):
        return rows[0] if rows else None
    row = waiting(actor).filter(pk=int(wanted)).first()
    return shown_draws([row], actor.person_id)[0] if row else (rows[0] if rows else None)


@page(Permission.QUEUE_WORK, methods=("POST",))
def finding(request: HttpRequest, actor: Actor, draw_id: int) -> HttpResponse:
    """Keep what the look found; too low lists the report again."""
    row = draw_for(actor, draw_id)
    report_for(actor, row.report_id)
    form = FindingForm(request.POST)
    if not form.is_valid():
        return _shown(request, actor, str(draw_id), form, status=422)
    said = form.cleaned_data
    found = services.look(actor, draw_id, said["finding"], said["note"])
    words = _kept(found.finding) % {"number": found.report_id}
    undo = reverse("desk:draw-take-back", args=[draw_id])
    return done(request, Deed(words, undo), reverse("desk:draws"))


def _kept(finding: str) -> str:
    known = {
        "as_ranked": _("Report %(number)s: as ranked."),
        "too_low": _("Report %(number)s: too low. It is listed by itself now, for a judgement."),
        "too_high": _("Report %(number)s: too high."),
    }
    return known[finding]


@page(Permission.QUEUE_WORK, methods=("POST",))
def take_back(request: HttpRequest, actor: Actor, draw_id: int) -> HttpResponse:
    """Undo a finding; a report that it listed again stays listed."""
    report_for(actor, draw_for(actor, draw_id).report_id)
    row = services.take_back(actor, draw_id)
    if row.looked_at is not None:
        raise NotVisible("There is no such finding.")
    words = _("Report %(number)s waits for a look again.") % {"number": row.report_id}
    return done(request, Deed(words), reverse("desk:draws") + f"?draw={draw_id}")
