"""One act on many reports: the preview, the act, its page, its undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_queue import NUMBER, BatchForm, QueueForm
from tipline.doors.portals.desk.listing import address, entries_of
from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.desk.shown_batch import (
    NAMES,
    act_lines,
    did_words,
    left_words,
    preview_lines,
    shown_act,
    will_words,
)
from tipline.doors.portals.frame import page
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.ground.foundation.ids import random_hex
from tipline.insight.triage.batches import queries, services
from tipline.insight.triage.batches.rules import MOST_AT_ONCE, Act
from tipline.insight.triage.batches.services import Plan
from tipline.insight.triage.queue import entries_with_people

if TYPE_CHECKING:
    from tipline.insight.triage.models import BatchAct

_SALT = "tipline.desk.batch"
#: A preview is good for so long: after that the queue is another one.
_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Asked:
    """What a selection asks for; ``back``: the list that it came from."""

    act: Act
    numbers: list[int]
    back: str


@page(Permission.QUEUE_WORK, methods=("GET", "HEAD", "POST"))
def batch_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """GET shows what would happen to which; POST does just that, once for each preview."""
    if request.method == "POST":
        return _did(request, actor)
    return _preview(request, actor, _asked(actor, request.GET))


def _asked(actor: Actor, query: QueryDict) -> Asked:
    """The selection of an address. :class:`Invalid` says what is missing in it."""
    if query.get("act", "") not in set(Act):
        raise Invalid(_("Choose what is to be done."))
    form = QueueForm(query)
    if query.get("all"):
        if not form.is_valid():
            raise Invalid(_("There is no such list: its filters are wrong."))
        numbers = queries.first_numbers(entries_of(actor, form, query))
    else:
        typed = (text for text in query.getlist("number") if NUMBER.fullmatch(text))
        numbers = list(dict.fromkeys(map(int, typed)))[: MOST_AT_ONCE + 1]
    if not numbers:
        raise Invalid(_("Choose at least one report: x selects the row that you are on."))
    if len(numbers) > MOST_AT_ONCE:
        words = _("At most %(most)d reports at once.") % {"most": MOST_AT_ONCE}
        raise Invalid(words)
    return Asked(Act(query.get("act", "")), numbers, address("desk:queue", query))


def _preview(
    request: HttpRequest,
    actor: Actor,
    asked: Asked,
    form: BatchForm | None = None,
    *,
    token: str = "",
) -> HttpResponse:
    """``form``: one that was refused; then the token is that of its first preview."""
    found = queries.preview(actor, asked.act, asked.numbers)
    fit, left = preview_lines(found, actor.person_id, clock.now())
    # All that were asked for go along: what is left alone now is said again afterwards.
    plan = [actor.person_key, token or random_hex(16), asked.act.value, asked.numbers, asked.back]
    context = {
        "current": "queue",
        "act": asked.act.value,
        "name": NAMES[asked.act],
        "will": will_words(asked.act, len(fit)),
        "left_words": left_words(len(left)),
        "fit": fit,
        "left": left,
        "bounded": len(asked.numbers) == MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "plan": signing.dumps(plan, salt=_SALT, compress=True),
        "form": form or BatchForm(),
        "needs_reason": asked.act is Act.DONE,
        "back": asked.back,
    }
    status = 422 if form is not None else 200
    return show(request, actor, "desk/batch.html", context, status=status)


def _did(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked, token = _planned(request, actor)
    form = BatchForm(request.POST)
    if asked.act is not Act.DONE:
        form.fields["reason"].required = False
    if form.is_valid():
        plan = Plan(token, asked.act, tuple(asked.numbers), form.cleaned_data["reason"])
        try:
            row = services.do(actor, plan)
        except Invalid as error:
            add_refusal(form, error)
        else:
            return _answered(request, row)
    return _preview(request, actor, asked, form, token=token)


def _planned(request: HttpRequest, actor: Actor) -> tuple[Asked, str]:
    """What this person was shown, and the form's own token."""
    try:
        text = request.POST.get("plan", "")
        person, token, act, numbers, back = signing.loads(text, salt=_SALT, max_age=_SECONDS)
        asked = Asked(Act(act), [int(number) for number in numbers], str(back))
    except (signing.BadSignature, ValueError, TypeError) as error:
        words = _("This preview is not good any more: go back to the queue and choose again.")
        raise Conflict(words) from error
    if person != actor.person_id:
        raise Conflict(_("This preview is somebody else's."))
    return asked, str(token)


def _answered(request: HttpRequest, row: BatchAct) -> HttpResponse:
    words = f"{did_words(Act(row.verb), len(row.before))} {left_words(len(row.skipped))}"
    undo = reverse("desk:batch-undo", args=[row.pk]) if row.before else ""
    return done(request, Deed(words.strip(), undo), reverse("desk:batch-act", args=[row.pk]))


@page(Permission.QUEUE_WORK)
def act_page(request: HttpRequest, actor: Actor, act_id: int) -> HttpResponse:
    """What an act did to which, what it left alone and why, and what an undo could not restore."""
    row = queries.act_for(actor, act_id)
    now = clock.now()
    places = entries_with_people([*map(int, row.before), *map(int, row.skipped)])
    context = {
        "current": "queue",
        "row": row,
        "shown": shown_act(row),
        "changed": act_lines(row.before.keys(), places, actor.person_id, now),
        "left": act_lines(row.skipped, places, actor.person_id, now),
        "kept": act_lines(row.kept, places, actor.person_id, now),
        "restored": len(row.restored),
        "waiting": len(queries.waiting(row.wanted, row.before, row.skipped)),
        "unfinished": row.state in {"doing", "undoing"},
    }
    return show(request, actor, "desk/batch_act.html", context)


@page(Permission.QUEUE_WORK, methods=("POST",))
def go_on(request: HttpRequest, actor: Actor, act_id: int) -> HttpResponse:
    """Go on with an act that was cut off; nothing is done to what was dealt with."""
    queries.act_for(actor, act_id)
    services.go_on(act_id)
    row = queries.act_for(actor, act_id)
    return done(
        request,
        Deed(did_words(Act(row.verb), len(row.before))),
        reverse("desk:batch-act", args=[act_id]),
    )


@page(Permission.QUEUE_WORK, methods=("POST",))
def undo(request: HttpRequest, actor: Actor, act_id: int) -> HttpResponse:
    """Restore what the act changed, but for what somebody has changed since."""
    queries.act_for(actor, act_id)
    row = services.undo(actor, act_id)
    words = _("%(restored)d restored.") % {"restored": len(row.restored)}
    said = f"{words} {left_words(len(row.kept))}".strip()
    return done(request, Deed(said), reverse("desk:batch-act", args=[act_id]))
