"""Looking in the studio: a small picture, those beside it, the picture revealed, closing it.

Each act asks the gate, then the limits of care, and is counted; nothing leaves the server
before it. What is chosen on the page goes with every act, so that none loses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms_care import RevealPictureForm
from tipline.doors.portals.desk.shell import wants_fragment
from tipline.doors.portals.desk.shown_look import break_context
from tipline.doors.portals.desk.shown_reasons import sentences
from tipline.doors.portals.desk.shown_studio import exif_facts, shown_content
from tipline.doors.portals.desk.studio_pages import content_answer, keep_draft, to_content
from tipline.doors.portals.desk.views_care import stop_page
from tipline.doors.portals.frame import page
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotAllowed
from tipline.ground.foundation.reasons import words
from tipline.insight.care import services as care
from tipline.insight.care.errors import LimitReached
from tipline.insight.care.services import Wanted
from tipline.insight.care.showing import can_be_shown, stills_of
from tipline.insight.review import queries
from tipline.record.evidence.access import decisions
from tipline.record.evidence.exif import read_exif
from tipline.record.evidence.rules_passes import Kind
from tipline.record.evidence.services import note_preview

if TYPE_CHECKING:
    from tipline.insight.review.models import Content
    from tipline.insight.review.rules import Said
    from tipline.record.evidence.gate import GateDecision
    from tipline.record.evidence.models import EvidenceFile

#: Why a small picture is shown here, as the ledger has it.
PURPOSE = "review in the studio"


@page(Permission.LABELS_WRITE, methods=("POST",))
def preview(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """Show small grey pictures: of the content, and of those beside it where asked for."""
    row = queries.content_for(actor, sha256)
    keep_draft(request, row)
    files = [row.file]
    if request.POST.get("beside"):
        files += [other.file for other in queries.beside(row)]
    passes: list[str] = []
    for file in files:
        decision = _opened(actor, file, row)
        if decision is None:
            continue
        try:
            passes.append(care.look(actor, file, _small(decision)))
        except LimitReached as reached:
            if not passes:
                return stop_page(request, actor, reached.stopped)
            break  # those that were allowed are shown
    return _looked(request, actor, row, passes)


def _small(decision: GateDecision) -> Wanted:
    return Wanted(Kind.PREVIEW, PURPOSE, decision=decision)


@page(Permission.LABELS_WRITE, methods=("POST",))
def reveal(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """Show the picture as it is, for a reason from the list and in the person's own words."""
    row = queries.content_for(actor, sha256)
    return reveal_now(request, actor, row, keep_draft(request, row))


def reveal_now(request: HttpRequest, actor: Actor, row: Content, said: Said) -> HttpResponse:
    """The same for a content that was found and a choice that was kept."""
    form = RevealPictureForm(stills_of(row.file), request.POST)
    decision = _opened(actor, row.file, row)
    if form.is_valid() and (unreadable := can_be_shown(row.file)):
        form.add_error(
            None, _("No picture can be made of this. %s") % words(unreadable.as_reason())
        )
    if not form.is_valid():
        return content_answer(request, actor, row, said, status=422, reveal_form=form)
    wanted = Wanted(Kind.REVEAL, form.purpose(), form.at(), decision)
    try:
        passed = care.look(actor, row.file, wanted)
    except LimitReached as reached:
        return stop_page(request, actor, reached.stopped)
    return to_content(row, [passed])


@page(Permission.LABELS_WRITE, methods=("POST",))
def exif(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """What the camera wrote, where the gate opens that apart from the pixels."""
    row = queries.content_for(actor, sha256)
    said = keep_draft(request, row)
    decision = decisions(actor, [row.file])[row.file_id]
    tags = read_exif(actor, row.file, decision, PURPOSE)
    return content_answer(request, actor, row, said, exif=exif_facts(tags))


@page(Permission.LABELS_WRITE, methods=("POST",))
def close(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """Close the picture; how long it was open counts for the person's own page."""
    row = queries.content_for(actor, sha256)
    keep_draft(request, row)
    care.closed(actor, row.file)
    return _looked(request, actor, row, [])


def _looked(
    request: HttpRequest, actor: Actor, row: Content, passes: Sequence[str]
) -> HttpResponse:
    """The part of the page with the pictures, or the page."""
    if not wants_fragment(request):
        return to_content(row, passes)
    one = shown_content(actor, row, None, passes)
    context = {"one": one, "now": clock.now(), **break_context(actor)}
    return render(request, "desk/studio_look.html", context)


def _opened(actor: Actor, file: EvidenceFile, row: Content) -> GateDecision | None:
    """What opens it now; that nothing opens the content itself is an answer."""
    decision = decisions(actor, [file])[file.pk]
    if decision.open and file.destroyed_at is None:
        return decision
    blocked = f"rule {decision.rule}"
    note_preview(actor, file, Verb.FILE_BLOCKED, decision=decision, purpose=blocked)
    if file.pk == row.file_id:
        said = {"rule": decision.rule, "why": sentences(decision.reasons)}
        closed = _("This file is closed by rule %(rule)s. %(why)s What you chose is kept.")
        raise NotAllowed(closed % said)
    return None
