"""Gathering what triage looks at: from the document, the files and the rooms below.

The only place that turns stored facts into :class:`Features`; the rules see values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tipline.ground.accounts.models import EspProfile
from tipline.ground.accounts.queries import esp_facts
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.times import ReportedTime, TimeKind, read_time
from tipline.ground.places.place import NoPlace
from tipline.ground.taxonomy.files import FileAnnotation, IndustryClassification
from tipline.ground.taxonomy.incidents import incident_type
from tipline.insight.annotation.queries import labels_of
from tipline.insight.enrichment.queries import evidence_of
from tipline.insight.enrichment.rules import PlaceEvidence
from tipline.insight.entities.queries import counted_neighbours
from tipline.insight.matching.queries import known_digests
from tipline.insight.triage.features import Features
from tipline.insight.triage.rules_types import Clock
from tipline.record.evidence.access import decisions
from tipline.record.evidence.gate import ViewedMeans
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.queries import details_of, files_of
from tipline.record.reports import facts
from tipline.record.reports.doors import Door
from tipline.record.reports.facts import FileFacts, Identifier, IdentifierKind, IpCapture, Role
from tipline.record.reports.models import Report
from tipline.record.reports.queries import document_of
from tipline.record.reports.rules import preservation_until

SEVERAL = 2
_SUSPECTS = (Role.SUSPECT, Role.ASSOCIATED)
_MEMES = frozenset({FileAnnotation.VIRAL.value, FileAnnotation.POTENTIAL_MEME.value})
_ADULT = 18
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
    known: frozenset[str]
    places: Sequence[PlaceEvidence]
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
    def identifiers(self) -> list[Identifier]:
        found = facts.identifiers(self.document, self.details)
        return [one for one in found if one.role in _SUSPECTS]

    @property
    def captures(self) -> list[IpCapture]:
        found = facts.ip_captures(self.document, self.details)
        return [one for one in found if one.role in (*_SUSPECTS, Role.FILE, Role.INCIDENT)]


def gather(report: Report, now: datetime) -> Gathered:
    """All that triage may look at, as it stands now."""
    material = _material(report, now)
    return Gathered(
        features=_features(material),
        clocks=tuple(_clocks(material)),
        files=len(material.files),
        known_files=sum(file.sha256 in material.known for file in material.files),
        new_files=sum(file.sha256 not in material.known for file in material.files),
        links=len(material.neighbours),
        place=_place_words(material.places),
    )


def _material(report: Report, now: datetime) -> _Material:
    files = files_of(report.pk)
    details = details_of(files)
    newest = [details.get(file.pk, {}) for file in files]
    file_facts = [
        facts.file_facts(document, index=place, has_content=file.size > 0)
        for place, (file, document) in enumerate(zip(files, newest, strict=True), start=1)
    ]
    return _Material(
        report=report,
        document=document_of(report.pk),
        files=files,
        details=newest,
        file_facts=file_facts,
        known=known_digests(files),
        places=evidence_of(report.pk),
        neighbours=counted_neighbours(report.pk),
        now=now,
    )


def _features(m: _Material) -> Features:
    return Features(
        **_of_incident(m), **_of_files(m), **_of_people(m), **_of_identifiers(m), **_of_context(m)
    )


def _of_incident(m: _Material) -> dict[str, Any]:
    kind = incident_type(m.summary.get("incidentType", ""))
    incident = m.incident
    hours = None
    if incident is not None and incident.instant is not None:
        hours = (m.now - incident.instant) / timedelta(hours=1)
    asked = bool(facts.escalation(m.document))
    by_public = m.report.door in (Door.PUBLIC, Door.PHONE)
    return {
        "incident_type": kind,
        "escalated": asked and not by_public,
        "annotations": facts.annotations(m.document),
        "batched": "batchedReport" in m.document,
        "with_police": "lawEnforcement" in m.document,
        "third_party": _any_flag(m.document, "thirdPartyUserReported", "thirdPartyHostedContent"),
        "chat_content": _chat(m.document),
        "urls": sum(
            one.kind is IdentifierKind.URL for one in facts.identifiers(m.document, m.details)
        ),
        "incident_time_known": None if incident is None else incident.readable,
        "incident_time_zoned": None if incident is None else incident.zone_known,
        "hours_since_incident": hours,
        "from_esp": m.report.door in (Door.ISPWS, Door.ESP_DESK),
        # At these doors the only way to ask for priority is to say just that.
        "child_in_danger_now": True if asked and by_public else None,
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


def _chat(document: Mapping[str, Any]) -> bool:
    return any(
        isinstance(incident, Mapping) and bool(incident.get("content"))
        for detail in document.get("internetDetails", ())
        for name, incident in detail.items()
        if name in _CHATTING
    )


def _of_files(m: _Material) -> dict[str, Any]:
    reported = [
        (file, said)
        for file, said in zip(m.files, m.file_facts, strict=True)
        if not said.supplemental
    ]
    opened = decisions(SYSTEM, m.files)
    labels = labels_of(file.sha256 for file in m.files)
    hashes = any(said.get("originalFileHash") for said in m.details)
    with_bytes = sum(file.size > 0 for file in m.files)
    return {
        "files": len(m.files),
        "files_with_bytes": with_bytes,
        "files_openable": sum(decision.open for decision in opened.values()),
        "only_hash": hashes and with_bytes == 0,
        "file_annotations": frozenset(a for _file, said in reported for a in said.annotations),
        "industry_classes": frozenset(
            IndustryClassification(said.classification)
            for _file, said in reported
            if said.classification in set(IndustryClassification)
        ),
        "all_files_flagged_viral": all(said.annotations & _MEMES for _file, said in reported)
        if reported
        else None,
        "known_files": len({f.sha256 for f in m.files if f.sha256 in m.known}),
        "new_files": len({f.sha256 for f in m.files if f.sha256 not in m.known}),
        "novel_viewed": _means_this_upload(m.report.profile)
        and any(
            said.viewed is True and file.sha256 not in m.known and file.size > 0
            for file, said in reported
        ),
        "labels": frozenset(code for codes in labels.values() for code in codes),
    }


def _means_this_upload(profile: EspProfile | None) -> bool:
    """Whether the ESP's "viewed" flag says that a person looked at this very upload."""
    return esp_facts(profile).viewed_means == ViewedMeans.THIS_UPLOAD


def _of_people(m: _Material) -> dict[str, Any]:
    parties = facts.parties(m.document)
    victims = [party for party in parties if party.role is Role.VICTIM]
    suspects = [party for party in parties if party.role is Role.SUSPECT]
    ages = [age for party in victims if (age := _age(party.person, m.now)) is not None]
    suspect_ages = [age for party in suspects if (age := _age(party.person, m.now)) is not None]
    compromised = [
        p.element["compromisedAccount"] for p in suspects if "compromisedAccount" in p.element
    ]
    return {
        "victim_present": bool(victims),
        "victim_age": min(ages, default=None),
        "several_children": len(victims) >= SEVERAL if victims else None,
        "recipients": any(party.role is Role.RECIPIENT for party in parties),
        "minor_suspect": min(suspect_ages) < _ADULT if suspect_ages else None,
        "compromised_account": any(compromised) if compromised else None,
        "prior_reports": any(party.element.get("priorCTReports") for party in suspects),
        "person_named": any(
            party.person.get(name)
            for party in suspects
            for name in ("firstName", "lastName", "dateOfBirth")
        ),
    }


def _age(person: Mapping[str, Any], now: datetime) -> int | None:
    """Years, from the age as told or the date of birth; None when neither is usable."""
    told = person.get("age", person.get("approximateAge"))
    if isinstance(told, int):
        return told
    born = read_time(str(person.get("dateOfBirth", ""))).day
    if born is None or born > now.date():
        return None
    had_birthday = (now.month, now.day) >= (born.month, born.day)
    return now.year - born.year - (0 if had_birthday else 1)


def _distinct(found: Sequence[Identifier], *kinds: IdentifierKind, verified: bool = False) -> int:
    return len({(i.kind, i.raw) for i in found if i.kind in kinds and (i.verified or not verified)})


def _of_identifiers(m: _Material) -> dict[str, Any]:
    found = m.identifiers
    public = {p.value for p in m.places if p.kind == "ip" and not p.no_place}
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
    usable = [p for p in m.places if p.place is not None and p.role is not Role.REPORTER]
    # An address that our data does not know may still lead somewhere: legal process can ask.
    possible = [
        p
        for p in m.places
        if p.role is not Role.REPORTER and (p.place is not None or p.no_place == NoPlace.UNKNOWN)
    ]
    trusted = [p for p in usable if p.place is not None and p.place.country_trust.name != "LOW"]
    senders = Report.objects.filter(pk__in=m.neighbours).values_list("sender_id", flat=True)
    return {
        "places": len(possible),
        "place_resolved": bool(trusted),
        "linked_reports": len(m.neighbours),
        "linked_esps": len({m.report.sender_id, *senders}),
    }


def _place_words(places: Sequence[PlaceEvidence]) -> str:
    """The first trusted place, as a short code: victims' before suspects'."""
    order = {Role.VICTIM: 0, Role.RECIPIENT: 1, Role.INCIDENT: 2, Role.SUSPECT: 3}
    ranked = sorted(
        (piece for piece in places if piece.place is not None and piece.role is not Role.REPORTER),
        key=lambda piece: (
            piece.place.country_trust.name == "LOW" if piece.place else True,
            order.get(piece.role, 4),
        ),
    )
    place = ranked[0].place if ranked else None
    return "-".join(part for part in (place.country, place.state) if part) if place else ""


def _clocks(m: _Material) -> list[Clock]:
    """When evidence may be gone: by law, and by what the ESP says of its own retention."""
    filed = m.report.ended_at or m.report.opened_at
    clocks = [Clock("report_content", filed, preservation_until(filed))]
    incident = m.incident
    event = incident.instant if incident is not None and incident.instant is not None else None
    started = min(event, filed) if event is not None else filed
    for data_class, days in sorted(_retention(m.report.profile).items()):
        if data_class != "content" and days > 0:
            clocks.append(Clock(data_class, started, started + timedelta(days=days)))
    return clocks


def _retention(profile: EspProfile | None) -> Mapping[str, int]:
    return esp_facts(profile).retention_days
