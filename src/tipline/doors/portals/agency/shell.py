"""What stands around the pages of an agency's desk, and how an action answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tipline.doors.portals.desk import shell as desk
from tipline.doors.portals.desk.shell import Deed, Fragment, wants_fragment
from tipline.doors.portals.frame import shell_of
from tipline.doors.portals.look.parts import Attribution, NavItem, Shell, Undo
from tipline.ground.foundation import clock
from tipline.ground.places.attribution import DB_IP

_UNDO = "agency-undo"
Context = dict[str, Any]


def agency_shell(request: HttpRequest, current: str = "") -> Shell:
    """The frame with the desk's links, and what may be undone."""
    links = (("morning", _("Referrals"), "g q"), ("cases", _("Cases"), "g c"))
    nav = tuple(
        NavItem(words, reverse(f"agency:{name}"), key, current=name == current)
        for name, words, key in links
    )
    undo = request.session.pop(_UNDO, None)
    return shell_of(
        request,
        _("Agency's desk"),
        nav,
        undo=Undo(**undo) if undo else None,
        # Places of addresses stand in lists and reports; their licence asks for this link.
        attributions=(
            Attribution(_("Places"), format_html('<a href="{}">{}</a>', DB_IP.url, DB_IP.text)),
        ),
    )


def show(
    request: HttpRequest, template: str, context: Context, *, status: int = 200
) -> HttpResponse:
    """A whole page. ``context["current"]`` names the link that is here."""
    shell = agency_shell(request, context.get("current", ""))
    return render(request, template, {"shell": shell, "now": clock.now(), **context}, status=status)


def done(
    request: HttpRequest, deed: Deed, back: str, fragment: Fragment | None = None
) -> HttpResponse:
    """Answer an action: the changed part for htmx, else back to the page, with the undo."""
    if fragment is not None and wants_fragment(request):
        return desk.done(request, deed, back, fragment)
    if deed.undo_url:
        request.session[_UNDO] = {"words": deed.words, "url": deed.undo_url}
    else:
        messages.success(request, deed.words)
    return HttpResponseRedirect(back, status=303)
