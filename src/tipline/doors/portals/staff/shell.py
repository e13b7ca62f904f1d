"""What stands around the administrators' pages, who gets in, and how an action answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.frame import P, View, page, shell_of
from tipline.doors.portals.look.parts import NavItem, Shell, Undo
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible, TiplineError

_UNDO = "staff-undo"
Context = dict[str, Any]


def staff_page(
    permission: Permission, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """A page of this desk: it wants its own permission and the right to manage accounts.

    Some of its permissions belong to other roles too (analysts read the ledger of a report);
    this desk shows more than those roles need.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @page(permission, methods=methods)
        @wraps(view)
        def guarded(request: HttpRequest, actor: Actor, *args: Any, **kwargs: Any) -> HttpResponse:
            if not actor.may(Permission.ACCOUNTS_MANAGE):
                raise NotVisible("There is no such page.")
            return view(request, actor, *args, **kwargs)

        return guarded

    return decorate


def staff_shell(request: HttpRequest, current: str = "") -> Shell:
    """The frame with this desk's links, and what may be undone."""
    links = (
        ("overview", _("Overview"), "g q"),
        ("books", _("Books"), "g b"),
        ("jobs", _("Jobs"), "g j"),
        ("vault", _("Vault"), "g s"),
        ("organisations", _("Organisations"), "g o"),
        ("people", _("People"), "g p"),
        ("exchange", _("Hash exchange"), "g x"),
        ("ledger", _("Ledger"), "g l"),
    )
    nav = tuple(
        NavItem(words, reverse(f"staff:{name}"), key, current=name == current)
        for name, words, key in links
    )
    undo = request.session.pop(_UNDO, None)
    return shell_of(request, _("Administration"), nav, undo=Undo(**undo) if undo else None)


def show(
    request: HttpRequest, template: str, context: Context, *, status: int = 200
) -> HttpResponse:
    """A whole page. ``context["current"]`` names the link that is here."""
    shell = staff_shell(request, context.get("current", ""))
    return render(request, template, {"shell": shell, "now": clock.now(), **context}, status=status)


def done(request: HttpRequest, words: str, back: str, undo_url: str = "") -> HttpResponse:
    """Answer an action: back to the page, with what was done and what takes it back."""
    if undo_url:
        request.session[_UNDO] = {"words": words, "url": undo_url}
    else:
        messages.success(request, words)
    return HttpResponseRedirect(back, status=303)


def blame(form: forms.Form, error: TiplineError) -> None:
    """Put a refusal of a service beside the field that it is about."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
