"""What stands around the pages of an ESP's desk, and how an action answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.frame import shell_of
from tipline.doors.portals.look.parts import NavItem, Shell
from tipline.ground.foundation import clock
from tipline.ground.foundation.errors import NotAllowed

if TYPE_CHECKING:
    from tipline.ground.accounts.models import Organisation, Person

Context = dict[str, Any]


def esp_shell(request: HttpRequest, current: str = "") -> Shell:
    """The frame with the desk's links."""
    links = (
        ("reports", _("Reports"), "g q"),
        ("refused", _("Refused"), "g f"),
        ("new", _("Report by hand"), "g n"),
        ("check", _("Check"), "g c"),
        ("profile", _("Profile"), "g p"),
    )
    nav = tuple(
        NavItem(words, reverse(f"esp:{name}"), key, current=name == current)
        for name, words, key in links
    )
    return shell_of(request, _("Provider's desk"), nav)


def show(
    request: HttpRequest, template: str, context: Context, *, status: int = 200
) -> HttpResponse:
    """A whole page. ``context["current"]`` names the link that is here."""
    shell = esp_shell(request, context.get("current", ""))
    return render(request, template, {"shell": shell, "now": clock.now(), **context}, status=status)


def done(request: HttpRequest, words: str, back: str) -> HttpResponse:
    """Answer an action: say what was done, and go on."""
    messages.success(request, words)
    return HttpResponseRedirect(back, status=303)


def organisation_of(request: HttpRequest) -> Organisation:
    """The ESP of the signed-in person; the frame has looked the person up."""
    person: Person | None = getattr(request, "tipline_person", None)
    if person is None:
        raise NotAllowed("Only a member of an ESP may do this.")
    return person.organisation
