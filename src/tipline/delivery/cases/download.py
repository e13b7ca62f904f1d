"""A report as agencies download it: the JSON shape that the field's tools parse. Pure.

Every key of the shape stands in every download (reference "domain", section 1); what we add
stands beside it, times as they were written next to the times, everything else under one key
of our own, ``tipline``: victims, linked reports, scores with their reasons, the route, clocks,
the gate's answer per file, and section A itself, so that nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tipline.delivery.cases.download_files import file, own_file
from tipline.delivery.cases.download_parts import (
    FilePart,
    Json,
    Parts,
    contacts,
    informations,
    moment,
    said,
    source_information,
    texts_of,
    unplaced,
    url_captures,
    wire_time,
)
from tipline.delivery.cases.download_people import associated, people
from tipline.ground.taxonomy.contacts import CaptureType
from tipline.record.reports.document import Document, block, entries, text
from tipline.record.reports.facts import Role
from tipline.record.reports.rules_reporter import without_reporter

__all__ = ["VERSION", "FilePart", "Parts", "report_json"]

VERSION: Final = "tipline-download-1"
_PLACED = frozenset(
    {
        "incidentSummary",
        "personOrUserReported",
        "intendedRecipient",
        "internetDetails",
        "additionalInfo",
    }
)
_PLACED_SUMMARY = frozenset({"incidentType", "incidentDateTime", "incidentDateTimeDescription"})
_WEB, _EMAIL = "webPageIncident", "emailIncident"


def report_json(parts: Parts) -> Json:
    """The whole download as plain JSON values; the same parts give the same document."""
    document = _delivered(parts)
    return {
        "reportId": parts.number,
        "dateReceived": wire_time(parts.received),
        "reportedInformation": {
            "reportingEsp": _sender(parts.sender, document),
            "incidentSummary": _summary(document),
            "incidentDetails": {
                "webpageIncident": list(_web_pages(document)),
                "emailIncident": list(_emails(document)),
            },
            "reportedPeople": {"reportedPersons": people(document, Role.SUSPECT)},
            "intendedRecipients": {"intendedRecipients": people(document, Role.RECIPIENT)},
            "uploadedFiles": {"uploadedFiles": [file(part) for part in parts.files]},
            "additionalInformations": informations(_texts(document)),
        },
        "tipline": _own(parts, document),
    }


def _delivered(parts: Parts) -> Document:
    """Section A as this agency gets it: a member of the public stays sealed."""
    return without_reporter(parts.document) if parts.reporter_sealed else parts.document


def _own(parts: Parts, document: Document) -> Json:
    """Keys about the reporter stand in every download: null where this agency may not know."""
    return {
        "version": VERSION,
        "reporterSealed": parts.reporter_sealed,
        "reporterReleased": wire_time(parts.reporter_released),
        "reporters": people(document, Role.REPORTER) or None,
        "victims": people(document, Role.VICTIM),
        "associatedAccounts": associated(document),
        "files": [own_file(part) for part in parts.files],
        "document": {"reporter": None, **document},
        **parts.additions,
    }


def _sender(name: str, document: Document) -> Json:
    person = block(document, "reporter", "reportingPerson")
    return {
        "espName": name,
        "firstName": said(person, "firstName"),
        "lastName": said(person, "lastName"),
    }


def _summary(document: Document) -> Json:
    summary = block(document, "incidentSummary")
    return {
        "incidentType": said(summary, "incidentType"),
        **moment("incidentDateTime", text(summary, "incidentDateTime")),
        "incidentDateTimeDescription": said(summary, "incidentDateTimeDescription"),
    }


def _incidents(document: Document, kind: str) -> Iterator[Document]:
    for _path, details in entries(document, "internetDetails", ""):
        if isinstance(details, Mapping) and isinstance(details.get(kind), Mapping):
            yield details[kind]


def _web_pages(document: Document) -> Iterator[Json]:
    """One for each address, because tools read only the first of an incident."""
    for incident in _incidents(document, _WEB):
        texts = [*texts_of(incident, "additionalInfo")]
        texts += unplaced(incident, {"url", "additionalInfo"})
        urls = list(url_captures(incident, "url", CaptureType.URL))
        for captures in [[url] for url in urls] or [[]]:
            yield {
                "sourceInformation": source_information(captures),
                "additionalInformations": informations(texts),
            }


def _emails(document: Document) -> Iterator[Json]:
    """``contents`` has one text always: tools take the first without asking."""
    for incident in _incidents(document, _EMAIL):
        texts = [*texts_of(incident, "additionalInfo")]
        texts += unplaced(incident, {"content", "emailAddress", "additionalInfo"})
        yield {
            "contents": [{"value": text(incident, "content")}],
            "emails": contacts(incident, "emailAddress", "emails"),
            "additionalInformations": informations(texts),
        }


def _texts(document: Document) -> Iterator[str]:
    """The reporter's own words, then what the shape has no key for, one line each."""
    yield from texts_of(document, "additionalInfo")
    yield from unplaced(block(document, "incidentSummary"), _PLACED_SUMMARY)
    for _path, details in entries(document, "internetDetails", ""):
        if isinstance(details, Mapping):
            yield from unplaced(details, {_WEB, _EMAIL})
    yield from unplaced(document, _PLACED)
