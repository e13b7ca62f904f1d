"""The hand-over to the next shift: what stands where, a few words, and who has read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_queue import HandOverForm, has_seen
from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.desk.shown_batch import shown_act
from tipline.doors.portals.desk.shown_queue import rows_of
from tipline.doors.portals.frame import page
from tipline.doors.portals.look.parts import Bar
from tipline.doors.portals.look.signs import band_sign
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.insight.triage import hand_overs
from tipline.insight.triage.hand_overs import Shift

if TYPE_CHECKING:
    from tipline.insight.triage.models import Judgement


@page(Permission.QUEUE_WORK, methods=("GET", "HEAD", "POST"))
def hand_over_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the next shift needs to know; a POST hands over with a few words."""
    if request.method != "POST":
        return _shown(request, actor)
    form = HandOverForm(request.POST)
    if form.is_valid():
        try:
            said = form.cleaned_data
            row = hand_overs.hand_over(actor, said["text"], seen=said["seen"])
        except Invalid as error:
            add_refusal(form, error)
        except Conflict as error:
            form.add_error("text", error.message)
            has_seen(form, _seen())
        else:
            undo = reverse("desk:hand-over-take-back", args=[row.pk])
            return done(request, Deed(_("Handed over."), undo), reverse("desk:hand-over"))
    return _shown(request, actor, form, status=422)


def _seen() -> int:
    last = hand_overs.newest()
    return last.pk if last else 0


def _shown(
    request: HttpRequest, actor: Actor, form: HandOverForm | None = None, *, status: int = 200
) -> HttpResponse:
    shift = hand_overs.shift_for(actor)
    history = hand_overs.history()
    last = history[0] if history else None
    context = {
        "current": "hand-over",
        "form": form or HandOverForm(initial={"seen": last.pk if last else 0}),
        "last": last,
        "earlier": history[1:],
        "may_read": last is not None and last.read_at is None and last.by_id != actor.person_id,
        **_figures(shift, actor.person_id),
    }
    return show(request, actor, "desk/hand_over.html", context, status=status)


def _figures(shift: Shift, me: int | None) -> dict[str, Any]:
    lists = (shift.urgent, shift.claimed, shift.due)
    rows = iter(rows_of([entry for some in lists for entry in some], me, shift.now))
    urgent, claimed, due = ([next(rows) for _entry in some] for some in lists)
    return {
        "shift": shift,
        "came_count": sum(shift.came.values()),
        "came": [Bar(band_sign(band).word, count) for band, count in shift.came.items()],
        "urgent": urgent,
        "claimed": claimed,
        "due": due,
        "waiting": [_judgement(row) for row in shift.waiting],
        "acts": [shown_act(row) for row in shift.acts],
        "most": hand_overs.MOST_LISTED,
    }


def _judgement(row: Judgement) -> dict[str, Any]:
    return {
        "number": row.report_id,
        "url": reverse("desk:report", args=[row.report_id]),
        "words": judgement_words(row.question, row.answer),
        "reason": row.reason,
        "by": row.by.name,
        "at": row.at,
    }


def judgement_words(question: str, answer: str) -> str:
    """A judgement in words; one that this page does not know shows itself."""
    known = {
        ("urgency", "refuted"): _("Not urgent"),
        ("urgency", "confirmed"): _("Urgent"),
        ("disposition", "informational"): _("Informational"),
        ("disposition", "referral"): _("Referral"),
    }
    if question == "level":
        return _("Level %(level)s") % {"level": answer}
    return known.get((question, answer), f"{question}: {answer}")


@page(Permission.QUEUE_WORK, methods=("POST",))
def read(request: HttpRequest, actor: Actor, row_id: int, deed: str) -> HttpResponse:
    """The next person has read it; ``unread`` takes that back."""
    was_read = deed == "read"
    hand_overs.mark_read(actor, row_id, read=was_read)
    undo = reverse("desk:hand-over-unread", args=[row_id]) if was_read else ""
    words = _("Marked as read.") if was_read else _("Marked as not read.")
    return done(request, Deed(words, undo), reverse("desk:hand-over"))


@page(Permission.QUEUE_WORK, methods=("POST",))
def take_back(request: HttpRequest, actor: Actor, row_id: int) -> HttpResponse:
    """Undo by its author, while nobody has read it."""
    hand_overs.withdraw(actor, row_id)
    return done(request, Deed(_("The hand-over is taken back.")), reverse("desk:hand-over"))
