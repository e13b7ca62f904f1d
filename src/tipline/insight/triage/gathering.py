"""Gathering what triage looks at: from the document, the files and the rooms below.

The only place that turns stored facts into :class:`Features`; the rules see values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tipline.ground.accounts.models import EspProfile
from tipline.ground.accounts.queries import esp_facts
from tipline.ground.foundation.times import ReportedTime, TimeKind, read_time
from tipline.ground.places.place import ELSEWHERE, NoPlace, Trust
from tipline.ground.taxonomy.files import FileAnnotation, IndustryClassification
from tipline.ground.taxonomy.incidents import incident_type
from tipline.insight.annotation.queries import labels_of
from tipline.insight.enrichment.queries import evidence_if_looked
from tipline.insight.enrichment.rules import PlaceEvidence
from tipline.insight.entities.queries import counted_neighbours
from tipline.insight.entities.rules import Normal, normal_forms
from tipline.insight.matching.queries import known_digests
from tipline.insight.triage.features import Features
from tipline.insight.triage.gathering_people import of_people
from tipline.insight.triage.rules_types import Clock
from tipline.record.evidence.access import decisions_for_house
from tipline.record.evidence.gate import ViewedMeans
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.queries import details_of, files_of
from tipline.record.reports import facts
from tipline.record.reports.doors import Door
from tipline.record.reports.facts import FileFacts, Identifier, IdentifierKind, IpCapture, Role
from tipline.record.reports.models import Report
from tipline.record.reports.queries import document_of
from tipline.record.reports.rules import preservation_until

_SUSPECTS = (Role.SUSPECT, Role.ASSOCIATED)
#: Accounts listed with a victim or a recipient are theirs.
_OF_SUSPECTS = (None, Role.SUSPECT)
_MEMES = frozenset({FileAnnotation.VIRAL.value, FileAnnotation.POTENTIAL_MEME.value})
#: Why a value has no place, where asking its carrier or owner may still give one.
_FINDABLE = frozenset(
    {NoPlace.UNKNOWN, NoPlace.NO_COUNTRY, NoPlace.NOT_GEOGRAPHIC, NoPlace.TOLL_FREE}
)
#: Addresses of the public internet, in our data or not.
_ROUTABLE = frozenset({"", NoPlace.UNKNOWN})
_FARTHEST_EAST = timedelta(hours=14)
#: Before the first of these reports could exist; senders write 1970 for "not known".
_EARLIEST = 1990


@dataclass(frozen=True, slots=True)
class Gathered:
    """One report's facts: for the rules, the clocks, and the summary's counts."""

    features: Features
    clocks: tuple[Clock, ...]
    files: int
    known_files: int
    new_files: int
    links: int
    place: str


@dataclass(frozen=True, slots=True)
class _Material:
    """Everything of a report that is read once and looked at from many sides."""

    report: Report
    document: Mapping[str, Any]
    files: Sequence[EvidenceFile]
    details: Sequence[Mapping[str, Any]]
    file_facts: Sequence[FileFacts]
    all_identifiers: Sequence[Identifier]
    known: frozenset[str]
    places: Sequence[PlaceEvidence] | None
    neighbours: Sequence[int]
    now: datetime

    @property
    def summary(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document.get("incidentSummary", {})
        return found

    @property
    def incident(self) -> ReportedTime | None:
        """The time of the incident; a year that senders write for "not known" says nothing."""
        written = self.summary.get("incidentDateTime")
        if not written:
            return None
        time = read_time(written, TimeKind.INCIDENT)
        undefined = time.day is not None and time.day.year < _EARLIEST
        return ReportedTime(None, written, zone_known=False, kind=time.kind) if undefined else time

    @property
    def spoken_places(self) -> list[PlaceEvidence]:
        """Places that may speak for the report: where an ESP's own staff sit says nothing."""
        public = self.report.by_public
        return [p for p in self.places or () if public or p.role is not Role.REPORTER]

    @property
    def day(self) -> date:
        """The day for which ages are told: of the incident, else of the report."""
        incident = self.incident
        known = incident.day if incident is not None else None
        return known or (self.report.ended_at or self.report.opened_at).date()

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


def gather(report: Report, now: datetime) -> Gathered:
    """All that triage may look at, as it stands now."""
    material = _material(report, now)
    return Gathered(
        features=_features(material),
        clocks=tuple(_clocks(material)),
        files=len(material.files),
        known_files=sum(file.sha256 in material.known for file in material.files),
        new_files=sum(
            file.size > 0 and file.sha256 not in material.known for file in material.files
        ),
        links=len(material.neighbours),
        place=_place_words(material.spoken_places),
    )


def _material(report: Report, now: datetime) -> _Material:
    files = files_of(report.pk)
    details = details_of(files)
    newest = [details.get(file.pk, {}) for file in files]
    document = document_of(report.pk)
    file_facts = [
        facts.file_facts(said, index=place, has_content=file.size > 0)
        for place, (file, said) in enumerate(zip(files, newest, strict=True), start=1)
    ]
    return _Material(
        report=report,
        document=document,
        files=files,
        details=newest,
        file_facts=file_facts,
        all_identifiers=facts.identifiers(document, newest),
        known=known_digests(files),
        places=evidence_if_looked(report.pk),
        neighbours=counted_neighbours(report.pk),
        now=now,
    )


def _features(m: _Material) -> Features:
    return Features(
        **_of_incident(m),
        **_of_files(m),
        **of_people(m.document, m.day),
        **_of_identifiers(m),
        **_of_context(m),
    )


def _of_incident(m: _Material) -> dict[str, Any]:
    kind = incident_type(m.summary.get("incidentType", ""))
    incident = m.incident
    # Where an ESP writes when it found something, nothing is known of when it happened.
    own = esp_facts(m.report.profile).incident_time_means != "detection"
    hours = None
    if incident is not None and incident.instant is not None and own:
        hours = (m.now - incident.instant) / timedelta(hours=1)
    asked = bool(facts.escalation(m.document))
    return {
        "incident_type": kind,
        "escalated": asked and not m.report.by_public,
        "annotations": facts.annotations(m.document),
        "batched": "batchedReport" in m.document,
        "third_party": _any_flag(m.document, "thirdPartyUserReported", "thirdPartyHostedContent"),
        "chat_content": _chat(m),
        "urls": len({one.raw for one in m.all_identifiers if one.kind is IdentifierKind.URL}),
        "incident_time_known": None if incident is None else incident.readable and own,
        "incident_time_zoned": incident.zone_known if incident is not None and own else None,
        "hours_since_incident": hours,
        "from_esp": m.report.door in (Door.ISPWS, Door.ESP_DESK),
        # At these doors the only way to ask for priority is to say just that.
        "child_in_danger_now": True if asked and m.report.by_public else None,
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


def _chat(m: _Material) -> bool | None:
    """Whether a conversation came along; a file of text may be one, which nobody has said."""
    told = any(
        isinstance(incident, Mapping) and bool(incident.get("content"))
        for detail in m.document.get("internetDetails", ())
        for name, incident in detail.items()
        if name in _CHATTING
    )
    texts = any(file.size and file.content_type.startswith("text/") for file in m.files)
    return told or (None if texts else False)


def _of_files(m: _Material) -> dict[str, Any]:
    reported = [
        (file, said)
        for file, said in zip(m.files, m.file_facts, strict=True)
        if not said.supplemental
    ]
    with_bytes = [(file, said) for file, said in reported if file.size > 0]
    opened = decisions_for_house([file for file, _said in with_bytes])
    labels = labels_of(file.sha256 for file in m.files)
    hashes = any(one.kind is IdentifierKind.FILE_DIGEST for one in m.all_identifiers)
    any_bytes = sum(file.size > 0 for file in m.files)
    digests = {file.sha256 for file, _said in with_bytes}
    return {
        "files": len(m.files),
        "files_with_bytes": any_bytes,
        "files_openable": sum(decision.open for decision in opened.values()),
        "only_hash": hashes and any_bytes == 0,
        "file_annotations": frozenset(a for _file, said in reported for a in said.annotations),
        "industry_classes": frozenset(
            IndustryClassification(said.classification)
            for _file, said in reported
            if said.classification in set(IndustryClassification)
        ),
        "all_files_flagged_viral": all(said.annotations & _MEMES for _file, said in reported)
        if reported
        else None,
        "known_files": len(digests & m.known),
        "new_files": len(digests - m.known),
        "novel_viewed": _novel_viewed(m, with_bytes),
        "labels": frozenset(code for codes in labels.values() for code in codes),
    }


def _novel_viewed(
    m: _Material, with_bytes: Sequence[tuple[EvidenceFile, FileFacts]]
) -> bool | None:
    """Whether a person at the ESP looked at something new; None where the ESP does not say so.

    Its flag counts only where its profile says that it means this very upload.
    """
    new = [said.viewed for file, said in with_bytes if file.sha256 not in m.known]
    if not new:
        return False
    if esp_facts(m.report.profile).viewed_means != ViewedMeans.THIS_UPLOAD:
        return None
    return True if True in new else None if None in new else False


def _distinct(found: Sequence[Normal], *kinds: IdentifierKind, verified: bool = False) -> int:
    return len({one.key for one in found if one.kind in kinds and (one.verified or not verified)})


def _of_identifiers(m: _Material) -> dict[str, Any]:
    sender = m.report.sender.name if m.report.sender else ""
    found = normal_forms(m.identifiers, sender)
    public = {p.value for p in m.places or () if p.kind == "ip" and p.no_place in _ROUTABLE}
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


def _of_context(m: _Material) -> dict[str, Any]:
    senders = Report.objects.filter(pk__in=m.neighbours).values_list("pk", "sender_id")
    esps = {sender for _number, sender in senders} | {m.report.sender_id}
    return {
        "places": None if m.places is None else sum(map(_may_be_found, m.spoken_places)),
        "place_resolved": None if m.places is None else any(map(_is_resolved, m.spoken_places)),
        "linked_reports": len(m.neighbours) - len(_same_again(m, dict(senders))),
        "linked_esps": len(esps - {None}),
    }


def _may_be_found(piece: PlaceEvidence) -> bool:
    """Whether a place might be found from this: legal process can ask where our data ends."""
    return piece.place is not None or piece.no_place in _FINDABLE


def _is_resolved(piece: PlaceEvidence) -> bool:
    """Whether this is a place as routing takes it, of no low trust."""
    if piece.place is None or piece.place.note in ELSEWHERE:
        return False
    return bool(piece.place.country) and piece.place.country_trust is not Trust.LOW


def _same_again(m: _Material, senders: Mapping[int, int | None]) -> set[int]:
    """Joined reports in which the same sender sent one of the same files: no independent word."""
    own = [
        n for n, sender in senders.items() if sender is not None and sender == m.report.sender_id
    ]
    rows = EvidenceFile.objects.filter(
        report__in=own, sha256__in={file.sha256 for file in m.files}, size__gt=0
    )
    return set(rows.values_list("report_id", flat=True)) if own and m.files else set()


def _place_words(places: Iterable[PlaceEvidence]) -> str:
    """The first trusted place, as a short code: victims' before suspects'."""
    order = {Role.VICTIM: 0, Role.RECIPIENT: 1, Role.INCIDENT: 2, Role.SUSPECT: 3}
    ranked = sorted(
        (
            piece
            for piece in places
            if piece.place is not None and piece.place.note not in ELSEWHERE
        ),
        key=lambda piece: (not _is_resolved(piece), order.get(piece.role, 4)),
    )
    place = ranked[0].place if ranked else None
    return "-".join(part for part in (place.country, place.state) if part) if place else ""


def _clocks(m: _Material) -> list[Clock]:
    """When evidence may be gone: by law, and by what the ESP says of its own retention."""
    filed = m.report.ended_at or m.report.opened_at
    clocks = [Clock("report_content", filed, preservation_until(filed))]
    event = _earliest(m.incident)
    started = min(event, filed) if event is not None else filed
    for data_class, days in sorted(_retention(m.report.profile).items()):
        if data_class != "content" and days > 0:
            clocks.append(Clock(data_class, started, started + timedelta(days=days)))
    return clocks


def _earliest(time: ReportedTime | None) -> datetime | None:
    """The first instant that a time can mean; without a zone it may be that of the far east."""
    if time is None or time.instant is not None or time.day is None:
        return time.instant if time is not None else None
    wall = time.naive or datetime.combine(time.day, datetime.min.time())
    return wall.replace(tzinfo=UTC) - _FARTHEST_EAST


def _retention(profile: EspProfile | None) -> Mapping[str, int]:
    return esp_facts(profile).retention_days
