"""What the gate looks at and what it says: values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tipline.ground.foundation.reasons import Reason
from tipline.record.evidence.gate_policy import Match


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
    ENDED = "ended"


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
    ``paper``: the number of its row, which is kept with decisions; 0 where there is none.
    """

    kind: OpeningKind
    state: OpeningState
    files: frozenset[str]
    holder: str
    valid_from: datetime
    valid_until: datetime | None
    approved_by: str
    paper: int = 0

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
    :func:`tipline.ground.places.states.circuit_of`. ``receives_and_assesses``: the law makes
    the asker the one who receives reports and assesses them.
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
    receives_and_assesses: bool = False
    openings: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class GateDecision:
    """What may be seen and derived, by which rule of which policy, and why.

    ``exif`` is never wider than ``pixels``. ``fingerprint`` says whether perceptual
    fingerprints may be computed; digests, sizes and names are open always. ``inputs``: what
    it was decided on, and ``digest`` that of the policy's bytes; two decisions that say the
    same are equal.
    """

    pixels: Access
    exif: Access
    fingerprint: Access
    rule: str
    policy: str
    reasons: tuple[Reason, ...]
    inputs: GateInputs | None = field(default=None, compare=False, repr=False)
    digest: str = field(default="", compare=False, repr=False)

    @property
    def open(self) -> bool:
        return self.pixels is Access.ALLOW
