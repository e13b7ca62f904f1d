"""Why a file stays closed: what was not said, not allowed, or does not hold. Pure."""

from __future__ import annotations

from datetime import datetime

from tipline.record.evidence.gate_policy import GatePolicy, Match
from tipline.record.evidence.rules_types import GateInputs, Opening, OpeningState, ViewedMeans


def why_closed(inputs: GateInputs, policy: GatePolicy) -> list[str]:
    """The codes of all reasons, in the order in which they are told."""
    codes = [_why_not_viewed(inputs), _why_not_public(inputs, policy)]
    if inputs.match is not Match.NONE:
        codes.append("gate.match_is_no_viewing")
    if inputs.openings:
        codes.append("gate.opening_does_not_hold")
        codes += _why_no_paper_holds(inputs)
    return codes


def _why_not_viewed(inputs: GateInputs) -> str:
    if inputs.viewed_by_esp is None:
        return "gate.viewed_unknown"
    if inputs.viewed_by_esp is False:
        return "gate.not_viewed"
    if inputs.viewed_means is ViewedMeans.UNKNOWN:
        return "gate.viewed_meaning_unknown"
    if inputs.viewed_means is ViewedMeans.THIS_UPLOAD:
        return "gate.viewed_never_opens"
    return "gate.viewed_means_other"


def _why_not_public(inputs: GateInputs, policy: GatePolicy) -> str:
    if inputs.publicly_available is None:
        return "gate.public_unknown"
    if inputs.publicly_available is False:
        return "gate.not_public"
    if not policy.rules.asks("publicly_available"):
        return "gate.public_never_opens"
    return "gate.public_not_enabled"


def _why_no_paper_holds(inputs: GateInputs) -> list[str]:
    """What became of the asker's own papers that name the file; of others' papers, nothing."""
    mine = (
        paper
        for paper in inputs.openings
        if inputs.file in paper.files
        and inputs.organisation
        and paper.holder == inputs.organisation
    )
    codes = (_WHY_NOT.get(paper.state) or _out_of_time(paper, inputs.now) for paper in mine)
    return list(dict.fromkeys(code for code in codes if code))


_WHY_NOT = {
    OpeningState.APPLIED: "gate.paper_applied",
    OpeningState.DENIED: "gate.paper_denied",
    OpeningState.REVOKED: "gate.paper_revoked",
    OpeningState.ENDED: "gate.paper_ended",
}


def _out_of_time(paper: Opening, now: datetime) -> str:
    """Of a granted paper; empty where its time is not what closes it."""
    if now < paper.valid_from:
        return "gate.paper_begins_later"
    if paper.valid_until is not None and paper.valid_until <= now:
        return "gate.paper_expired"
    return ""
