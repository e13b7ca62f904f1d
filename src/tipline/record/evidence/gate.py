"""The legal gate: may this person see these bytes now? Per file, deterministic, default deny.

Everyone stands before it, our own analysts included (United States v. Ackerman, 10th Cir.
2016: opening more than the provider had opened was a search). A file is never opened by
what is known of its twin: nothing about another file's label or viewing is an input, and
a match is not a viewing (United States v. Wilson, 9th Cir. 2021). The rows are policy data
(:mod:`tipline.record.evidence.gate_policy`); those that ship for the United States, numbered
as the field numbers them:

====  ==========================================================  =======  ======
rule  when                                                        pixels   EXIF
====  ==========================================================  =======  ======
1     a person at the ESP viewed this upload before reporting,    allow    allow
      its EXIF data too
6     a granted warrant names the file and this holder            allow    allow
7     an owner's consent, or an exigency approved by a named      allow    allow
      person; both end
8     viewed as in 1, but not the EXIF data                       allow    block
2     publicly available, where counsel enabled that              allow    block
4     exact or PhotoDNA match, recipient in a circuit that takes  allow    block
      it, and its own counsel allows to confirm this one file
3     matched, but nothing above                                  block    block
5     nothing of all that                                         block    block
====  ==========================================================  =======  ======

The first rule that holds decides; the order runs from widest to narrowest, so that what
the ESP had already seen is preferred to a power that ends.
"""

from __future__ import annotations

from collections.abc import Mapping

from tipline.ground.foundation.reasons import Reason, Source
from tipline.record.evidence.gate_policy import (
    CLOSED,
    CLOSED_MATCHED,
    NO,
    NONE,
    UNKNOWN,
    YES,
    GatePolicy,
    Match,
    Row,
)
from tipline.record.evidence.rules_closed import why_closed
from tipline.record.evidence.rules_types import (
    Access,
    GateDecision,
    GateInputs,
    Opening,
    OpeningKind,
    OpeningState,
    ViewedMeans,
    Viewer,
)

__all__ = [
    "Access",
    "Answers",
    "GateDecision",
    "GateInputs",
    "Opening",
    "OpeningKind",
    "OpeningState",
    "ViewedMeans",
    "Viewer",
    "answers",
    "decide",
    "holds",
]

Answers = Mapping[str, frozenset[str]]


def decide(inputs: GateInputs, policy: GatePolicy) -> GateDecision:
    """Decide for one file, one asker, one instant. Same inputs, same decision."""
    said = answers(inputs)
    row = next((row for row in policy.rules.rows if holds(row, said)), None)
    return _blocked(inputs, policy) if row is None else _opened(row, inputs, policy)


def answers(inputs: GateInputs) -> Answers:
    """What the rows may ask, answered in the words of policy files.

    ``opening`` has the kinds of all papers that hold; every other question has one answer.
    """
    kinds = {str(paper.kind) for paper in _papers_that_hold(inputs)}
    one = {
        "viewed_by_esp": _known(inputs.viewed_by_esp),
        "viewed_means": str(inputs.viewed_means),
        "exif_viewed": _known(inputs.exif_viewed),
        "publicly_available": _known(inputs.publicly_available),
        "counsel_enabled_public": _known(inputs.counsel_enabled_public),
        "match": str(inputs.match),
        "viewer": str(inputs.viewer),
        "circuit": inputs.circuit or NONE,
        "allow_hash_confirm": _known(inputs.allow_hash_confirm),
        "receives_and_assesses": _known(inputs.receives_and_assesses),
    }
    told = {name: frozenset({answer}) for name, answer in one.items()}
    return {**told, "opening": frozenset(kinds or {NONE})}


def _known(said: bool | None) -> str:
    """Only a plain yes is one."""
    if said is None:
        return UNKNOWN
    return YES if said is True else NO


def holds(row: Row, said: Answers) -> bool:
    """Is each question of the row answered by one of its values?"""
    return all(said[name] & wanted for name, wanted in row.when.items())


def _papers_that_hold(inputs: GateInputs) -> list[Opening]:
    return [o for o in inputs.openings if o.opens(inputs.file, inputs.organisation, inputs.now)]


def _opened(row: Row, inputs: GateInputs, policy: GatePolicy) -> GateDecision:
    params = {"rule": row.rule, "file": inputs.file}
    # Who asserted it: the ESP by its flags, everything else is on record with us.
    source = Source.SYSTEM if _ON_RECORD & set(row.when) else Source.REPORTER
    reasons = [Reason(_says(row, inputs), params, source=source, version=policy.stamp)]
    if not row.exif:
        reasons.append(Reason("gate.exif_closed", params, version=policy.stamp))
    return GateDecision(
        pixels=Access.ALLOW,
        exif=_access(row.exif),
        fingerprint=_access(row.fingerprint),
        rule=row.rule,
        policy=policy.stamp,
        reasons=tuple(reasons),
        inputs=inputs,
        digest=policy.digest,
    )


_ON_RECORD = frozenset({"opening", "match", "receives_and_assesses"})


def _says(row: Row, inputs: GateInputs) -> str:
    """The row's own code; for a paper, its kind: the first recorded of those that hold."""
    if row.reason:
        return row.reason
    kinds = [str(paper.kind) for paper in _papers_that_hold(inputs)]
    return f"gate.{next(kind for kind in kinds if kind in row.when['opening'])}"


def _access(allowed: bool) -> Access:
    return Access.ALLOW if allowed else Access.BLOCK


def _blocked(inputs: GateInputs, policy: GatePolicy) -> GateDecision:
    rule = CLOSED if inputs.match is Match.NONE else CLOSED_MATCHED
    params = {"rule": rule, "file": inputs.file}
    return GateDecision(
        pixels=Access.BLOCK,
        exif=Access.BLOCK,
        fingerprint=_access(policy.rules.fingerprint_blocked_files),
        rule=rule,
        policy=policy.stamp,
        reasons=tuple(
            Reason(code, params, version=policy.stamp) for code in why_closed(inputs, policy)
        ),
        inputs=inputs,
        digest=policy.digest,
    )
