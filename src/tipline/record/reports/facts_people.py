"""The parties of a report, and what identifies them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from tipline.ground.foundation.times import ReportedTime, TimeKind, read_time
from tipline.ground.taxonomy.contacts import EventName
from tipline.ground.taxonomy.files import MetadataType
from tipline.record.reports.document import Document, block, entries, text
from tipline.record.reports.facts_types import (
    PROXY,
    Identifier,
    IdentifierKind,
    IpCapture,
    Party,
    PriorReport,
    Role,
)

Kind = IdentifierKind

_BLOCKS = (
    ("personOrUserReported", "personOrUserReportedPerson", Role.SUSPECT),
    ("intendedRecipient", "intendedRecipientPerson", Role.RECIPIENT),
    ("victim", "victimPerson", Role.VICTIM),
)

TIME_KINDS = {
    EventName.LOGIN.value: TimeKind.LOGIN,
    EventName.REGISTRATION.value: TimeKind.REGISTRATION,
    EventName.PURCHASE.value: TimeKind.PURCHASE,
    EventName.UPLOAD.value: TimeKind.UPLOAD,
}


def parties(document: Document) -> tuple[Party, ...]:
    """Everybody in the report, accounts associated with them after each; reporters last.

    A police officer named as contact is no party.
    """
    return (*_people(document), *_reporters(document))


def _people(document: Document) -> Iterator[Party]:
    associated = 0
    for name, person, role in _BLOCKS:
        for index, (path, element) in enumerate(entries(document, name, "/report"), 1):
            yield Party(role, index, path, element, block(element, person), f"{path}/{person}")
            for below, account in entries(element, "associatedAccount", path):
                associated += 1
                yield Party(Role.ASSOCIATED, associated, below, account, account, below, role)


def _reporters(document: Document) -> Iterator[Party]:
    block_ = block(document, "reporter")
    names = [name for name in ("reportingPerson", "contactPerson") if name in block_]
    for index, name in enumerate(names, 1):
        path = f"/report/reporter/{name}"
        yield Party(Role.REPORTER, index, path, block_[name], block_[name], path)


def event_time(entry: Document, unnamed: TimeKind = TimeKind.OTHER) -> ReportedTime | None:
    """The time of an ``ipCaptureEvent`` or ``deviceId``; ``unnamed`` where no event is named."""
    written = text(entry, "dateTime")
    if not written:
        return None
    event = text(entry, "eventName")
    return read_time(written, TIME_KINDS.get(event, TimeKind.OTHER) if event else unnamed)


# --- IP addresses --------------------------------------------------------------------------


def ip_captures(document: Document, file_details: Sequence[Document] = ()) -> tuple[IpCapture, ...]:
    """Every captured address: of parties, of peer-to-peer incidents, of files.

    In a file the schema means the address of the upload, so there an event without a name
    is one. ``file_details`` are numbered from 1 in the paths: ``/fileDetails[1]/...``.
    """
    return tuple(_ip_captures(document, file_details))


def _ip_captures(document: Document, file_details: Sequence[Document]) -> Iterator[IpCapture]:
    for party in parties(document):
        for path, entry in entries(party.element, "ipCaptureEvent", party.path):
            yield from _capture(entry, path, party.role, party.path, party.owner)
    for path, details in entries(document, "internetDetails", "/report"):
        peers, below = block(details, "peer2peerIncident"), f"{path}/peer2peerIncident"
        for where, entry in entries(peers, "ipCaptureEvent", below):
            yield from _capture(entry, where, Role.INCIDENT)
    for number, details in enumerate(file_details, 1):
        for path, entry in entries(details, "ipCaptureEvent", f"/fileDetails[{number}]"):
            yield from _capture(entry, path, Role.FILE)


def _capture(
    entry: Document, path: str, role: Role, party: str = "", owner: Role | None = None
) -> Iterator[IpCapture]:
    address = text(entry, "ipAddress").strip()
    if address:
        unnamed = TimeKind.UPLOAD if role is Role.FILE else TimeKind.OTHER
        yield IpCapture(
            address=address,
            port=entry.get("port"),
            event=text(entry, "eventName"),
            time=event_time(entry, unnamed),
            possible_proxy=entry.get("possibleProxy"),
            role=role,
            path=path,
            party=party,
            owner=owner,
        )


# --- identifiers ---------------------------------------------------------------------------


def identifiers(
    document: Document, file_details: Sequence[Document] = ()
) -> tuple[Identifier, ...]:
    """Every identifier, the reporters' own among them (role ``REPORTER``), as written."""
    found = [
        *(each for party in parties(document) for each in _of_party(party)),
        *_of_incidents(document),
        *_of_files(file_details),
        *(
            Identifier(
                Kind.IP,
                each.address,
                each.role,
                each.path,
                each.party,
                each.owner,
                qualifier=PROXY if each.possible_proxy else "",
                time=each.time,
                port=each.port,
            )
            for each in ip_captures(document, file_details)
        ),
    ]
    return tuple(each for each in found if each.raw.strip())


def _of_party(party: Party) -> Iterator[Identifier]:
    make = partial(Identifier, role=party.role, party=party.path, owner=party.owner)
    person, path = party.person, party.person_path
    names = [text(person, key) for key in ("firstName", "middleName", "lastName")]
    yield make(Kind.NAME, " ".join(filter(None, names)), path=path)
    yield make(Kind.DATE_OF_BIRTH, text(person, "dateOfBirth"), path=f"{path}/dateOfBirth")
    for where, entry in entries(person, "address", path):
        yield make(Kind.ADDRESS, address_line(entry), path=where)
    for where, entry in entries(person, "email", path):
        yield _contact(make, Kind.EMAIL, entry, where)
    for where, entry in entries(person, "phone", path):
        yield _contact(make, Kind.PHONE, entry, where)
    scope = text(party.element, "espService") or text(party.element, "platform")
    yield from _of_account(party, partial(make, scope=scope))
    yield from _of_devices(party.element, party.path, make)


_ACCOUNT_KEYS = (
    ("espIdentifier", Kind.ESP_USER_ID),
    ("screenName", Kind.SCREEN_NAME),
    ("displayName", Kind.DISPLAY_NAME),
    ("profileUrl", Kind.PROFILE_URL),
    ("groupIdentifier", Kind.GROUP),
)


def _of_account(party: Party, make: partial[Identifier]) -> Iterator[Identifier]:
    for key, kind in _ACCOUNT_KEYS:
        for path, written in entries(party.element, key, party.path):
            yield make(kind, written, path=path)


def _of_devices(element: Document, path: str, make: partial[Identifier]) -> Iterator[Identifier]:
    for where, entry in entries(element, "deviceId", path):
        yield make(
            Kind.DEVICE_ID,
            text(entry, "idValue"),
            path=where,
            qualifier=text(entry, "idType"),
            time=event_time(entry),
        )


def _contact(make: partial[Identifier], kind: Kind, entry: Document, path: str) -> Identifier:
    """An email or phone with its attributes."""
    written = text(entry, "verificationDate")
    return make(
        kind,
        text(entry, "value"),
        path=path,
        verified=entry.get("verified"),
        qualifier=text(entry, "countryCallingCode"),
        time=read_time(written) if written else None,
    )


def _of_incidents(document: Document) -> Iterator[Identifier]:
    make = partial(Identifier, role=Role.INCIDENT)
    for path, details in entries(document, "internetDetails", "/report"):
        for kind, incident in details.items():
            yield from _of_incident(incident, f"{path}/{kind}", make)


def _of_incident(incident: Document, path: str, make: partial[Identifier]) -> Iterator[Identifier]:
    for where, url in entries(incident, "url", path):
        yield make(Kind.URL, url, path=where)
    for where, entry in entries(incident, "emailAddress", path):
        yield _contact(make, Kind.EMAIL, entry, where)
    for where, entry in entries(incident, "phoneNumber", path):
        yield _contact(make, Kind.PHONE, entry, where)
    for where, entry in entries(incident, "incidentAddress", path):
        yield make(Kind.ADDRESS, address_line(entry), path=where)
    client = text(incident, "chatClient")
    for key, scope in (("chatRoomName", client), ("name", "newsgroup")):
        yield make(Kind.GROUP, text(incident, key), path=f"{path}/{key}", scope=scope)


def _of_files(file_details: Sequence[Document]) -> Iterator[Identifier]:
    make = partial(Identifier, role=Role.FILE)
    for number, details in enumerate(file_details, 1):
        path = f"/fileDetails[{number}]"
        yield make(Kind.URL, text(details, "locationOfFile"), path=f"{path}/locationOfFile")
        for where, entry in entries(details, "originalFileHash", path):
            qualifier = text(entry, "hashType")
            yield make(Kind.FILE_DIGEST, text(entry, "value"), path=where, qualifier=qualifier)
        for where, metadata in entries(details, "details", path):
            yield from _of_metadata(metadata, where, make)
        yield from _of_devices(details, path, make)


def _of_metadata(metadata: Document, path: str, make: partial[Identifier]) -> Iterator[Identifier]:
    """Digests may also come as name-value pairs, marked on the block or on the pair."""
    for where, pair in entries(metadata, "nameValuePair", path):
        if (metadata.get("type") or pair.get("type")) == MetadataType.HASH:
            qualifier = text(pair, "name")
            yield make(Kind.FILE_DIGEST, text(pair, "value"), path=where, qualifier=qualifier)


def address_line(entry: Document) -> str:
    """An address in one line: street, city, state, code, country."""
    keys = ("address", "city", "state", "nonUsaState", "zipCode", "country")
    return ", ".join(filter(None, (text(entry, key).strip() for key in keys)))


def prior_reports(document: Document) -> tuple[PriorReport, ...]:
    """Report numbers that the reporter names as earlier, by party."""
    return tuple(
        PriorReport(number, party.role, path, party.owner)
        for party in parties(document)
        for key in ("priorCTReports", "priorCTReport")
        for path, number in entries(party.element, key, party.path)
    )
