"""The studio: one content at a time, labels by keys, pictures only when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tipline.doors.portals.desk.forms_studio import ClosedForm, SeenForm
from tipline.doors.portals.desk.shell import show
from tipline.doors.portals.desk.shown_labels import changes_words
from tipline.doors.portals.desk.shown_look import break_context
from tipline.doors.portals.desk.shown_studio import review_words
from tipline.doors.portals.desk.studio_pages import (
    UNREADABLE,
    content_answer,
    draft_of,
    forget_draft,
    keep_draft,
    set_draft,
    standing_of,
    to_content,
)
from tipline.doors.portals.desk.views_studio_look import reveal_now
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.insight.annotation.errors import ChangedMeanwhile
from tipline.insight.care import services as care
from tipline.insight.review import queries, services
from tipline.insight.review.errors import ClosedMeanwhile, SaidMeanwhile
from tipline.insight.review.rules import How, Said

if TYPE_CHECKING:
    from tipline.insight.review.models import Review

_CHOOSE = gettext_lazy("Choose one of the two answers.")


@page(Permission.LABELS_WRITE)
def studio_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How much waits, and the way in; nothing is taken by looking at this page."""
    context = {
        "current": "studio",
        "standing": standing_of(actor),
        "held": queries.held(actor).first(),
        "asked": queries.asked_to_open(actor),
        **break_context(actor),
    }
    return show(request, actor, "desk/studio_start.html", context)


@page(Permission.LABELS_WRITE, methods=("POST",))
def take(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take the next content and go to it."""
    return _next(request, actor, closed=request.POST.get("line") == "closed")


def _next(request: HttpRequest, actor: Actor, *, closed: bool) -> HttpResponse:
    row = services.take(actor, closed=closed)
    if row is None:
        messages.success(request, _("Nothing more waits here."))
        return HttpResponseRedirect(reverse("desk:studio"), status=303)
    return to_content(row)


@page(Permission.LABELS_WRITE)
def content_page(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """One content: what is known of it, the keys of its labels, pictures that were asked for."""
    row = queries.content_for(actor, sha256)
    return content_answer(request, actor, row, draft_of(request, row))


@page(Permission.LABELS_WRITE, methods=("POST",))
def judge(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """Keep the labels and go on; what cannot be kept stays on the page with the reason."""
    row = queries.content_for(actor, sha256)
    said = keep_draft(request, row)
    if request.POST.get("words", "").strip():  # Enter beside the reason asks for the picture
        return reveal_now(request, actor, row, said)
    form = SeenForm(request.POST)
    if not form.is_valid():
        return content_answer(request, actor, row, said, error=UNREADABLE, status=422)
    try:
        review = services.judge(actor, row, said, form.cleaned_data["seen"])
    except Invalid as error:
        return content_answer(request, actor, row, said, error=error.message, status=422)
    except (SaidMeanwhile, ClosedMeanwhile) as error:
        row = queries.content_for(actor, sha256)
        return content_answer(request, actor, row, said, error=_meanwhile_words(error), status=409)
    return _reviewed(request, actor, review, closed=False)


def _meanwhile_words(error: SaidMeanwhile | ClosedMeanwhile) -> str:
    """What has happened, that nothing is lost, and what may be done now."""
    if isinstance(error, SaidMeanwhile):
        kept = _("Nothing was changed. Your choice is kept here: keep it, or leave it as it is.")
        return f"{changes_words(error.changes)} {kept}"
    words = _(
        "The gate has closed this file meanwhile, by rule %(rule)s. Nothing was changed, and no "
        "picture of it is sent any more. Judge it by its metadata, or leave it to others."
    )
    return words % {"rule": error.rule}


@page(Permission.LABELS_WRITE, methods=("POST",))
def judge_closed(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """Say by its metadata what is to become of a closed file, and go on."""
    row = queries.content_for(actor, sha256)
    form = ClosedForm(request.POST)
    if not form.is_valid():
        return content_answer(request, actor, row, None, error=_CHOOSE, status=422)
    review = services.judge_closed(actor, row, How(form.cleaned_data["how"]))
    return _reviewed(request, actor, review, closed=True)


@page(Permission.LABELS_WRITE, methods=("POST",))
def skip(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """Leave it to others and go on."""
    row = queries.content_for(actor, sha256)
    return _reviewed(request, actor, services.skip(actor, row), closed=not row.open)


def _reviewed(request: HttpRequest, actor: Actor, review: Review, *, closed: bool) -> HttpResponse:
    forget_draft(request)
    care.closed(actor, review.file)  # a picture that is still open is so no more
    messages.success(request, review_words(review))
    return _next(request, actor, closed=closed)


@page(Permission.LABELS_WRITE, methods=("POST",))
def undo(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take the last review back and go to its content, with what was chosen."""
    review = queries.last_review(actor)
    if review is None:
        messages.success(request, _("There is nothing to take back."))
        return HttpResponseRedirect(reverse("desk:studio"), status=303)
    try:
        row = services.take_back(actor, review)
    except ChangedMeanwhile as error:
        words = _("This cannot be taken back: %s") % changes_words(error.changes)
        raise Conflict(words) from error
    set_draft(request, row, Said.from_json(review.said))
    messages.success(request, _("Taken back. What you chose is still marked."))
    return to_content(row)


@page(Permission.LABELS_WRITE, methods=("POST",))
def leave(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A quiet way out: what this person holds goes back to the queue."""
    services.give_back(actor)
    messages.success(request, _("You have left the studio. Nothing is held for you."))
    return HttpResponseRedirect(reverse("desk:studio"), status=303)
