"""What a report lacks for somebody to act on it.

A reading of the published split between referral and informational reports and of what
investigators say about reports that they cannot use (ESP API reference 9, domain reference
7). It says how to make the next report better; danger is judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from tipline.ground.taxonomy.incidents import IncidentType, ReportAnnotation
from tipline.ground.taxonomy.incidents import incident_type as type_of
from tipline.record.reports.document import Document, block, entries, text
from tipline.record.reports.facts_context import incident_time, locations
from tipline.record.reports.facts_people import identifiers, ip_captures, parties
from tipline.record.reports.facts_types import (
    FileFacts,
    IdentifierKind,
    IpCapture,
    Missing,
    Role,
)
from tipline.record.reports.rules_reporter import sealed_parts

# Incidents in which somebody dealt with a particular child.
_ABOUT_A_CHILD = frozenset(
    {
        IncidentType.ENTICEMENT,
        IncidentType.MOLESTATION,
        IncidentType.TRAFFICKING,
        IncidentType.TOURISM,
        IncidentType.UNSOLICITED_OBSCENE,
    }
)
_SUSPECT_SIDE = frozenset({Role.SUSPECT, Role.INCIDENT, Role.FILE})
_TELLING = frozenset(
    {
        IdentifierKind.EMAIL,
        IdentifierKind.PHONE,
        IdentifierKind.SCREEN_NAME,
        IdentifierKind.ESP_USER_ID,
        IdentifierKind.PROFILE_URL,
        IdentifierKind.DEVICE_ID,
        IdentifierKind.IP,
    }
)
# Before the first of these reports could exist; clients send 1970-01-01 for "unknown".
_EARLIEST = date(1990, 1, 1)


def missing(
    document: Document,
    files: Sequence[FileFacts],
    file_details: Sequence[Document] = (),
) -> list[str]:
    """Codes of :class:`Missing`, the weightiest first. ``files`` are all files of the report."""
    captures = [
        each
        for each in ip_captures(document, file_details)
        if (each.owner or each.role) in _SUSPECT_SIDE
    ]
    codes = [
        *_about_suspect(document),
        *_about_place(document, captures),
        *_about_ip(captures),
        *_about_content(document, files),
        *_about_time(document, files, file_details, captures),
        *_about_child(document),
        *_about_reporter(document),
    ]
    return [code.value for code in codes]


def _about_suspect(document: Document) -> list[Missing]:
    suspects = [party for party in parties(document) if party.role is Role.SUSPECT]
    if not suspects:
        return [Missing.SUSPECT]
    told = any(
        (each.owner or each.role) is Role.SUSPECT and each.kind in _TELLING
        for each in identifiers(document)
    )
    return [] if told else [Missing.SUSPECT_IDENTIFIER]


def _about_place(document: Document, captures: Sequence[IpCapture]) -> list[Missing]:
    placed = any(each.role is not Role.REPORTER for each in locations(document))
    return [] if placed or captures else [Missing.LOCATION]


def _about_ip(captures: Sequence[IpCapture]) -> list[Missing]:
    """Tests in the order in which they rule each other out, then those that stand alone."""
    if not captures:
        return [Missing.IP_ADDRESS]
    found = []
    if not any(each.time for each in captures):
        found.append(Missing.IP_TIME)
    elif not any(each.time and each.time.instant for each in captures):
        found.append(Missing.IP_ZONE)
    lacks: list[tuple[Missing, Callable[[IpCapture], bool]]] = [
        (Missing.IP_PORT, lambda each: each.port is None),
        (Missing.IP_DIRECT, lambda each: bool(each.possible_proxy)),
    ]
    return found + [code for code, test in lacks if all(map(test, captures))]


def _about_content(document: Document, files: Sequence[FileFacts]) -> list[Missing]:
    own = [each for each in files if each.has_content]
    if not own:
        if _has_words_or_links(document):
            return []
        return [Missing.FILE if any(each.digests for each in files) else Missing.CONTENT]
    if not any(each.viewed or each.public for each in own):
        silent = all(each.viewed is None and each.public is None for each in own)
        return [Missing.VIEWED_FLAG if silent else Missing.OPENABLE]
    return []


def _has_words_or_links(document: Document) -> bool:
    return any(
        incident.get("content") or incident.get("url")
        for _, details in entries(document, "internetDetails", "/report")
        for incident in details.values()
    )


def _about_time(
    document: Document,
    files: Sequence[FileFacts],
    file_details: Sequence[Document],
    captures: Sequence[IpCapture],
) -> list[Missing]:
    time, found = incident_time(document), []
    if time.day is None or time.day < _EARLIEST:
        found.append(Missing.INCIDENT_TIME)
    elif not time.zone_known:
        found.append(Missing.INCIDENT_ZONE)
    uploads = any(text(details, "uploadedToEspTimestamp") for details in file_details)
    if (files or captures) and not uploads and not any(each.time for each in captures):
        found.append(Missing.EVENT_TIME)
    return found


def _about_child(document: Document) -> list[Missing]:
    summary = block(document, "incidentSummary")
    flags = block(summary, "reportAnnotations")
    about = type_of(text(summary, "incidentType")) in _ABOUT_A_CHILD
    if not about and ReportAnnotation.SEXTORTION not in flags:
        return []
    known = any(
        any(party.element.values())
        for party in parties(document)
        if party.role in {Role.VICTIM, Role.RECIPIENT}
    )
    return [] if known else [Missing.CHILD]


def _about_reporter(document: Document) -> list[Missing]:
    person = block(document, "reporter", "reportingPerson")
    given = person.get("email") or "email" in sealed_parts(document).get("reportingPerson", ())
    return [] if given else [Missing.REPORTER_EMAIL]
