"""Blind second looks: take one, answer it, give it back; and settle those that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms_blind_looks import AnswerForm, SettleForm
from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.desk.shown_blind_looks import both_answers, dispute_rows
from tipline.doors.portals.desk.shown_document import Walk
from tipline.doors.portals.desk.shown_files import shown_files
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.insight.annotation.looks import queries, services
from tipline.insight.annotation.looks.rules import Answer
from tipline.insight.care.queries import unwished
from tipline.record.evidence.queries import copies_for

if TYPE_CHECKING:
    from tipline.insight.annotation.models import Look


@page(Permission.LABELS_WRITE)
def looks_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How many wait for this person, the one that they hold, and what a senior may settle."""
    offered = next(queries.all_offered(actor, _unwished(actor)), [])
    held = queries.mine(actor)
    context = {
        "current": "looks",
        "count": len(offered),
        "held": held.pk if held else 0,
        "may_settle": actor.may(Permission.JUDGEMENTS_OVERSEE),
        "disputes": dispute_rows(queries.disputed(actor)),
    }
    return show(request, actor, "desk/blind_looks.html", context)


def _unwished(actor: Actor) -> queries.Keep:
    """What this person wishes not to see is not offered to them."""
    return lambda files: unwished(actor, files)


@page(Permission.LABELS_WRITE, methods=("POST",))
def take(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The next look for this person."""
    row = services.take(actor, _unwished(actor))
    if row is None:
        words = _("No second look waits for you just now.")
        return done(request, Deed(words), reverse("desk:looks"))
    words = _("This look is yours. What others said of it is hidden from you until you answer.")
    return done(request, Deed(words), reverse("desk:look", args=[row.pk]))


@page(Permission.LABELS_WRITE, methods=("GET", "HEAD", "POST"))
def look(request: HttpRequest, actor: Actor, look_id: int) -> HttpResponse:
    """The content without what others said of it, and the form for what this person says."""
    row = queries.look_held(actor, look_id)
    if request.method != "POST":
        return _look(request, actor, row, AnswerForm())
    if "more" in request.POST:
        return _look(request, actor, row, AnswerForm.with_one_more(request.POST))
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            row = services.answer(actor, look_id, form.said())
        except Invalid as error:
            form.add_error(None, error.message)
        else:
            return done(request, Deed(_answered(row)), reverse("desk:looks"))
    return _look(request, actor, row, form, status=422)


def _answered(row: Look) -> str:
    if row.state == row.State.AGREED:
        return _("Thank you: you say the same as was said before.")
    return _("Thank you: the two answers differ. A senior settles it.")


def _look(
    request: HttpRequest, actor: Actor, row: Look, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    return show(request, actor, "desk/blind_look.html", _context(actor, row, form), status=status)


def _context(actor: Actor, row: Look, form: AnswerForm) -> dict[str, Any]:
    file = copies_for(actor, row.sha256)[0]
    return {
        "current": "looks",
        "look": row.pk,
        "file": shown_files(actor, [file], {}, Walk())[0],
        "form": form,
        "rows": list(form.rows()),
    }


@page(Permission.LABELS_WRITE, methods=("POST",))
def give_back(request: HttpRequest, actor: Actor, look_id: int) -> HttpResponse:
    """Let somebody else have it."""
    services.give_back(actor, look_id)
    return done(request, Deed(_("Given back: somebody else looks.")), reverse("desk:looks"))


@page(Permission.JUDGEMENTS_OVERSEE, methods=("GET", "HEAD", "POST"))
def settle(request: HttpRequest, actor: Actor, look_id: int) -> HttpResponse:
    """Both answers side by side, and what holds, with a reason."""
    row = queries.dispute_for(actor, look_id)
    if request.method != "POST":
        return _settle(request, actor, row, SettleForm(said=Answer.from_json(row.before or {})))
    if "more" in request.POST:
        return _settle(request, actor, row, SettleForm.with_one_more(request.POST))
    form = SettleForm(request.POST)
    if form.is_valid():
        try:
            services.settle(actor, look_id, form.said(), form.cleaned_data["reason"])
        except Invalid as error:
            form.add_error(error.field if error.field == "reason" else None, error.message)
        else:
            words = _("Settled. What changed is told to everyone who has the file.")
            return done(request, Deed(words), reverse("desk:looks"))
    return _settle(request, actor, row, form, status=422)


def _settle(
    request: HttpRequest, actor: Actor, row: Look, form: SettleForm, *, status: int = 200
) -> HttpResponse:
    context = {**_context(actor, row, form), "answers": both_answers(row)}
    return show(request, actor, "desk/blind_look_settle.html", context, status=status)
