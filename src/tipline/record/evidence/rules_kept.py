"""The inputs of a decision as plain values that are kept: ids, flags and dates, no names. Pure.

What is kept of papers is what names the file: whose it is, its state and its time, and that
somebody approved it, never who.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tipline.record.evidence.gate_policy import Match
from tipline.record.evidence.rules_types import (
    GateDecision,
    GateInputs,
    Opening,
    OpeningKind,
    OpeningState,
    ViewedMeans,
    Viewer,
)

Kept = dict[str, Any]
_PLAIN = (
    "file",
    "organisation",
    "viewed_by_esp",
    "exif_viewed",
    "publicly_available",
    "counsel_enabled_public",
    "circuit",
    "allow_hash_confirm",
    "receives_and_assesses",
)
_WORDS = ("viewer", "viewed_means", "match")
_APPROVED = "on record"


def kept(inputs: GateInputs) -> Kept:
    """Everything but the instant, which stands beside it. Plain JSON values."""
    return {
        **{name: getattr(inputs, name) for name in _PLAIN},
        **{name: str(getattr(inputs, name)) for name in _WORDS},
        "openings": [_paper(one) for one in inputs.openings if inputs.file in one.files],
    }


def _paper(one: Opening) -> Kept:
    return {
        "paper": one.paper,
        "kind": str(one.kind),
        "state": str(one.state),
        "holder": one.holder,
        "from": one.valid_from.isoformat(),
        "until": one.valid_until.isoformat() if one.valid_until else None,
        "approved": bool(one.approved_by.strip()),
    }


def inputs_from(said: Mapping[str, Any], now: datetime) -> GateInputs:
    """The inputs again, as they were at this instant; the same decision comes of them."""
    return GateInputs(
        **{name: said[name] for name in _PLAIN if name in said},
        viewer=Viewer(said["viewer"]),
        viewed_means=ViewedMeans(said["viewed_means"]),
        match=Match(said["match"]),
        now=now,
        openings=tuple(_opening(one, said["file"]) for one in said["openings"]),
    )


def _opening(one: Mapping[str, Any], file: str) -> Opening:
    return Opening(
        kind=OpeningKind(one["kind"]),
        state=OpeningState(one["state"]),
        files=frozenset({file}),
        holder=one["holder"],
        valid_from=datetime.fromisoformat(one["from"]),
        valid_until=datetime.fromisoformat(one["until"]) if one["until"] else None,
        approved_by=_APPROVED if one["approved"] else "",
        paper=one["paper"],
    )


def digest_of(decision: GateDecision) -> str:
    """The same for the same inputs and the same answer by the same policy, at any time."""
    said = {
        "inputs": kept(decision.inputs) if decision.inputs else {},
        "answer": [decision.rule, decision.pixels, decision.exif, decision.fingerprint],
        "policy": [decision.policy, decision.digest],
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
