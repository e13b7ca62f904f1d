"""What a report says around its people: free text, times, places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from tipline.ground.foundation.times import ReportedTime, TimeKind, read_time
from tipline.record.reports.document import Document, block, entries, text
from tipline.record.reports.facts_people import event_time, ip_captures, parties
from tipline.record.reports.facts_types import (
    Location,
    LocationKind,
    Narrative,
    Party,
    Role,
    TimedFact,
)

# --- free text -----------------------------------------------------------------------------

_SUMMARY_TEXTS = ("escalateToHighPriority", "incidentDateTimeDescription")
_INCIDENT_TEXTS = ("content", "fileNames", "additionalInfo")
_PARTY_TEXTS = ("vehicleDescription", "profileBio", "additionalInfo")


def narratives(document: Document, file_details: Sequence[Document] = ()) -> tuple[Narrative, ...]:
    """Free text about this report. A company's standing text (``companyTemplate``,
    ``termsOfService``) is the same in every report and none of it.
    """
    return tuple(each for each in _narratives(document, file_details) if each.text.strip())


def _narratives(document: Document, file_details: Sequence[Document]) -> Iterator[Narrative]:
    summary = block(document, "incidentSummary")
    yield from _texts(summary, "/report/incidentSummary", _SUMMARY_TEXTS, Role.INCIDENT)
    yield from _texts(document, "/report", ("additionalInfo",), Role.INCIDENT)
    for path, details in entries(document, "internetDetails", "/report"):
        for kind, incident in details.items():
            yield from _texts(incident, f"{path}/{kind}", _INCIDENT_TEXTS, Role.INCIDENT)
    for party in parties(document):
        yield from _texts(party.element, party.path, _PARTY_TEXTS, party.role, party.owner)
    for number, details in enumerate(file_details, 1):
        yield from _texts(details, f"/fileDetails[{number}]", ("additionalInfo",), Role.FILE)


def _texts(
    element: Document, path: str, keys: Sequence[str], role: Role, owner: Role | None = None
) -> Iterator[Narrative]:
    for key in keys:
        for where, written in entries(element, key, path):
            yield Narrative(where, written, role, owner)


# --- times ---------------------------------------------------------------------------------

_DISABLED_DATES = ("disabledDate", "userNotifiedDate", "reenabledDate")


def times(document: Document, file_details: Sequence[Document] = ()) -> tuple[TimedFact, ...]:
    """Every time in the report with the kind of its event."""
    return tuple(_times(document, file_details))


def incident_time(document: Document) -> ReportedTime:
    """When the incident happened, as reported."""
    return read_time(text(document, "incidentSummary", "incidentDateTime"), TimeKind.INCIDENT)


def _times(document: Document, file_details: Sequence[Document]) -> Iterator[TimedFact]:
    time = incident_time(document)
    if time.as_written:
        path = "/report/incidentSummary/incidentDateTime"
        yield TimedFact(path, Role.INCIDENT, time)
    for capture in ip_captures(document, file_details):
        if capture.time:
            yield TimedFact(f"{capture.path}/dateTime", capture.role, capture.time, capture.owner)
    for party in parties(document):
        yield from _party_times(party)
    for number, details in enumerate(file_details, 1):
        path = f"/fileDetails[{number}]"
        yield from _written(
            details, path, "uploadedToEspTimestamp", Role.FILE, kind=TimeKind.UPLOAD
        )
        yield from _device_times(details, path, Role.FILE)


def _party_times(party: Party) -> Iterator[TimedFact]:
    yield from _device_times(party.element, party.path, party.role, party.owner)
    for key in ("phone", "email"):
        for where, entry in entries(party.person, key, party.person_path):
            yield from _written(entry, where, "verificationDate", party.role, owner=party.owner)
    for key in ("accountTemporarilyDisabled", "accountPermanentlyDisabled"):
        for where, entry in entries(party.element, key, party.path):
            for name in _DISABLED_DATES:
                yield from _written(entry, where, name, party.role, owner=party.owner)
    for where, entry in entries(party.element, "estimatedLocation", party.path):
        yield from _written(entry, where, "timestamp", party.role, owner=party.owner)


def _device_times(
    element: Document, path: str, role: Role, owner: Role | None = None
) -> Iterator[TimedFact]:
    for where, entry in entries(element, "deviceId", path):
        time = event_time(entry)
        if time:
            yield TimedFact(f"{where}/dateTime", role, time, owner)


def _written(
    entry: Document,
    path: str,
    key: str,
    role: Role,
    *,
    kind: TimeKind = TimeKind.OTHER,
    owner: Role | None = None,
) -> Iterator[TimedFact]:
    written = text(entry, key)
    if written:
        yield TimedFact(f"{path}/{key}", role, read_time(written, kind), owner)


# --- places --------------------------------------------------------------------------------


def locations(document: Document) -> tuple[Location, ...]:
    """Evidence of places other than IP addresses, of the reporters' too (role ``REPORTER``)."""
    return (
        *(each for party in parties(document) for each in _party_locations(party)),
        *_incident_locations(document),
    )


def _party_locations(party: Party) -> Iterator[Location]:
    make = partial(Location, role=party.role, owner=party.owner)
    for path, entry in entries(party.element, "estimatedLocation", party.path):
        written = text(entry, "timestamp")
        yield make(
            LocationKind.ESTIMATED,
            path=path,
            city=text(entry, "city"),
            region=text(entry, "region"),
            country=text(entry, "countryCode"),
            verified=entry.get("verified"),
            time=read_time(written) if written else None,
        )
    for path, entry in entries(party.person, "address", party.person_path):
        yield _address(make, entry, path)
    for path, entry in entries(party.person, "phone", party.person_path):
        yield from _phone(make, entry, path)
    for path, name in entries(party.element, "schoolName", party.path):
        yield make(LocationKind.SCHOOL, path=path, text=name)


def _incident_locations(document: Document) -> Iterator[Location]:
    make = partial(Location, role=Role.INCIDENT)
    for path, details in entries(document, "internetDetails", "/report"):
        for kind, incident in details.items():
            yield from _incident_location(make, incident, f"{path}/{kind}")
    for path in (
        "/report/lawEnforcement",
        "/report/lawEnforcement/servedLegalProcessInternational",
    ):
        country = text(block(document, *path.split("/")[2:]), "fleaCountry")
        if country:
            yield make(LocationKind.LEGAL_PROCESS, path=path, country=country)


def _incident_location(
    make: partial[Location], incident: Document, path: str
) -> Iterator[Location]:
    latitude, longitude = incident.get("latitude"), incident.get("longitude")
    if latitude is not None and longitude is not None:
        yield make(LocationKind.COORDINATES, path=path, latitude=latitude, longitude=longitude)
    for where, entry in entries(incident, "phoneNumber", path):
        yield from _phone(make, entry, where)
    for where, entry in entries(incident, "incidentAddress", path):
        yield _address(make, entry, where)
    for where, name in entries(incident, "locationName", path):
        yield make(LocationKind.PLACE_NAME, path=where, text=name)


def _address(make: partial[Location], entry: Document, path: str) -> Location:
    return make(
        LocationKind.ADDRESS,
        path=path,
        street=text(entry, "address"),
        city=text(entry, "city"),
        region=text(entry, "state") or text(entry, "nonUsaState"),
        postal_code=text(entry, "zipCode"),
        country=text(entry, "country"),
    )


def _phone(make: partial[Location], entry: Document, path: str) -> Iterator[Location]:
    """A number that says its country: by its calling code, or by a leading plus."""
    number, code = text(entry, "value"), text(entry, "countryCallingCode")
    if code or number.strip().startswith("+"):
        yield make(
            LocationKind.PHONE_CODE,
            path=path,
            calling_code=code,
            text=number,
            verified=entry.get("verified"),
        )
