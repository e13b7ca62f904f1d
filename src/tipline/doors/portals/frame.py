"""The frame around every page of a signed-in person: who asks, may they, what went wrong.

A view is decorated with the permissions that let someone in (any of them does). Whoever is
not signed in goes to the sign-in page; whoever may not gets "not found": what a person may
not see does not exist for them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tipline.doors.portals.look.parts import NavItem, Shell
from tipline.doors.portals.look.parts import Person as ShownPerson
from tipline.ground.accounts.queries import actor_for, person_for_session
from tipline.ground.accounts.roles import Role
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotVisible,
    TiplineError,
    Unavailable,
)

if TYPE_CHECKING:
    from tipline.ground.accounts.models import Person

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]

_STATUS: dict[type[TiplineError], int] = {
    NotVisible: 404,
    NotAllowed: 403,
    Invalid: 422,
    Conflict: 409,
    Unavailable: 503,
}


def page(
    *permissions: Permission, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Let in who has any of the permissions, for these methods; turn errors into pages."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            person = signed_in(request)
            if person is None:
                return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))
            actor = actor_for(person)
            request.tipline_person = person  # type: ignore[attr-defined]
            try:
                if not any(actor.may(permission) for permission in permissions):
                    raise NotVisible("There is no such page.")
                return view(request, actor, *args, **kwargs)
            except TiplineError as error:
                return refusal(request, error)

        return require_http_methods(methods)(framed)

    return decorate


def signed_in(request: HttpRequest) -> Person | None:
    """The person of this session, or None."""
    if not request.user.is_authenticated or request.user.pk is None:
        return None
    return person_for_session(request.user.pk)


def refusal(request: HttpRequest, error: TiplineError) -> HttpResponse:
    """The page (or htmx fragment) for an error that the reader can act on."""
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
    fragment = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")
    template = "look/refusal.html" if fragment else "look/error.html"
    context = {
        "status": status,
        "heading": _HEADINGS.get(status, _("This cannot be done")),
        "words": error.message,
        "next_url": "/",
        "next_label": _("Go to your desk"),
        "shell": None if fragment else shell_of(request, _("Tipline")),
    }
    return render(request, template, context, status=status)


_HEADINGS = {
    404: _("Not found"),
    403: _("Not allowed"),
    409: _("Something has changed meanwhile"),
    422: _("Something is missing"),
    503: _("Not possible just now"),
}


def shell_of(request: HttpRequest, desk: Any, nav: tuple[NavItem, ...] = (), **more: Any) -> Shell:
    """What stands around a page: the desk's name and links, the person, the way out."""
    person: Person | None = getattr(request, "tipline_person", None) or signed_in(request)
    shown = None
    if person is not None:
        shown = ShownPerson(person.name, str(Role(person.role).label), person.organisation.name)
    return Shell(
        desk=desk,
        home_url="/",
        nav=nav,
        person=shown,
        sign_out_url="/logout/" if shown else "",
        **more,
    )
