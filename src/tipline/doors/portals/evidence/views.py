"""Bytes for a pass: once, and only while the gate stands open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tipline.delivery.routing.queries import referral_for
from tipline.doors.portals.desk.shown_files import decision_for
from tipline.doors.portals.desk.shown_reasons import sentences
from tipline.doors.portals.evidence.plain import plain
from tipline.ground.accounts.queries import actor_for
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, OrganisationKind, Permission
from tipline.ground.foundation.errors import NotVisible, Unavailable
from tipline.ground.foundation.origins import origin_of
from tipline.ground.foundation.reasons import words
from tipline.insight.care.showing import picture_for
from tipline.insight.matching.pictures import Unreadable
from tipline.record.evidence import passes
from tipline.record.evidence.hand_outs import HandOut, hand_out
from tipline.record.evidence.metadata.rules import Refused
from tipline.record.evidence.rules_passes import Kind, Presented, Refusal, refusal
from tipline.record.evidence.services import note_preview
from tipline.record.reports.queries import report_for

if TYPE_CHECKING:
    from tipline.record.evidence.gate import GateDecision
    from tipline.record.evidence.models import EvidenceFile, FilePass

_GONE = 410
_STATUS = {Refusal.FOREIGN: 403, Refusal.USED: _GONE, Refusal.EXPIRED: _GONE}


@require_http_methods(["GET"])
def file(request: HttpRequest, text: str) -> HttpResponse:
    """The picture or the bytes that the pass is for, or a sentence why there are none."""
    row = passes.presented(text)
    if row is None:
        return plain(404, _("There is no such pass."))
    actor = actor_for(row.person)
    why = refusal(_presented(request, actor, row))
    if why is not None:
        return _refused(row, why)
    if row.file.destroyed_at is not None:
        return plain(403, _("The bytes of this file have been destroyed; its digests stay."))
    decision = decision_for(actor, row.file)
    if not decision.open:
        return _closed(actor, row.file, decision)
    try:
        return _handed_out(actor, row, decision)
    except (NotVisible, Unavailable) as error:
        return plain(503, error.message)


def _presented(request: HttpRequest, actor: Actor, row: FilePass) -> Presented:
    may = actor.may(Permission.EVIDENCE_OPEN) and _sees(actor, row.file.report_id)
    at_home = may and _asked_by_our_page(request.headers, row.kind)
    return Presented(row.made_at, row.ends_at, row.used_at, at_home, clock.now())


def _sees(actor: Actor, number: int) -> bool:
    """Still: a report may have been handed back, a hand-over taken away."""
    try:
        if actor.organisation_kind is OrganisationKind.AGENCY:
            referral_for(actor, number)
        else:
            report_for(actor, number)
    except NotVisible:
        return False
    return True


def _asked_by_our_page(headers: Mapping[str, str], kind: str) -> bool:
    """A picture by an image of our own pages, which browsers say; an original by following a link.

    Browsers that say what the bytes are for are believed, too.
    """
    meant_for = headers.get("Sec-Fetch-Dest", "")
    if kind == Kind.ORIGINAL:
        return meant_for in {"", "document"}
    asker = origin_of(headers.get("Origin", ""))
    return asker == origin_of(settings.TIPLINE_PUBLIC_URL) and meant_for in {"", "image"}


def _refused(row: FilePass, why: Refusal) -> HttpResponse:
    passes.refuse(row, why)
    said = {
        Refusal.FOREIGN: _("This pass is not for you. This is on the ledger."),
        Refusal.USED: _("This pass was used already. Ask for the file again on its page."),
        Refusal.EXPIRED: _("This pass has run out. Ask for the file again on its page."),
    }
    return plain(_STATUS[why], said[why])


def _closed(
    actor: Actor, found: EvidenceFile, decision: GateDecision, left_out: Refused | None = None
) -> HttpResponse:
    """Why the gate is closed by now, in words; ``left_out``: why EXIF keeps the bytes closed."""
    detail = {"metadata": left_out.code} if left_out else {}
    blocked = f"rule {decision.rule}"
    note_preview(actor, found, Verb.FILE_BLOCKED, decision=decision, purpose=blocked, detail=detail)
    why = words(left_out.as_reason()) if left_out else sentences(decision.reasons)
    said = _("This file is closed by rule %(rule)s (%(policy)s). %(why)s") % {
        "rule": decision.rule,
        "policy": decision.policy,
        "why": why,
    }
    return plain(403, said)


def _handed_out(actor: Actor, row: FilePass, decision: GateDecision) -> HttpResponse:
    if row.kind != Kind.ORIGINAL:
        return _picture(row) if passes.spend(actor, row) else _refused(row, Refusal.USED)
    made = hand_out(row.file, decision)
    if isinstance(made, Refused):
        return _closed(actor, row.file, decision, made)
    if not passes.spend(actor, row, made.digests(row.file)):
        return _refused(row, Refusal.USED)
    return _bytes(row.file, made)


def _bytes(found: EvidenceFile, made: HandOut) -> HttpResponse:
    """The bytes, streamed as a download that no browser shows; without metadata where closed."""
    response = StreamingHttpResponse(made.pieces, content_type="application/octet-stream")
    name = _plain_name(found)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Length"] = str(made.size)
    # A stream is a sibling of HttpResponse; nothing here differs.
    return cast("HttpResponse", response)


def _plain_name(found: EvidenceFile) -> str:
    """A name that means the same on every system: no folders, nothing unprintable."""
    kept = "".join(c for c in found.name if c.isprintable() and c not in '\\/:*?"<>|')
    return kept.strip(" .")[:150] or found.file_id


def _picture(row: FilePass) -> HttpResponse:
    """A picture that the confined child made anew; only a page of the desks may load it."""
    made = picture_for(row)
    if isinstance(made, Unreadable):
        return plain(422, words(made.as_reason()))
    response = HttpResponse(made.jpeg, content_type="image/jpeg")
    name = f"{row.kind}-{row.file.file_id}.jpg"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Access-Control-Allow-Origin"] = settings.TIPLINE_PUBLIC_URL
    response["Vary"] = "Origin"
    return response
