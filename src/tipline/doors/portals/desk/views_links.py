"""Judging links: yes, no, unsure, each kept with its author and the reasons of the time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms_queue import NUMBER
from tipline.doors.portals.desk.shell import Deed, done, wants_fragment
from tipline.doors.portals.desk.shown_links import ShownLink, shown_links, state_words
from tipline.doors.portals.desk.views_report import report_again
from tipline.doors.portals.frame import page
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.insight.entities.judging import services
from tipline.insight.entities.queries import judgements_of, link_in, links_of
from tipline.record.reports.queries import report_for

if TYPE_CHECKING:
    from tipline.insight.entities.models import Link


@page(Permission.LINKS_JUDGE, methods=("POST",))
def judge(request: HttpRequest, actor: Actor, number: int, link_id: int) -> HttpResponse:
    """One answer, which may be changed by another one; nothing is forgotten."""
    link = _link(actor, number, link_id)
    said = request.POST.get("seen", "")
    seen = int(said) if NUMBER.fullmatch(said) else None
    try:
        row = services.judge(
            actor, link, request.POST.get("verdict", ""), request.POST.get("note", ""), seen=seen
        )
    except (Conflict, Invalid) as error:
        return _refused(request, actor, number, link_id, error)
    undo_url = reverse("desk:judge-undo", args=[number, link_id, row.pk])
    return _done(request, actor, number, link_id, undo_url)


@page(Permission.LINKS_JUDGE, methods=("POST",))
def undo(
    request: HttpRequest, actor: Actor, number: int, link_id: int, said_id: int
) -> HttpResponse:
    """Take the newest deed on a link back, with all that it did elsewhere."""
    link = _link(actor, number, link_id)
    if not any(row.pk == said_id for row in judgements_of([link]).get(link_id, ())):
        raise NotVisible("There is no such judgement.")
    try:
        services.undo(actor, said_id)
    except Conflict as error:
        return _refused(request, actor, number, link_id, error)
    return _done(request, actor, number, link_id)


def _link(actor: Actor, number: int, link_id: int) -> Link:
    report_for(actor, number)
    link = link_in(number, link_id)
    if link is None:
        raise NotVisible("There is no such link.")
    return link


def _done(
    request: HttpRequest, actor: Actor, number: int, link_id: int, undo_url: str = ""
) -> HttpResponse:
    """Say what holds now; the link's card for htmx."""
    link = _link(actor, number, link_id)
    other = link.high_id if link.low_id == number else link.low_id
    words = _("Link to report %(other)s: %(state)s.") % {
        "other": other,
        "state": state_words(link.state),
    }

    def fragment() -> tuple[str, dict[str, object]]:
        return "desk/link.html", {"link": _shown(actor, number, link_id)}

    back = reverse("desk:report", args=[number]) + f"#link-{link_id}"
    return done(request, Deed(words, undo_url), back, fragment)


def _shown(actor: Actor, number: int, link_id: int) -> ShownLink:
    links = [one for one in links_of(number) if one.pk == link_id]
    if not links:
        raise NotVisible("There is no such link any more.")
    return shown_links(actor, number, links, judgements_of(links))[0]


def _refused(
    request: HttpRequest, actor: Actor, number: int, link_id: int, error: Conflict | Invalid
) -> HttpResponse:
    """The card as it stands now, with why not and the note that was written."""
    report, links = report_for(actor, number), links_of(number)
    note = request.POST.get("note", "")
    cards = [
        replace(card, error=error.message, note=note) if card.pk == link_id else card
        for card in shown_links(actor, number, links, judgements_of(links))
    ]
    if not wants_fragment(request):
        status = 409 if isinstance(error, Conflict) else 422
        return report_again(request, actor, report, {"links": cards}, status=status)
    card = next(card for card in cards if card.pk == link_id)
    more = {"link": card, "now": clock.now()}
    return render(request, "desk/link.html", more, status=422)  # htmx shows no other
