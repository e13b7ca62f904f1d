"""Looking at a file: a preview, the picture revealed, and closing it again.

Each act asks the gate, then the limits, is counted, and leads to a picture of the evidence
origin. Without a script the page that follows shows it; with one the card does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms_care import PreviewForm, RevealPictureForm
from tipline.doors.portals.desk.passes import picture_of
from tipline.doors.portals.desk.shell import Deed, done, show, wants_fragment
from tipline.doors.portals.desk.shown_files import decision_for
from tipline.doors.portals.desk.shown_look import card_context
from tipline.doors.portals.desk.shown_reasons import sentences
from tipline.doors.portals.desk.views_care import stop_page
from tipline.doors.portals.desk.views_files import file_for
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
from tipline.record.evidence.rules_passes import Kind
from tipline.record.evidence.services import note_preview

if TYPE_CHECKING:
    from tipline.record.evidence.gate import GateDecision
    from tipline.record.evidence.models import EvidenceFile

LookForm = PreviewForm | RevealPictureForm


@page(Permission.EVIDENCE_OPEN, methods=("POST",))
def preview(request: HttpRequest, actor: Actor, number: int, file_id: str) -> HttpResponse:
    """Ask for a small grey blurred picture, with a reason."""
    file = file_for(actor, number, file_id)
    return _looked(request, actor, file, PreviewForm(request.POST), Kind.PREVIEW)


@page(Permission.EVIDENCE_OPEN, methods=("POST",))
def reveal(request: HttpRequest, actor: Actor, number: int, file_id: str) -> HttpResponse:
    """Ask for the picture as it is, with a reason from the list and in one's own words."""
    file = file_for(actor, number, file_id)
    form = RevealPictureForm(stills_of(file), request.POST)
    return _looked(request, actor, file, form, Kind.REVEAL)


@page(Permission.EVIDENCE_OPEN, methods=("POST",))
def close(request: HttpRequest, actor: Actor, number: int, file_id: str) -> HttpResponse:
    """Close the picture; how long it was open counts for the person's own page."""
    file = file_for(actor, number, file_id)
    care.closed(actor, file)
    deed = Deed(_("The picture is closed."))
    return done(request, deed, _back(file), lambda: ("desk/file.html", card_context(actor, file)))


def _looked(
    request: HttpRequest, actor: Actor, file: EvidenceFile, form: LookForm, kind: Kind
) -> HttpResponse:
    decision = _at_the_gate(actor, file)
    if form.is_valid() and (unreadable := can_be_shown(file)):
        why = words(unreadable.as_reason())
        form.add_error(None, _("No preview can be made of this. %s") % why)
    if not form.is_valid():
        return _ask_again(request, actor, file, form)
    try:
        wanted = Wanted(kind, form.purpose(), form.at(), decision)
        passed = care.look(actor, file, wanted)
    except LimitReached as reached:
        return stop_page(request, actor, reached.stopped)
    return _shown(request, actor, file, passed, kind)


def _at_the_gate(actor: Actor, file: EvidenceFile) -> GateDecision:
    """Refuse what the gate does not open now, saying the rule; the refusal is on the ledger."""
    decision = decision_for(actor, file)
    if decision.open and file.destroyed_at is None:
        return decision
    blocked = f"rule {decision.rule}"
    note_preview(actor, file, Verb.FILE_BLOCKED, decision=decision, purpose=blocked)
    raise NotAllowed(
        _("This file is closed by rule %(rule)s (%(policy)s). %(why)s")
        % {
            "rule": decision.rule,
            "policy": decision.policy,
            "why": sentences(decision.reasons),
        }
    )


def _ask_again(
    request: HttpRequest, actor: Actor, file: EvidenceFile, form: LookForm
) -> HttpResponse:
    context = card_context(actor, file, look_form=form, now=clock.now())
    if isinstance(form, RevealPictureForm):
        context |= {"asks_reveal": True, "file": replace(context["file"], stills=stills_of(file))}
    if wants_fragment(request):
        return render(request, "desk/file.html", context, status=422)
    return show(request, actor, "desk/file_page.html", context, status=422)


def _shown(
    request: HttpRequest, actor: Actor, file: EvidenceFile, passed: str, kind: Kind
) -> HttpResponse:
    revealed = kind is Kind.REVEAL
    said = {
        Kind.PREVIEW: _("A small grey preview is shown; this look is on the ledger."),
        Kind.REVEAL: _("The picture is revealed; this look is on the ledger."),
    }
    picture = picture_of(passed, revealed=revealed)
    return done(
        request,
        Deed(said[kind]),
        _back(file, preview=passed),
        lambda: ("desk/file.html", card_context(actor, file, picture)),
    )


def _back(file: EvidenceFile, **query: str) -> str:
    """The file on its report's page."""
    asked = f"?{urlencode(query)}" if query else ""
    return f"{reverse('desk:report', args=[file.report_id])}{asked}#file-{file.file_id}"
