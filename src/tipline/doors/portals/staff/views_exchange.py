"""The hash exchange: what is pulled from others, and who pulls from us."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.staff.forms_exchange import SourceForm
from tipline.doors.portals.staff.shell import blame, done, show, staff_page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import TiplineError
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists import sharers
from tipline.insight.lists.pulling import queries, services, sources

CURRENT = "exchange"


@staff_page(Permission.MEMBERS_MANAGE)
def exchange(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every source with how it stands, and every member with what it may."""
    standings = queries.standings_for(actor)
    pulled = {one.slug for one in standings}
    context = {
        "current": CURRENT,
        "standings": standings,
        "without": [row for row in queries.foreign_lists_for(actor) if row.slug not in pulled],
        "sharers": sharers.sharers_for(actor),
    }
    return show(request, "staff/exchange.html", context)


@staff_page(Permission.MEMBERS_MANAGE, methods=("GET", "HEAD", "POST"))
def source(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Where one list is pulled from: how it stands, and the form to change it."""
    row = queries.foreign_list_for(actor, slug)
    standing = queries.standing_of(actor, row)
    form = SourceForm(request.POST) if request.method == "POST" else _form(standing)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        login = sources.Login(
            said["root"],
            said["username"],
            said["password"],
            plain_http=said["plain_http"],
            every_minutes=said["every_minutes"],
        )
        try:
            sources.set_source(actor, row, login)
        except TiplineError as error:
            blame(form, error)
        else:
            return done(request, _("The list is pulled from there from now on."), _here(slug))
    context = {"current": CURRENT, "row": row, "standing": standing, "form": form}
    status = 422 if form.errors else 200
    return show(request, "staff/exchange_source.html", context, status=status)


def _form(standing: queries.Standing | None) -> SourceForm:
    if standing is None:
        return SourceForm()
    kept = ("root", "username", "every_minutes")
    return SourceForm(initial={name: getattr(standing, name) for name in kept})


@staff_page(Permission.MEMBERS_MANAGE, methods=("POST",))
def stop(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Pull no more until somebody says so."""
    sources.switch_source(actor, queries.source_for(actor, slug), active=False)
    undo = reverse("staff:source-resume", args=[slug])
    return done(request, _("It is not pulled any more."), _here(slug), undo)


@staff_page(Permission.MEMBERS_MANAGE, methods=("POST",))
def resume(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Go on where it stopped."""
    sources.switch_source(actor, queries.source_for(actor, slug), active=True)
    undo = reverse("staff:source-stop", args=[slug])
    return done(request, _("It is pulled again."), _here(slug), undo)


@staff_page(Permission.MEMBERS_MANAGE, methods=("POST",))
def pull_soon(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Ask for a pull now; a worker does it."""
    row = queries.source_for(actor, slug)
    with write_tx():
        services.ask_pull(row.pk)
    return done(request, _("The next worker that is free pulls it."), _here(slug))


def _here(slug: str) -> str:
    return reverse("staff:source", args=[slug])
