"""The rules as they stood in the program before they were a table: what the table is held to."""

from __future__ import annotations

from tipline.record.evidence.gate import GateInputs, OpeningKind, ViewedMeans, Viewer
from tipline.record.evidence.gate_policy import Match

CIRCUITS = {"5", "6"}
MATCHES = {Match.EXACT, Match.PHOTODNA}


def decided(inputs: GateInputs) -> tuple[str, bool, bool, bool, list[str]]:
    """Rule, pixels, EXIF, fingerprint, and the codes of the reasons."""
    viewed = inputs.viewed_by_esp is True and inputs.viewed_means is ViewedMeans.THIS_UPLOAD
    valid = [o for o in inputs.openings if o.opens(inputs.file, inputs.organisation, inputs.now)]
    warrants = [o for o in valid if o.kind is OpeningKind.WARRANT]
    opening = next(iter([*warrants, *valid]), None)
    if viewed and inputs.exif_viewed is True:
        return _opened("1", "gate.viewed", exif=True)
    if opening is not None:
        rule = "6" if opening.kind is OpeningKind.WARRANT else "7"
        return _opened(rule, f"gate.{opening.kind}", exif=True)
    if viewed:
        return _opened("8", "gate.viewed_without_exif")
    if inputs.publicly_available is True and inputs.counsel_enabled_public:
        return _opened("2", "gate.public")
    if (
        inputs.viewer is Viewer.AGENCY
        and inputs.allow_hash_confirm
        and inputs.match in MATCHES
        and inputs.circuit in CIRCUITS
    ):
        return _opened("4", "gate.hash_confirm")
    return _blocked(inputs)


def _opened(rule: str, code: str, *, exif: bool = False) -> tuple[str, bool, bool, bool, list[str]]:
    return rule, True, exif, True, [code] if exif else [code, "gate.exif_closed"]


def _blocked(inputs: GateInputs) -> tuple[str, bool, bool, bool, list[str]]:
    codes = [_why_not_viewed(inputs), _why_not_public(inputs)]
    if inputs.match is not Match.NONE:
        codes.append("gate.match_is_no_viewing")
    if inputs.openings:
        codes.append("gate.opening_does_not_hold")
    return "5" if inputs.match is Match.NONE else "3", False, False, True, codes


def _why_not_viewed(inputs: GateInputs) -> str:
    if inputs.viewed_by_esp is None:
        return "gate.viewed_unknown"
    if inputs.viewed_by_esp is False:
        return "gate.not_viewed"
    if inputs.viewed_means is ViewedMeans.UNKNOWN:
        return "gate.viewed_meaning_unknown"
    return "gate.viewed_means_other"


def _why_not_public(inputs: GateInputs) -> str:
    if inputs.publicly_available is None:
        return "gate.public_unknown"
    return "gate.not_public" if inputs.publicly_available is False else "gate.public_not_enabled"
