"""What triage looks at: plain values about one report, gathered by the integrator.

Every field may be unknown. ``None`` is *unknown* and is never read as *no*: a test fails
only on what is known, a point is given only for what is known. Empty sets mean that
nothing was said. Counts are counts of distinct things, after duplicates are merged.

The fields of :data:`CARRIED_ONLY` are carried so that pages can show them; no rule may
let them move a score (tests hold it), however large they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from tipline.ground.taxonomy.files import IndustryClassification
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.ground.taxonomy.levels import Disposition, Level


class Label(StrEnum):
    """The analysts' labels that triage reads; others are carried and move nothing.

    The annotation room maps its own vocabulary onto these.
    """

    IMMINENT_DANGER = "imminent_danger"
    SUICIDAL_VICTIM = "suicidal_victim"
    PLANNED_MEETING = "planned_meeting"
    GROOMING = "grooming"
    INCITEMENT = "incitement"
    SEXUAL_TALK = "sexual_talk"
    PRODUCTION = "production"
    LIVE_STREAMING = "live_streaming"
    SELF_PRODUCTION = "self_production"
    INFANT_TODDLER = "infant_toddler"
    VIOLENCE = "violence"
    BESTIALITY = "bestiality"


class CueKind(StrEnum):
    """What words in a narrative may hint at. A cue proposes; a person decides."""

    PLANNED_MEETING = "planned_meeting"
    SELF_HARM = "self_harm"
    LIVE_ABUSE = "live_abuse"
    EXTORTION_DEADLINE = "extortion_deadline"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True)
class Cue:
    """A hint found in free text: its kind, the words as they stand, where, in which language.

    ``role``: of whom the text speaks, as in :class:`facts.Role`. ``words`` is a short quote.
    """

    kind: CueKind
    words: str
    path: str
    language: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The facts of one report as triage sees them. All optional; ``None`` = unknown."""

    # -- the incident -------------------------------------------------------------
    incident_type: IncidentType | None = None
    """Our own code of ``incidentSummary.incidentType`` or of the analyst's correction."""
    escalated: bool | None = None
    """ESP: ``incidentSummary.escalateToHighPriority`` present and not blank."""
    annotations: frozenset[str] = frozenset()
    """ESP: names of the presence flags in ``incidentSummary.reportAnnotations``."""
    batched: bool | None = None
    """ESP: ``batchedReport`` present (VIRAL_POTENTIAL_MEME)."""
    third_party: bool | None = None
    """ESP: ``thirdPartyUserReported`` or ``thirdPartyHostedContent``: it holds no more."""
    compromised_account: bool | None = None
    """ESP: ``compromisedAccount`` of the reported user: perhaps taken over."""
    with_police: bool | None = None
    """ESP: a ``lawEnforcement`` block says that police know or have served process."""
    prior_reports: bool | None = None
    """ESP: ``priorCTReports`` of the reported user holds at least one number."""
    from_esp: bool | None = None
    """Door: sent by a registered ESP (True) or by the public, phone or import (False)."""
    child_in_danger_now: bool | None = None
    """Public reporter's own answer: is a child in danger at this moment?"""
    chat_content: bool | None = None
    """Any ``content`` of a chat, e-mail or game incident, or a chat log among the files."""
    urls: int | None = None
    """Count of ``webPageIncident.url`` and ``locationOfFile``: content that can be found."""

    # -- the files (reported ones; supplemental files count for bytes only) ---------
    files: int | None = None
    """Files named in the report, with or without bytes. Never moves danger."""
    files_with_bytes: int | None = None
    """Files whose bytes we hold."""
    files_openable: int | None = None
    """Files that the gate opens to our own analysts now."""
    only_hash: bool | None = None
    """Hashes are named but no byte of any file arrived."""
    file_annotations: frozenset[str] = frozenset()
    """ESP: union of the names in ``fileAnnotations`` over all reported files."""
    industry_classes: frozenset[IndustryClassification] = frozenset()
    """ESP: all ``industryClassification`` values (A1, A2, B1, B2) among the files."""
    all_files_flagged_viral: bool | None = None
    """ESP: there is a file and each bears ``viral`` or ``potentialMeme``."""
    known_files: int | None = None
    """Matching and lists: distinct files that came before or that a trusted list knows."""
    new_files: int | None = None
    """Matching: distinct files that match nothing."""
    novel_viewed: bool | None = None
    """Matching and ESP: a file that matches nothing was seen by a person at the ESP."""
    all_files_on_viral_list: bool | None = None
    """Matching: there is a file and each is on our own three-person viral list."""
    unviewed_meme: bool | None = None
    """Matching: a file that nobody at the ESP viewed is known to us as a meme."""
    unidentified_series: bool | None = None
    """Lists: a file is of a series whose child is unidentified: the same bytes on a list that is
    trusted, or a match that an analyst confirmed."""
    labels: frozenset[str] = frozenset()
    """Annotation: codes that our analysts gave to the files or to the report."""

    # -- the people -------------------------------------------------------------
    victim_present: bool | None = None
    """A ``victim`` block, or a child identified as the victim by an analyst."""
    victim_age: int | None = None
    """Youngest victim's age in years at the incident, as told (age or date of birth)."""
    several_children: bool | None = None
    """Two or more different children are victims."""
    cues: tuple[Cue, ...] = ()
    """Narrative: what the lexicon found, at most one of each kind, with the words it saw."""
    recipients: bool | None = None
    """An ``intendedRecipient`` block is present."""
    minor_suspect: bool | None = None
    """The reported person is a child (age below 18): leads to a lane of its own."""
    access_to_children: bool | None = None
    """The reported person lives, works or meets with children (reporter or analyst)."""
    convicted: bool | None = None
    """Prior sexual conviction or allegation of the reported person, or prison for it."""
    other_convictions: bool | None = None
    """Other convictions, domestic abuse or substance misuse (KIRAT)."""
    person_named: bool | None = None
    """The reported person's first or last name or date of birth is given."""

    # -- identifiers of the reported person, distinct and usable ------------------
    user_ids: int | None = None
    """``espIdentifier`` (and ``associatedAccount.espIdentifier``) values."""
    verified_contacts: int | None = None
    """E-mail addresses and phone numbers with ``verified`` true."""
    contacts: int | None = None
    """E-mail addresses and phone numbers, verified or not."""
    screen_names: int | None = None
    """Screen names and profile URLs."""
    ips_zoned: int | None = None
    """Public IP addresses whose event time has a zone and is no detection time."""
    ips_with_port: int | None = None
    """Those of ``ips_zoned`` that also carry a port (shared addresses)."""
    ips_untimed: int | None = None
    """Public IP addresses without a usable event time."""

    # -- where and when -----------------------------------------------------------
    places: int | None = None
    """Pieces of evidence from which *any* location might be found, an IP address and a
    phone number included. 0 = none is possible; ``None`` = not looked yet."""
    place_resolved: bool | None = None
    """Routing found a state or a country from evidence that is not of low trust."""
    incident_time_known: bool | None = None
    """The incident time is the event's own, not "undefined" and not the detection."""
    incident_time_zoned: bool | None = None
    """The incident time was written with a zone."""
    hours_since_incident: float | None = None
    """Hours from the incident to now; only for incident times that are known."""

    # -- links that an analyst judged, and analysts' own words ---------------------
    linked_reports: int | None = None
    """Other, independent reports joined to this one by an accepted link."""
    linked_esps: int | None = None
    """Different organisations that sent this and the joined reports."""
    sender_useful: bool | None = None
    """Outcomes: agencies mostly call (True) or rarely call (False) this sender's reports
    useful; ``None`` while too few were answered."""
    nexus_judged: bool | None = None
    """Analyst: there is (True) or is not (False) an exploitation nexus."""
    disposition_judged: Disposition | None = None
    """Analyst: the disposition that a person set, with a reason."""
    analyst_level: Level | None = None
    """Analyst: level ``E``, ``1``, ``2`` or ``3``; ``1`` means imminent danger."""
    urgent_confirmed: bool | None = None
    """Analyst: a person has confirmed that this is urgent."""
    urgent_refuted: frozenset[str] = frozenset()
    """Analyst: codes of the urgent signals that a person judged and found not urgent.
    A signal that comes later is not among them, so it makes the report urgent again."""

    # -- carried, never counted ----------------------------------------------------
    duplicates: int | None = None
    """Reports of the same file by the same ESP."""
    bundle_size: int | None = None
    """Members of the bundle that this report heads."""
    completeness: int | None = None
    """Share of the fields that the ESP filled in, in percent."""


CARRIED_ONLY = frozenset({"duplicates", "bundle_size", "completeness", "files", "with_police"})
"""Fields that no score may depend on."""

_SETS = frozenset({"annotations", "file_annotations", "labels", "urgent_refuted"})
_CODES: Mapping[str, Any] = {
    "incident_type": IncidentType,
    "analyst_level": Level,
    "disposition_judged": Disposition,
}


def as_json(features: Features) -> dict[str, Any]:
    """Plain JSON values; what is unknown or empty is left out. :func:`from_json` reads it."""
    told = {name: value for name, value in asdict(features).items() if value not in _NOTHING}
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in told.items()
    }


_NOTHING: tuple[Any, ...] = (None, frozenset(), ())


def from_json(data: Mapping[str, Any]) -> Features:
    """The features that :func:`as_json` wrote, fields that no longer exist left out."""
    known = {field.name for field in fields(Features)}
    return Features(**{name: _read(name, data[name]) for name in data if name in known})


def _read(name: str, value: Any) -> Any:
    if name in _SETS:
        return frozenset(value)
    if name in _CODES:
        return _CODES[name](value)
    if name == "industry_classes":
        return frozenset(IndustryClassification(code) for code in value)
    if name == "cues":
        return tuple(Cue(**{**cue, "kind": CueKind(cue["kind"])}) for cue in value)
    return value
