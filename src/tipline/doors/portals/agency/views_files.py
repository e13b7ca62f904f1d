"""What leaves the house: a report as JSON, and the bytes of a file where the gate opens."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from tipline.delivery.cases.downloads import download_report
from tipline.delivery.cases.queries import case_of
from tipline.delivery.routing.queries import referral_for
from tipline.doors.portals.agency.forms import PurposeForm
from tipline.doors.portals.agency.shell import show
from tipline.doors.portals.agency.shown_referral import cards
from tipline.doors.portals.desk.shown_reasons import sentences
from tipline.doors.portals.evidence.addresses import evidence_url
from tipline.doors.portals.frame import page
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotAllowed, NotVisible
from tipline.ground.foundation.reasons import words
from tipline.insight.annotation.queries import known_material
from tipline.record.evidence import access
from tipline.record.evidence.hand_outs import HandOut, hand_out
from tipline.record.evidence.metadata.rules import Refused
from tipline.record.evidence.passes import take_original
from tipline.record.evidence.queries import file_in
from tipline.record.evidence.services import note_preview

if TYPE_CHECKING:
    from tipline.delivery.routing.models import Referral
    from tipline.record.evidence.gate import GateDecision
    from tipline.record.evidence.models import EvidenceFile


@page(Permission.REFERRALS_READ)
def report_json(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - the frame's signature
    """The referral in the shape that the field's tools parse."""
    row = referral_for(actor, number)
    case = case_of(row)
    made = download_report(actor, row, purpose=f"case:{case.pk}" if case else "")
    return json_download(made, f"report-{number}.json")


def json_download(made: Any, name: str) -> HttpResponse:
    """Plain JSON in UTF-8 that downloads under this name."""
    body = json.dumps(made, ensure_ascii=False, indent=2).encode()
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@page(Permission.EVIDENCE_OPEN, methods=("GET", "HEAD", "POST"))
def file(request: HttpRequest, actor: Actor, number: int, file_id: str) -> HttpResponse:
    """GET asks what the file is needed for; POST leads to its bytes where the gate opens."""
    row = referral_for(actor, number)
    found = file_in(number, file_id)
    if found is None:
        raise NotVisible("There is no such file.")
    if request.method != "POST":
        return _ask(request, actor, row, found, PurposeForm(case_of(row)))
    form = PurposeForm(case_of(row), request.POST)
    if not form.is_valid():
        return _ask(request, actor, row, found, form, status=422)
    made = _at_the_gate(actor, found, form.purpose())
    return _bytes(actor, found, made, form.purpose())


def _ask(
    request: HttpRequest,
    actor: Actor,
    row: Referral,
    found: EvidenceFile,
    form: PurposeForm,
    *,
    status: int = 200,
) -> HttpResponse:
    shown = next(card for card in cards(actor, row) if card.shown.file_id == found.file_id).shown
    here = replace(shown, card=replace(shown.card, url=""))
    context = {"row": row, "file": here, "form": form, "current": "morning"}
    if found.destroyed_at is None and (decision := _decision(actor, found)).open:
        made = hand_out(found, decision)
        context |= {"closed": words(made.as_reason())} if isinstance(made, Refused) else {}
        context |= {"leaves": made, "arrived": found.sha256} if isinstance(made, HandOut) else {}
    return show(request, "agency/file.html", context, status=status)


def _decision(actor: Actor, found: EvidenceFile) -> GateDecision:
    return access.decisions(actor, [found], known_material([found]))[found.pk]


def _at_the_gate(actor: Actor, found: EvidenceFile, purpose: str) -> HandOut:
    """What the gate lets this agency take now; a refusal is on the ledger."""
    if found.destroyed_at is not None:
        raise NotVisible(_("The bytes of this file have been destroyed; its digests stay."))
    decision = _decision(actor, found)
    blocked = f"rule {decision.rule}: {purpose}"
    if not decision.open:
        note_preview(actor, found, Verb.FILE_BLOCKED, decision=decision, purpose=blocked)
        raise NotAllowed(
            _("This file is closed to you by rule %(rule)s (%(policy)s). %(why)s")
            % {
                "rule": decision.rule,
                "policy": decision.policy,
                "why": sentences(decision.reasons),
            }
        )
    made = hand_out(found, decision)
    if isinstance(made, Refused):
        detail = {"metadata": made.code}
        note_preview(
            actor, found, Verb.FILE_BLOCKED, decision=decision, purpose=blocked, detail=detail
        )
        raise NotAllowed(
            _("Rule %(rule)s (%(policy)s) keeps its EXIF data closed. %(why)s")
            % {
                "rule": decision.rule,
                "policy": decision.policy,
                "why": words(made.as_reason()),
            }
        )
    return made


def _bytes(actor: Actor, found: EvidenceFile, made: HandOut, purpose: str) -> HttpResponse:
    """To the evidence origin, which hands them out once; who and why is on the ledger first.

    With metadata taken out the ledger has both digests, and so has the page that asked.
    """
    passed = take_original(actor, found, made, purpose)
    return HttpResponseRedirect(evidence_url(passed), status=303)
