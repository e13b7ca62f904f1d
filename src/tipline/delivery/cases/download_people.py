"""People in the shape of a download. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tipline.delivery.cases.download_parts import (
    Json,
    contacts,
    informations,
    ip_captures,
    said,
    source_information,
    texts_of,
    unplaced,
    url_captures,
)
from tipline.ground.taxonomy.contacts import CaptureType
from tipline.record.reports.document import Document, entries
from tipline.record.reports.facts import Party, Role, parties

#: Every key of a person, in the order of the field's own documents.
PERSON_KEYS: Final = (
    "firstName",
    "middleName",
    "lastName",
    "preferredName",
    "gender",
    "preferredPronouns",
    "dateOfBirth",
    "approximateAge",
    "physicalDescription",
    "vehicleDescription",
    "vehicleTagNumber",
    "occupation",
    "espService",
    "espUserId",
    "ipAddress",
    "relationshipToReporter",
    "relationshipToChildVictim",
    "accessToChildVictim",
    "accessToChildren",
    "accessToFirearms",
    "convictedSexOffender",
    "awareOfReport",
    "gangAffiliation",
    "screenName",
    "emails",
    "phones",
    "addresses",
    "languages",
    "races",
    "disabilities",
    "additionalContactInformation",
    "additionalDisabilityInformation",
    "additionalInformations",
    "sourceInformation",
)
_PLACED_ACCOUNT = frozenset(
    {
        "espService",
        "espIdentifier",
        "screenName",
        "vehicleDescription",
        "profileUrl",
        "ipCaptureEvent",
        "additionalInfo",
        # Associated accounts are people of their own in our part of the download.
        "associatedAccount",
    }
)
_PLACED_PERSON = frozenset(
    {
        "firstName",
        "middleName",
        "lastName",
        "dateOfBirth",
        "age",
        "approximateAge",
        "email",
        "phone",
        "address",
    }
)
_PERSON_BLOCKS = frozenset(
    {"personOrUserReportedPerson", "intendedRecipientPerson", "victimPerson"}
)


def people(document: Document, role: Role) -> list[Json]:
    """Everybody of a role, each with every key."""
    return [person(party) for party in parties(document) if party.role is role]


def person(party: Party) -> Json:
    """One person or account; what the report does not say is null."""
    element, told = party.element, party.person
    return {
        **dict.fromkeys(PERSON_KEYS),
        **{key: said(told, key) for key in ("firstName", "middleName", "lastName", "dateOfBirth")},
        "approximateAge": told.get("age", told.get("approximateAge")),
        "vehicleDescription": said(element, "vehicleDescription"),
        "espService": said(element, "espService") or said(element, "platform"),
        "espUserId": said(element, "espIdentifier"),
        "screenName": _boxed(said(element, "screenName")),
        "emails": contacts(told, "email", "emails"),
        "phones": contacts(told, "phone", "phones"),
        "addresses": _addresses(told),
        "additionalInformations": informations(_texts(party)),
        "sourceInformation": source_information(_captures(element)),
    }


def _boxed(value: str | None) -> Json | None:
    return None if value is None else {"value": value}


def _addresses(told: Document) -> Json | None:
    found = [
        {
            "street1": said(entry, "address"),
            "street2": None,
            "city": said(entry, "city"),
            "state": said(entry, "state") or said(entry, "nonUsaState"),
            "postalCode": said(entry, "zipCode"),
            "country": said(entry, "country"),
        }
        for _path, entry in entries(told, "address", "")
        if isinstance(entry, Mapping)
    ]
    return {"addresses": found} if found else None


def _captures(element: Document) -> Iterator[Json]:
    yield from ip_captures(element)
    yield from url_captures(element, "profileUrl", CaptureType.PROFILE_URL)


def _texts(party: Party) -> Iterator[str]:
    """The reporter's free text, then whatever the shape has no key for."""
    yield from texts_of(party.element, "additionalInfo")
    if party.element is party.person:  # an associated account is its own person
        yield from unplaced(party.element, _PLACED_ACCOUNT | _PLACED_PERSON)
        return
    yield from unplaced(party.element, _PLACED_ACCOUNT | _PERSON_BLOCKS)
    yield from unplaced(party.person, _PLACED_PERSON)


def associated(document: Document) -> list[Json]:
    """Accounts listed under somebody else, each with whose list it is on."""
    return [
        {**person(party), "listedUnder": _role(party.owner)}
        for party in parties(document)
        if party.role is Role.ASSOCIATED
    ]


def _role(role: Role | None) -> Any:
    return None if role is None else role.value
