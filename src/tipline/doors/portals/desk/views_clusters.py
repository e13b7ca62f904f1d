"""A cluster of reports that belong together, and parting it."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext

from tipline.doors.portals.desk.shell import Deed, done, show, wants_fragment
from tipline.doors.portals.desk.shown_cluster import cluster_context
from tipline.doors.portals.frame import page
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.insight.entities.judging import services
from tipline.insight.entities.judging.queries import cluster_of
from tipline.record.reports.queries import report_for

_NUMBER = re.compile(r"[0-9]{1,16}")


@page(Permission.LINKS_JUDGE)
def cluster_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The cluster of a report, as links that count make it now."""
    return _answer(request, actor, number)


@page(Permission.LINKS_JUDGE, methods=("POST",))
def split(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Part the chosen reports from the others; what is refused stays, with the reason."""
    report_for(actor, number)
    members = [int(text) for text in request.POST.getlist("member") if _NUMBER.fullmatch(text)]
    note = request.POST.get("note", "")
    try:
        rows = services.split(actor, number, members, note)
    except (Invalid, Conflict) as error:
        plain = isinstance(error, Conflict) and not wants_fragment(request)
        more = {"error": error.message, "note": note, "chosen": members}
        return _answer(request, actor, number, status=409 if plain else 422, **more)
    said = ngettext(
        "Parted: %(n)s link tells the two sides apart.",
        "Parted: %(n)s links tell the two sides apart.",
        len(rows),
    ) % {"n": len(rows)}
    back = reverse("desk:cluster", args=[number])
    taken_back = [reverse("desk:link-undo", args=[row.link_id, row.pk]) for row in rows[:1]]
    return done(
        request,
        Deed(said, *(f"{path}?back={back}" for path in taken_back)),
        back,
        lambda: ("desk/cluster_body.html", _context(actor, number)),
    )


def _context(actor: Actor, number: int) -> dict[str, Any]:
    return {"current": "links", "places": True, **cluster_context(actor, cluster_of(actor, number))}


def _answer(
    request: HttpRequest, actor: Actor, number: int, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**_context(actor, number), **more}
    if wants_fragment(request):
        context["now"] = clock.now()
        return render(request, "desk/cluster_body.html", context, status=status)
    return show(request, actor, "desk/cluster.html", context, status=status)
