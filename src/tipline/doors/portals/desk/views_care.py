"""Care: a person's own looks, breaks, wishes and limits; and what a supervisor sets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_care import LimitForm, WishesForm
from tipline.doors.portals.desk.shell import Deed, done, show, wants_fragment
from tipline.doors.portals.desk.shown_care import limit_facts, looks_facts, team_rows, team_sums
from tipline.doors.portals.desk.shown_look import break_context
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.insight.care import queries
from tipline.insight.care import services as care
from tipline.insight.care.rules import Stopped
from tipline.record.evidence.rules_passes import Kind


@page(Permission.QUEUE_WORK, methods=("GET", "HEAD", "POST"))
def care_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What I looked at, my limits and my wishes; a POST changes the wishes."""
    if request.method != "POST":
        return _own(request, actor, WishesForm(wishes=queries.wishes_of(actor)))
    form = WishesForm(request.POST)
    if form.is_valid():
        try:
            care.wish(actor, form.wishes())
        except Invalid as error:
            add_refusal(form, error)
        else:
            return done(request, Deed(_("Your wishes are kept.")), reverse("desk:care"))
    return _own(request, actor, form, status=422)


def _own(
    request: HttpRequest, actor: Actor, form: WishesForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "current": "care",
        "form": form,
        "looks": looks_facts(queries.own_looks(actor)),
        "limits": limit_facts(actor),
        "stopped": _stopped(actor),
        "resting": queries.break_now(actor),
        "may_set": actor.may(Permission.CARE_LIMITS_SET),
        **break_context(actor),
    }
    return show(request, actor, "desk/care.html", context, status=status)


def _stopped(actor: Actor) -> Stopped | None:
    found = queries.may_look(actor, Kind.REVEAL)
    return found if isinstance(found, Stopped) else None


@page(Permission.QUEUE_WORK)
def enough(request: HttpRequest, actor: Actor) -> HttpResponse:
    """That is enough looking for now, and what can be done instead."""
    return _enough(request, actor, _stopped(actor), status=200)


def stop_page(request: HttpRequest, actor: Actor, stopped: Stopped) -> HttpResponse:
    """The answer to a look that a limit stops: the page that says so, in full."""
    if wants_fragment(request):
        return HttpResponse(headers={"HX-Redirect": reverse("desk:care-enough")})
    return _enough(request, actor, stopped, status=403)


def _enough(
    request: HttpRequest, actor: Actor, stopped: Stopped | None, *, status: int
) -> HttpResponse:
    context = {"current": "care", "stopped": stopped, "limits": limit_facts(actor)}
    return show(request, actor, "desk/care_enough.html", context, status=status)


@page(Permission.QUEUE_WORK, methods=("POST",))
def take_break(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin a break."""
    care.take_break(actor)
    return done(request, Deed(_("Your break has begun.")), reverse("desk:care"))


@page(Permission.QUEUE_WORK, methods=("POST",))
def later(request: HttpRequest, actor: Actor) -> HttpResponse:
    """No break now."""
    care.put_off_break(actor)
    return done(request, Deed(_("It is offered again later.")), reverse("desk:care"))


@page(Permission.CARE_LIMITS_SET, methods=("GET", "HEAD", "POST"))
def team(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The team, by name: who is near a limit; a POST sets one."""
    found = queries.team_of(actor)
    people = [(one.person.pk, one.person.name) for one in found.people]
    form = LimitForm(people, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            care.set_limit(actor, said["person"], form.limits(), said["why"])
        except Invalid as error:
            add_refusal(form, error)
        else:
            return done(request, Deed(_("The limit is set.")), reverse("desk:care-team"))
    status = 422 if request.method == "POST" else 200
    context: dict[str, Any] = {
        "current": "care",
        "form": form,
        "rows": team_rows(found),
        "sums": team_sums(found),
    }
    return show(request, actor, "desk/care_team.html", context, status=status)
