"""What a report itself tells, as triage sees it. Pure.

The pipeline adds what the rooms below know (earlier copies, labels, links, openings); the
pre-submission check and the benchmark have only this. One reading serves all three, so that
what the check promises is what the pipeline finds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from tipline.ground.accounts.profiles import EspFacts
from tipline.ground.foundation.times import ReportedTime, TimeKind, read_time
from tipline.ground.places.place import ELSEWHERE, NoPlace, Trust
from tipline.ground.taxonomy.files import FileAnnotation, IndustryClassification
from tipline.ground.taxonomy.incidents import incident_type
from tipline.insight.enrichment.rules import PlaceEvidence
from tipline.insight.entities.forms.rules import Normal, normal_forms
from tipline.insight.triage.facts_people import of_people
from tipline.insight.triage.rules_cues import cues
from tipline.record.evidence.gate import ViewedMeans
from tipline.record.reports import facts
from tipline.record.reports.doors import Door
from tipline.record.reports.facts import FileFacts, Identifier, IdentifierKind, IpCapture, Role

_SUSPECTS = (Role.SUSPECT, Role.ASSOCIATED)
#: Accounts listed with a victim or a recipient are theirs.
_OF_SUSPECTS = (None, Role.SUSPECT)
_MEMES = frozenset({FileAnnotation.VIRAL.value, FileAnnotation.POTENTIAL_MEME.value})
#: Why a value has no place, where asking its carrier or owner may still give one.
_FINDABLE = frozenset(
    {NoPlace.UNKNOWN, NoPlace.NO_COUNTRY, NoPlace.NOT_GEOGRAPHIC, NoPlace.TOLL_FREE}
)
#: Addresses of the public internet, in our data or not.
ROUTABLE = frozenset({"", NoPlace.UNKNOWN})
#: Before the first of these reports could exist; senders write 1970 for "not known".
EARLIEST = 1990


@dataclass(frozen=True, slots=True)
class ToldFile:
    """One file: its digest, its size in bytes (0: never sent) and what the sender says of it."""

    sha256: str
    size: int
    content_type: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """A report as its sender made it. ``places``: None while nobody has looked for any.

    ``filed`` and ``now`` are aware; ``esp`` is the profile as it was when the report came.
    """

    document: Mapping[str, Any]
    files: Sequence[ToldFile]
    esp: EspFacts
    door: Door
    sender: str
    filed: datetime
    now: datetime
    places: Sequence[PlaceEvidence] | None

    @property
    def by_public(self) -> bool:
        return self.door in (Door.PUBLIC, Door.PHONE)

    @property
    def details(self) -> list[Mapping[str, Any]]:
        return [file.details for file in self.files]

    @cached_property
    def file_facts(self) -> list[FileFacts]:
        return [
            facts.file_facts(file.details, index=place, has_content=file.size > 0)
            for place, file in enumerate(self.files, start=1)
        ]

    @cached_property
    def reported(self) -> list[tuple[ToldFile, FileFacts]]:
        """Files that are reported themselves, not sent along as a supplement."""
        pairs = zip(self.files, self.file_facts, strict=True)
        return [(file, said) for file, said in pairs if not said.supplemental]

    @cached_property
    def all_identifiers(self) -> Sequence[Identifier]:
        return facts.identifiers(self.document, self.details)

    @property
    def identifiers(self) -> list[Identifier]:
        """Those of the reported person and of accounts tied to them."""
        return [
            one
            for one in self.all_identifiers
            if one.role in _SUSPECTS and one.owner in _OF_SUSPECTS
        ]

    @property
    def captures(self) -> list[IpCapture]:
        found = facts.ip_captures(self.document, self.details)
        return [
            one
            for one in found
            if one.role in (*_SUSPECTS, Role.FILE, Role.INCIDENT) and one.owner in _OF_SUSPECTS
        ]

    @property
    def summary(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document.get("incidentSummary", {})
        return found

    @cached_property
    def incident(self) -> ReportedTime | None:
        """The time of the incident; a year that senders write for "not known" says nothing."""
        written = self.summary.get("incidentDateTime")
        if not written:
            return None
        time = read_time(written, TimeKind.INCIDENT)
        undefined = time.day is not None and time.day.year < EARLIEST
        return ReportedTime(None, written, zone_known=False, kind=time.kind) if undefined else time

    @property
    def spoken_places(self) -> list[PlaceEvidence]:
        """Places that may speak for the report: where an ESP's own staff sit says nothing."""
        return [p for p in self.places or () if self.by_public or p.role is not Role.REPORTER]

    @property
    def day(self) -> date:
        """The day for which ages are told: of the incident, else of the report."""
        known = self.incident.day if self.incident is not None else None
        return known or self.filed.date()


def told(report: Told) -> dict[str, Any]:
    """The fields of :class:`Features` that the report alone fills in."""
    return {
        **_of_incident(report),
        **_of_files(report),
        **of_people(report.document, report.day),
        **_of_identifiers(report),
        **_of_places(report),
        "cues": cues(facts.narratives(report.document, report.details)),
    }


def _of_incident(m: Told) -> dict[str, Any]:
    incident = m.incident
    # Where an ESP writes when it found something, nothing is known of when it happened.
    own = m.esp.incident_time_means != "detection"
    hours = None
    if incident is not None and incident.instant is not None and own:
        hours = (m.now - incident.instant) / timedelta(hours=1)
    asked = bool(facts.escalation(m.document))
    return {
        "incident_type": incident_type(m.summary.get("incidentType", "")),
        "escalated": asked and not m.by_public,
        "annotations": facts.annotations(m.document),
        "batched": "batchedReport" in m.document,
        "third_party": _any_flag(m.document, "thirdPartyUserReported", "thirdPartyHostedContent"),
        "chat_content": _chat(m),
        "urls": len({one.raw for one in m.all_identifiers if one.kind is IdentifierKind.URL}),
        "incident_time_known": None if incident is None else incident.readable and own,
        "incident_time_zoned": incident.zone_known if incident is not None and own else None,
        "hours_since_incident": hours,
        "from_esp": m.door in (Door.ISPWS, Door.ESP_DESK),
        # At these doors the only way to ask for priority is to say just that.
        "child_in_danger_now": True if asked and m.by_public else None,
    }


def _any_flag(document: Mapping[str, Any], *names: str) -> bool | None:
    """Whether a flag is true on any reported person or incident; None when never said."""
    said = [
        element[name]
        for element in (
            *document.get("personOrUserReported", ()),
            *(kind for detail in document.get("internetDetails", ()) for kind in detail.values()),
        )
        if isinstance(element, Mapping)
        for name in names
        if isinstance(element.get(name), bool)
    ]
    return any(said) if said else None


_CHATTING = ("chatImIncident", "emailIncident", "onlineGamingIncident")


def _chat(m: Told) -> bool | None:
    """Whether a conversation came along; a file of text may be one, which nobody has said."""
    spoken = any(
        isinstance(incident, Mapping) and bool(incident.get("content"))
        for detail in m.document.get("internetDetails", ())
        for name, incident in detail.items()
        if name in _CHATTING
    )
    texts = any(file.size and file.content_type.startswith("text/") for file in m.files)
    return spoken or (None if texts else False)


def _of_files(m: Told) -> dict[str, Any]:
    hashes = any(one.kind is IdentifierKind.FILE_DIGEST for one in m.all_identifiers)
    any_bytes = sum(file.size > 0 for file in m.files)
    return {
        "files": len(m.files),
        "files_with_bytes": any_bytes,
        "files_openable": sum(file.size > 0 and opens(m, said) for file, said in m.reported),
        "only_hash": hashes and any_bytes == 0,
        "file_annotations": frozenset(a for _file, said in m.reported for a in said.annotations),
        "industry_classes": frozenset(
            IndustryClassification(said.classification)
            for _file, said in m.reported
            if said.classification in set(IndustryClassification)
        ),
        "all_files_flagged_viral": all(said.annotations & _MEMES for _file, said in m.reported)
        if m.reported
        else None,
        "novel_viewed": novel_viewed(m, frozenset()),
    }


def opens(m: Told, said: FileFacts) -> bool:
    """Whether the ESP's own viewing opens the file (rules 1 and 8 of the gate)."""
    return said.viewed is True and m.esp.viewed_means == ViewedMeans.THIS_UPLOAD


def novel_viewed(m: Told, known: frozenset[str]) -> bool | None:
    """Whether a person at the ESP looked at something new; None where the ESP does not say so.

    Its flag counts only where its profile says that it means this very upload. ``known``:
    digests that came before.
    """
    new = [s.viewed for file, s in m.reported if file.size > 0 and file.sha256 not in known]
    if not new:
        return False
    if m.esp.viewed_means != ViewedMeans.THIS_UPLOAD:
        return None
    return True if True in new else None if None in new else False


def _distinct(found: Sequence[Normal], *kinds: IdentifierKind, verified: bool = False) -> int:
    return len({one.key for one in found if one.kind in kinds and (one.verified or not verified)})


def _of_identifiers(m: Told) -> dict[str, Any]:
    found = normal_forms(m.identifiers, m.sender)
    public = {p.value for p in m.places or () if p.kind == "ip" and p.no_place in ROUTABLE}
    captures = [capture for capture in m.captures if capture.address in public]
    timed = [c for c in captures if c.time is not None and c.time.instant is not None]
    contact = (IdentifierKind.EMAIL, IdentifierKind.PHONE)
    return {
        "user_ids": _distinct(found, IdentifierKind.ESP_USER_ID),
        "verified_contacts": _distinct(found, *contact, verified=True),
        "contacts": _distinct(found, *contact),
        "screen_names": _distinct(found, IdentifierKind.SCREEN_NAME, IdentifierKind.PROFILE_URL),
        "ips_zoned": len({c.address for c in timed}),
        "ips_with_port": len({c.address for c in timed if c.port is not None}),
        "ips_untimed": len({c.address for c in captures} - {c.address for c in timed}),
    }


def _of_places(m: Told) -> dict[str, Any]:
    return {
        "places": None if m.places is None else sum(map(_may_be_found, m.spoken_places)),
        "place_resolved": None if m.places is None else any(map(_is_resolved, m.spoken_places)),
    }


def _may_be_found(piece: PlaceEvidence) -> bool:
    """Whether a place might be found from this: legal process can ask where our data ends."""
    return piece.place is not None or piece.no_place in _FINDABLE


def _is_resolved(piece: PlaceEvidence) -> bool:
    """Whether this is a place as routing takes it, of no low trust."""
    if piece.place is None or piece.place.note in ELSEWHERE:
        return False
    return bool(piece.place.country) and piece.place.country_trust is not Trust.LOW


def place_words(m: Told) -> str:
    """The first trusted place, as a short code: victims' before suspects'."""
    order = {Role.VICTIM: 0, Role.RECIPIENT: 1, Role.INCIDENT: 2, Role.SUSPECT: 3}
    ranked = sorted(
        (
            piece
            for piece in m.spoken_places
            if piece.place is not None and piece.place.note not in ELSEWHERE
        ),
        key=lambda piece: (not _is_resolved(piece), order.get(piece.role, 4)),
    )
    place = ranked[0].place if ranked else None
    return "-".join(part for part in (place.country, place.state) if part) if place else ""
