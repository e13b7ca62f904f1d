"""The queue of proposed links: two reports at a time, judged by one key, the next one at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shell import Deed, back_to, done, show, wants_fragment
from tipline.doors.portals.desk.shown_links import state_words
from tipline.doors.portals.desk.shown_pair import next_pairs, shown_pair
from tipline.doors.portals.desk.shown_seconds import other_waits
from tipline.doors.portals.frame import page
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.insight.entities.judging import services as judging
from tipline.insight.entities.judging.queries_seconds import hidden_from
from tipline.insight.entities.proposals import queries, services
from tipline.insight.entities.queries import judgements_of

if TYPE_CHECKING:
    from tipline.insight.entities.models import Link

#: Keys of proposals that this person has left to others, kept while they are signed in.
_LEFT = "links-left"
_MOST_LEFT = 200
_DAY = timedelta(days=1)
_KEY = re.compile(r"[0-9]{1,16}")
#: Proposals that are listed beside the one that is judged.
_NEXT = 8


@page(Permission.LINKS_JUDGE)
def links_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How much waits, and the way in; nothing is taken by looking at this page."""
    context = {
        "current": "links",
        "standing": _standing(actor),
        "others": other_waits(actor),
        "held": queries.held(actor),
        "left": len(_left(request)),
    }
    return show(request, actor, "desk/links.html", context)


@page(Permission.LINKS_JUDGE)
def left_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How much waits now: a part for htmx."""
    return render(request, "desk/links_left.html", {"standing": _standing(actor)})


@page(Permission.LINKS_JUDGE, methods=("POST",))
def take(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take the next proposal and go to it; ``again``: with those that were left, too."""
    if request.POST.get("again"):
        request.session.pop(_LEFT, None)
    return HttpResponseRedirect(_address(services.take(actor, _left(request))), status=303)


@page(Permission.LINKS_JUDGE, methods=("POST",))
def leave(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A quiet way out: what this person holds goes back to the others."""
    services.give_back(actor)
    messages.success(request, _("Nothing is held for you."))
    return HttpResponseRedirect(reverse("desk:links"), status=303)


@page(Permission.LINKS_JUDGE)
def link_page(request: HttpRequest, actor: Actor, link_id: int) -> HttpResponse:
    """Two reports side by side, whatever was said of them; looking holds nothing."""
    return _answer(request, actor, queries.link_for(actor, link_id))


@page(Permission.LINKS_JUDGE, methods=("POST",))
def judge(request: HttpRequest, actor: Actor, link_id: int) -> HttpResponse:
    """Yes, no or unsure, and the next one; what is refused stays on the page with the reason."""
    link = queries.link_for(actor, link_id)
    if link.pk in hidden_from(actor):
        raise Conflict(_("You hold a blind look at these two: answer that one."))
    services.hold(actor, link)
    verdict, note = request.POST.get("verdict", ""), request.POST.get("note", "")
    try:
        said = judging.judge(actor, link, verdict, note, seen=_number(request.POST.get("seen", "")))
    except (Invalid, Conflict) as error:
        # What htmx is to show has to come as a refused form, whatever was wrong.
        plain = isinstance(error, Conflict) and not wants_fragment(request)
        status = 409 if plain else 422
        link = queries.link_for(actor, link_id)
        return _answer(request, actor, link, status=status, error=error.message, note=note)
    services.give_back(actor)
    after = queries.link_for(actor, link_id)
    words = _("Reports %(low)s and %(high)s: %(state)s.") % {
        "low": after.low_id,
        "high": after.high_id,
        "state": state_words(after.state),
    }
    return _next(request, actor, Deed(words, reverse("desk:link-undo", args=[link_id, said.pk])))


@page(Permission.LINKS_JUDGE, methods=("POST",))
def undo(request: HttpRequest, actor: Actor, link_id: int, judgement_id: int) -> HttpResponse:
    """Take a judgement back and go to its two reports; itself on the ledger."""
    link = queries.link_for(actor, link_id)
    if all(one.pk != judgement_id for one in judgements_of([link]).get(link.pk, ())):
        raise NotVisible("There is no such judgement.")
    judging.undo(actor, judgement_id)
    services.give_back(actor)
    messages.success(request, _("Taken back."))
    return HttpResponseRedirect(back_to(request, _address(link)), status=303)


@page(Permission.LINKS_JUDGE, methods=("POST",))
def skip(request: HttpRequest, actor: Actor, link_id: int) -> HttpResponse:
    """Leave it to others and go on; it is not offered again while this person is signed in."""
    link = queries.link_for(actor, link_id)
    request.session[_LEFT] = [*_left(request), link.pk][-_MOST_LEFT:]
    services.give_back(actor)
    return _next(request, actor, Deed(_("Left to others.")))


def _next(request: HttpRequest, actor: Actor, deed: Deed) -> HttpResponse:
    """The next proposal: its part with its address for htmx, else the way to its page."""
    row = services.take(actor, _left(request))
    address = _address(row)

    def fragment() -> tuple[str, dict[str, Any]]:
        if row is None:
            return "desk/links_none.html", {"standing": _standing(actor)}
        return "desk/pair.html", _context(request, actor, queries.link_for(actor, row.pk))

    answer = done(request, deed, address, fragment)
    if wants_fragment(request):
        answer["HX-Push-Url"] = address
    return answer


def _answer(
    request: HttpRequest, actor: Actor, link: Link, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**_context(request, actor, link), **more}
    if wants_fragment(request):
        return render(request, "desk/pair.html", {"now": clock.now(), **context}, status=status)
    return show(request, actor, "desk/link_page.html", context, status=status)


def _context(request: HttpRequest, actor: Actor, link: Link) -> dict[str, Any]:
    return {
        "current": "links",
        "places": True,
        "pair": shown_pair(actor, link),
        "standing": _standing(actor),
        "next": next_pairs(queries.next_ones(actor, [link.pk, *_left(request)], _NEXT)),
    }


def _standing(actor: Actor) -> queries.Standing:
    return queries.standing(actor, clock.now() - _DAY)


def _left(request: HttpRequest) -> list[int]:
    kept = request.session.get(_LEFT, [])
    return [key for key in kept if isinstance(key, int)]


def _number(text: str) -> int | None:
    return int(text) if _KEY.fullmatch(text) else None


def _address(row: Link | None) -> str:
    return reverse("desk:link", args=[row.pk]) if row else reverse("desk:links")
