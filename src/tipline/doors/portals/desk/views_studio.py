"""The studio: one content at a time, labels by keys, pictures only when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tipline.doors.portals.desk.forms_studio import ClosedForm, SeenForm, said_in
from tipline.doors.portals.desk.shell import show, wants_fragment
from tipline.doors.portals.desk.shown_labels import changes_words
from tipline.doors.portals.desk.shown_look import break_context
from tipline.doors.portals.desk.shown_reasons import sentences
from tipline.doors.portals.desk.shown_studio import review_words, shown_content
from tipline.doors.portals.desk.views_care import stop_page
from tipline.doors.portals.frame import page
from tipline.doors.portals.look.parts import Words
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed
from tipline.insight.annotation.errors import ChangedMeanwhile
from tipline.insight.care import services as care
from tipline.insight.care.errors import LimitReached
from tipline.insight.care.services import Wanted
from tipline.insight.review import queries, services
from tipline.insight.review.errors import ClosedMeanwhile, SaidMeanwhile
from tipline.insight.review.rules import How, Said
from tipline.record.evidence.access import decisions
from tipline.record.evidence.rules_passes import Kind
from tipline.record.evidence.services import note_preview
from tipline.record.reports.services import note_reading

if TYPE_CHECKING:
    from tipline.insight.review.models import Content, Review
    from tipline.record.evidence.gate import GateDecision
    from tipline.record.evidence.models import EvidenceFile

_DRAFT = "studio-draft"
_DAY = timedelta(days=1)
_UNREADABLE = gettext_lazy("This form cannot be read. Try again.")
_CHOOSE = gettext_lazy("Choose one of the two answers.")
#: Why a small picture is shown here, as the ledger has it.
PURPOSE = "review in the studio"


@page(Permission.LABELS_WRITE)
def studio_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How much waits, and the way in; nothing is taken by looking at this page."""
    context = {
        "current": "studio",
        "standing": queries.standing(actor, clock.now() - _DAY),
        "held": queries.held(actor).first(),
        "asked": queries.asked_to_open(actor),
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
    return _to(row)


def _to(row: Content, passes: Sequence[str] = ()) -> HttpResponse:
    query = f"?{urlencode({'preview': passes}, doseq=True)}#look" if passes else ""
    return HttpResponseRedirect(
        reverse("desk:studio-content", args=[row.sha256]) + query, status=303
    )


@page(Permission.LABELS_WRITE)
def content_page(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """One content: what is known of it, the keys of its labels, pictures that were asked for."""
    row = queries.content_for(actor, sha256)
    return _shown(request, actor, row, _draft(request, row))


def _shown(
    request: HttpRequest,
    actor: Actor,
    row: Content,
    draft: Said | None,
    *,
    error: Words = "",
    status: int = 200,
) -> HttpResponse:
    one = shown_content(actor, row, draft, request.GET.getlist("preview"))
    if any(said.who != actor.name for said in one.statements):
        note_reading(actor, row.file.report)  # no blind look for whoever read what others said
    context = {
        "current": "studio",
        "one": one,
        "error": error,
        **(break_context(actor) if one.shows else {}),
        "standing": queries.standing(actor, clock.now() - _DAY),
    }
    return show(request, actor, "desk/studio.html", context, status=status)


@page(Permission.LABELS_WRITE, methods=("POST",))
def judge(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """Keep the labels and go on; what cannot be kept stays on the page with the reason."""
    row = queries.content_for(actor, sha256)
    form = SeenForm(request.POST)
    said = _keep_draft(request, row)
    if not form.is_valid():
        return _shown(request, actor, row, said, error=_UNREADABLE, status=422)
    try:
        review = services.judge(actor, row, said, form.cleaned_data["seen"])
    except Invalid as error:
        return _shown(request, actor, row, said, error=error.message, status=422)
    except (SaidMeanwhile, ClosedMeanwhile) as error:
        row = queries.content_for(actor, sha256)
        return _shown(request, actor, row, said, error=_meanwhile_words(error), status=409)
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
        return _shown(request, actor, row, None, error=_CHOOSE, status=422)
    review = services.judge_closed(actor, row, How(form.cleaned_data["how"]))
    return _reviewed(request, actor, review, closed=True)


@page(Permission.LABELS_WRITE, methods=("POST",))
def skip(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """Leave it to others and go on."""
    row = queries.content_for(actor, sha256)
    return _reviewed(request, actor, services.skip(actor, row), closed=not row.open)


def _reviewed(request: HttpRequest, actor: Actor, review: Review, *, closed: bool) -> HttpResponse:
    request.session.pop(_DRAFT, None)
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
    request.session[_DRAFT] = [row.sha256, review.said]
    messages.success(request, _("Taken back. What you chose is still marked."))
    return _to(row)


@page(Permission.LABELS_WRITE, methods=("POST",))
def leave(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A quiet way out: what this person holds goes back to the queue."""
    services.give_back(actor)
    messages.success(request, _("You have left the studio. Nothing is held for you."))
    return HttpResponseRedirect(reverse("desk:studio"), status=303)


@page(Permission.LABELS_WRITE, methods=("POST",))
def preview(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """Show small grey pictures: of the content, and of those beside it where asked for."""
    row = queries.content_for(actor, sha256)
    _keep_draft(request, row)
    files = [row.file]
    if request.POST.get("beside"):
        files += [other.file for other in queries.beside(row)]
    try:
        passes = [
            care.look(actor, file, Wanted(Kind.PREVIEW, PURPOSE, decision=decision))
            for file in files
            if (decision := _opened(actor, file, row)) is not None
        ]
    except LimitReached as reached:
        return stop_page(request, actor, reached.stopped)
    if wants_fragment(request):
        one = shown_content(actor, row, None, passes)
        context = {"one": one, "now": clock.now(), **break_context(actor)}
        return render(request, "desk/studio_look.html", context)
    return _to(row, passes)


def _opened(actor: Actor, file: EvidenceFile, row: Content) -> GateDecision | None:
    """What opens it now; that nothing opens the content itself is an answer."""
    decision = decisions(actor, [file])[file.pk]
    if decision.open and file.destroyed_at is None:
        return decision
    blocked = f"rule {decision.rule}"
    note_preview(actor, file, Verb.FILE_BLOCKED, decision=decision, purpose=blocked)
    if file.pk == row.file_id:
        said = {"rule": decision.rule, "why": sentences(decision.reasons)}
        words = _("This file is closed by rule %(rule)s. %(why)s What you chose is kept.")
        raise NotAllowed(words % said)
    return None


def _keep_draft(request: HttpRequest, row: Content) -> Said:
    """What is chosen on the page, so that no way back to it loses it."""
    said = said_in(request.POST)
    request.session[_DRAFT] = [row.sha256, said.as_json()]
    return said


def _draft(request: HttpRequest, row: Content) -> Said | None:
    kept = request.session.get(_DRAFT)
    return Said.from_json(kept[1]) if kept and kept[0] == row.sha256 else None
