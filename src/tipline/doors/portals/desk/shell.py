"""What stands around the desk's pages, and how an action answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.frame import shell_of
from tipline.doors.portals.look.parts import Attribution, NavItem, Shell, Undo, Words
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.places.attribution import DB_IP

_UNDO = "desk-undo"
Context = dict[str, Any]


_EVERY_DAY = (
    ("queue", _("Queue"), "g q", Permission.QUEUE_WORK),
    ("search", _("Identifiers"), "g i", Permission.REPORTS_READ_ALL),
    ("studio", _("Studio"), "g s", Permission.LABELS_WRITE),
    ("links", _("Links"), "g k", Permission.LINKS_JUDGE),
    ("judgements", _("Second looks"), "g j", Permission.DISPOSITION_OVERRIDE),
    ("looks", _("Blind looks"), "g o", Permission.LABELS_WRITE),
    ("hand-over", _("Hand-over"), "g h", Permission.QUEUE_WORK),
    ("call", _("Take a call"), "g c", Permission.REPORTS_TAKE_CALL),
    ("care", _("Care"), "g e", Permission.EVIDENCE_OPEN),
)
#: What is looked after rather than worked through: folded behind one word.
_MORE = (
    ("draws", _("Draws"), "g d", Permission.QUEUE_WORK),
    ("lists", _("Lists"), "g l", Permission.LISTS_READ),
    ("figures", _("Figures"), "g f", Permission.FIGURES_READ),
    ("books", _("Books"), "g b", Permission.BOOKS_READ),
    ("policy", _("Policy"), "g p", Permission.POLICY_PROPOSE),
    ("gate-policy", _("Gate"), "g t", Permission.GATE_PROPOSE),
    ("link-model", _("Link model"), "g m", Permission.LINK_MODEL_PROPOSE),
)


def desk_shell(request: HttpRequest, actor: Actor, current: str, *, places: bool) -> Shell:
    """The desk's frame with what this person may open, and what may be undone.

    ``places``: the page shows places of addresses, so the licence wants its link there.
    """
    undo = request.session.pop(_UNDO, None)
    return shell_of(
        request,
        _("Analysts' desk"),
        _may_open(actor, _EVERY_DAY, current),
        nav_more=_may_open(actor, _MORE, current),
        undo=Undo(**undo) if undo else None,
        attributions=_credits() if places else (),
    )


def _may_open(
    actor: Actor, links: Iterable[tuple[str, Words, str, Permission]], current: str
) -> tuple[NavItem, ...]:
    return tuple(
        NavItem(words, reverse(f"desk:{name}"), key, current=name == current)
        for name, words, key, permission in links
        if actor.may(permission)
    )


def _credits() -> tuple[Attribution, ...]:
    link = format_html('<a href="{}">{}</a>', DB_IP.url, DB_IP.text)
    return (Attribution(_("Places"), link),)


def show(
    request: HttpRequest, actor: Actor, template: str, context: Context, *, status: int = 200
) -> HttpResponse:
    """A whole page of the desk. ``context["current"]`` names the link that is here."""
    places = bool(context.get("places"))
    shell = desk_shell(request, actor, context.get("current", ""), places=places)
    return render(request, template, {"shell": shell, "now": clock.now(), **context}, status=status)


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of a page."""
    asks = request.headers.get("HX-Request") == "true"
    return asks and request.headers.get("HX-Boosted") != "true"


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done, in words, and the address that takes it back (empty: nothing does)."""

    words: str
    undo_url: str = ""


Fragment = Callable[[], tuple[str, Mapping[str, Any]]]
"""Makes the part of the page that an action changed: its template and context."""


def done(
    request: HttpRequest, deed: Deed, back: str, fragment: Fragment | None = None
) -> HttpResponse:
    """Answer an action: the changed part with the undo for htmx, else back to the page."""
    if fragment is not None and wants_fragment(request):
        template, context = fragment()
        part = render_to_string(template, {"now": clock.now(), **context}, request)
        return HttpResponse(part + _said(request, deed))
    if deed.undo_url:
        request.session[_UNDO] = {"words": deed.words, "url": deed.undo_url}
    else:
        messages.success(request, deed.words)
    return HttpResponseRedirect(back, status=303)


def _said(request: HttpRequest, deed: Deed) -> str:
    """Messages and undo of the page, replaced by what was just done."""
    undo = Undo(deed.words, deed.undo_url) if deed.undo_url else None
    if undo is None:
        messages.success(request, deed.words)
    parts = [
        render_to_string("look/undo.html", {"undo": undo, "oob": True}, request),
        render_to_string("look/messages.html", {"oob": True}, request),
    ]
    return "".join(parts)


def back_to(request: HttpRequest, fallback: str) -> str:
    """Where the person came from, as the form says: a path of this desk, or the fallback."""
    wanted = request.POST.get("back") or request.GET.get("back", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    inside = safe and urlsplit(wanted).path.startswith(reverse("desk:queue"))
    return wanted if inside else fallback
