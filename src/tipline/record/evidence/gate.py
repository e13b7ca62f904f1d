"""The legal gate: may this person see these bytes now? Per file, deterministic, default deny.

Everyone stands before it, our own analysts included (United States v. Ackerman, 10th Cir.
2016: opening more than the provider had opened was a search). A file is never opened by
what is known of its twin: nothing about another file's label or viewing is an input, and
a match is not a viewing (United States v. Wilson, 9th Cir. 2021). Rule numbers are those
of the table on the reference page "domain", section 4:

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

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tipline.ground.foundation.reasons import Reason, Source
from tipline.record.evidence.gate_policy import GatePolicy, Match


class ViewedMeans(StrEnum):
    """What an ESP's "viewed" flag means, by its profile. Only the first ever counts."""

    THIS_UPLOAD = "this_upload_by_person_before_reporting"
    OTHER = "other"
    UNKNOWN = "unknown"


class Viewer(StrEnum):
    """Who asks to see: our own people (and what we derive for them), or an agency."""

    CLEARINGHOUSE = "clearinghouse"
    AGENCY = "agency"


class OpeningKind(StrEnum):
    WARRANT = "warrant"
    CONSENT = "consent"
    EXIGENCY = "exigency"


class OpeningState(StrEnum):
    """Only a granted opening opens; one applied for or denied blocks like none."""

    APPLIED = "applied"
    GRANTED = "granted"
    DENIED = "denied"
    REVOKED = "revoked"


class Access(StrEnum):
    ALLOW = "allow"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Opening:
    """A power to open: what it names, whose it is, and from when until when.

    ``files``: ids of the files it names. ``holder``: id of the organisation that holds
    it. ``valid_from``/``valid_until`` are aware; the end is excluded. A warrant may have
    no end; consent and exigency must have one. ``approved_by``: the named supervisor of
    an exigency, the owner of a consent, the issuer of a warrant; blank opens nothing.
    """

    kind: OpeningKind
    state: OpeningState
    files: frozenset[str]
    holder: str
    valid_from: datetime
    valid_until: datetime | None
    approved_by: str

    def opens(self, file: str, organisation: str, now: datetime) -> bool:
        """Does it open this file to this organisation at this instant?"""
        bounded = self.valid_until is not None or self.kind is OpeningKind.WARRANT
        return (
            self.state is OpeningState.GRANTED
            and bool(self.approved_by.strip())
            and file in self.files
            and bool(organisation)
            and self.holder == organisation
            and bounded
            and self.valid_from <= now
            and (self.valid_until is None or now < self.valid_until)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GateInputs:
    """All that the gate looks at, for one file and one asker. ``None`` = unknown = no.

    ``viewed_by_esp``, ``exif_viewed``, ``publicly_available``: the file's own flags as the
    ESP wrote them. ``viewed_means``: from the ESP's profile. ``counsel_enabled_public``
    and ``allow_hash_confirm``: set by the asker's own counsel. ``match``: the best match
    of these bytes with a known file. ``circuit``: of the agency's state, see
    :func:`tipline.ground.places.states.circuit_of`.
    """

    file: str
    viewer: Viewer
    organisation: str
    now: datetime
    viewed_by_esp: bool | None = None
    viewed_means: ViewedMeans = ViewedMeans.UNKNOWN
    exif_viewed: bool | None = None
    publicly_available: bool | None = None
    counsel_enabled_public: bool = False
    match: Match = Match.NONE
    circuit: str | None = None
    allow_hash_confirm: bool = False
    openings: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class GateDecision:
    """What may be seen and derived, by which rule of which policy, and why.

    ``exif`` is never wider than ``pixels``. ``fingerprint`` says whether perceptual
    fingerprints may be computed; digests, sizes and names are open always.
    """

    pixels: Access
    exif: Access
    fingerprint: Access
    rule: str
    policy: str
    reasons: tuple[Reason, ...]

    @property
    def open(self) -> bool:
        return self.pixels is Access.ALLOW


def decide(inputs: GateInputs, policy: GatePolicy) -> GateDecision:
    """Decide for one file, one asker, one instant. Same inputs, same decision."""
    viewed = _viewed(inputs)
    if viewed and inputs.exif_viewed is True:
        return _opened("1", inputs, policy, "gate.viewed", exif=True)
    opening = _opening(inputs)
    if opening is not None:
        rule = "6" if opening.kind is OpeningKind.WARRANT else "7"
        return _opened(rule, inputs, policy, f"gate.{opening.kind}", exif=True)
    if viewed:
        return _opened("8", inputs, policy, "gate.viewed_without_exif")
    if _public(inputs, policy):
        return _opened("2", inputs, policy, "gate.public")
    if _hash_confirm(inputs, policy):
        return _opened("4", inputs, policy, "gate.hash_confirm")
    return _blocked(inputs, policy)


def _viewed(inputs: GateInputs) -> bool:
    return inputs.viewed_by_esp is True and inputs.viewed_means is ViewedMeans.THIS_UPLOAD


def _opening(inputs: GateInputs) -> Opening | None:
    """The opening that holds; a warrant before consent or exigency."""
    valid = [o for o in inputs.openings if o.opens(inputs.file, inputs.organisation, inputs.now)]
    warrants = [o for o in valid if o.kind is OpeningKind.WARRANT]
    return next(iter([*warrants, *valid]), None)


def _public(inputs: GateInputs, policy: GatePolicy) -> bool:
    return (
        inputs.publicly_available is True
        and inputs.counsel_enabled_public
        and policy.rules.counsel_may_enable_public
    )


def _hash_confirm(inputs: GateInputs, policy: GatePolicy) -> bool:
    return (
        inputs.viewer is Viewer.AGENCY
        and inputs.allow_hash_confirm
        and inputs.match in policy.rules.hash_confirm_matches
        and inputs.circuit in policy.rules.hash_confirm_circuits
    )


def _opened(
    rule: str, inputs: GateInputs, policy: GatePolicy, code: str, *, exif: bool = False
) -> GateDecision:
    params = {"rule": rule, "file": inputs.file}
    # Who asserted it: the ESP by its flags, everything else is on record with us.
    source = Source.REPORTER if rule in {"1", "2", "8"} else Source.SYSTEM
    reasons = [Reason(code, params, source=source, version=policy.stamp)]
    if not exif:
        reasons.append(Reason("gate.exif_closed", params, version=policy.stamp))
    return GateDecision(
        pixels=Access.ALLOW,
        exif=Access.ALLOW if exif else Access.BLOCK,
        fingerprint=Access.ALLOW,
        rule=rule,
        policy=policy.stamp,
        reasons=tuple(reasons),
    )


def _blocked(inputs: GateInputs, policy: GatePolicy) -> GateDecision:
    rule = "5" if inputs.match is Match.NONE else "3"
    codes = [_why_not_viewed(inputs), _why_not_public(inputs, policy)]
    if inputs.match is not Match.NONE:
        codes.append("gate.match_is_no_viewing")
    if inputs.openings:
        codes.append("gate.opening_does_not_hold")
    params = {"rule": rule, "file": inputs.file}
    fingerprint = Access.ALLOW if policy.rules.fingerprint_blocked_files else Access.BLOCK
    return GateDecision(
        pixels=Access.BLOCK,
        exif=Access.BLOCK,
        fingerprint=fingerprint,
        rule=rule,
        policy=policy.stamp,
        reasons=tuple(Reason(code, params, version=policy.stamp) for code in codes),
    )


def _why_not_viewed(inputs: GateInputs) -> str:
    if inputs.viewed_by_esp is None:
        return "gate.viewed_unknown"
    if inputs.viewed_by_esp is False:
        return "gate.not_viewed"
    if inputs.viewed_means is ViewedMeans.UNKNOWN:
        return "gate.viewed_meaning_unknown"
    return "gate.viewed_means_other"


def _why_not_public(inputs: GateInputs, policy: GatePolicy) -> str:
    if inputs.publicly_available is None:
        return "gate.public_unknown"
    if inputs.publicly_available is False:
        return "gate.not_public"
    if not policy.rules.counsel_may_enable_public:
        return "gate.public_never_opens"
    return "gate.public_not_enabled"
