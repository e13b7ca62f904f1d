"""Second looks at links: blind ones taken one at a time, large merges openly, what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms_links import SecondForm
from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.desk.shown_links import state_words
from tipline.doors.portals.desk.shown_pair import shown_pair
from tipline.doors.portals.desk.shown_seconds import differences, merges
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.insight.entities.judging import queries_seconds as queries
from tipline.insight.entities.judging import seconds
from tipline.insight.entities.proposals.queries import link_for

if TYPE_CHECKING:
    from tipline.insight.entities.models import SecondLook

PER_PAGE = 25


@page(Permission.LINKS_JUDGE)
def seconds_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The look that this person holds or may take, large merges, and what a senior settles."""
    waiting = Paginator(queries.waiting_merges(actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "current": "judgements",
        "held": queries.held(actor),
        "offered": len(queries.offered(actor)),
        "page": waiting,
        "merges": merges(actor, waiting),
        "may_settle": actor.may(Permission.JUDGEMENTS_OVERSEE),
        "differ": differences(queries.differing(actor)[:PER_PAGE]),
    }
    return show(request, actor, "desk/link_seconds.html", context)


@page(Permission.LINKS_JUDGE, methods=("POST",))
def take(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The next blind look for this person."""
    row = seconds.take_second(actor)
    if row is None:
        words = _("No second look at a link waits for you just now.")
        return done(request, Deed(words), reverse("desk:link-seconds"))
    words = _("This look is yours. What was said of it is hidden from you until you answer.")
    return done(request, Deed(words), reverse("desk:link-second", args=[row.pk]))


@page(Permission.LINKS_JUDGE, methods=("POST",))
def give_back(request: HttpRequest, actor: Actor, look_id: int) -> HttpResponse:
    """Let somebody else have it."""
    seconds.give_back(actor, look_id)
    return done(request, Deed(_("Given back: somebody else looks.")), reverse("desk:link-seconds"))


@page(Permission.LINKS_JUDGE, methods=("GET", "HEAD", "POST"))
def second(request: HttpRequest, actor: Actor, look_id: int) -> HttpResponse:
    """Two reports side by side and the second person's answer; of a sample without the first's."""
    row = _look(actor, look_id)
    if request.method != "POST":
        return _page(request, actor, row, SecondForm())
    form = SecondForm(request.POST)
    status = 422
    if form.is_valid():
        said = form.cleaned_data
        try:
            seconds.second(actor, look_id, said["verdict"], said["note"])
        except Invalid as error:
            form.add_error(error.field or None, error.message)
        except Conflict as error:
            form.add_error(None, error.message)
            status = 409
        else:
            row.link.refresh_from_db()
            words = _("Reports %(low)s and %(high)s: %(state)s.") % {
                "low": row.link.low_id,
                "high": row.link.high_id,
                "state": state_words(row.link.state),
            }
            return done(request, Deed(words), reverse("desk:link-seconds"))
    return _page(request, actor, row, form, status=status)


def _look(actor: Actor, look_id: int) -> SecondLook:
    """The blind look that they hold, or a merge that somebody else made."""
    held = queries.held(actor)
    if held is not None and held.pk == look_id:
        return held
    row = queries.waiting_merges(actor).filter(pk=look_id).first()
    if row is None or (row.judgement is not None and row.judgement.author_id == actor.person_id):
        raise NotVisible("There is no such look.")
    return row


def _page(
    request: HttpRequest, actor: Actor, row: SecondLook, form: SecondForm, *, status: int = 200
) -> HttpResponse:
    low, high = row.link.low_id, row.link.high_id
    context: dict[str, Any] = {
        "current": "judgements",
        "places": True,
        "look": row,
        "low": low,
        "high": high,
        "blind": row.why == row.Why.SAMPLE,
        "pair": shown_pair(actor, link_for(actor, row.link_id)),
        "merge": next(iter(merges(actor, [row])), None) if row.why == row.Why.MERGE else None,
        "form": form,
    }
    return show(request, actor, "desk/link_second.html", context, status=status)
