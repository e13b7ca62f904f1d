"""Stub in progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tipline.ground.foundation.times import ReportedTime

Document = Mapping[str, Any]


class Role(StrEnum):
    SUSPECT = "suspect"
    RECIPIENT = "recipient"
    VICTIM = "victim"
    REPORTER = "reporter"
    ASSOCIATED = "associated"
    INCIDENT = "incident"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Party:
    role: Role
    index: int
    path: str
    element: Document
    person: Document
    owner: Role | None = None


class IdentifierKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    SCREEN_NAME = "screen_name"
    DISPLAY_NAME = "display_name"
    ESP_USER_ID = "esp_user_id"
    PROFILE_URL = "profile_url"
    DEVICE_ID = "device_id"
    IP = "ip"
    URL = "url"
    NAME = "name"
    ADDRESS = "address"
    DATE_OF_BIRTH = "date_of_birth"
    GROUP = "group"
    FILE_DIGEST = "file_digest"


@dataclass(frozen=True, slots=True)
class Identifier:
    kind: IdentifierKind
    raw: str
    role: Role
    path: str
    party: str = ""
    owner: Role | None = None
    verified: bool | None = None
    scope: str = ""
    time: ReportedTime | None = None


@dataclass(frozen=True, slots=True)
class IpCapture:
    address: str
    port: int | None
    event: str
    time: ReportedTime | None
    possible_proxy: bool | None
    role: Role
    path: str
    party: str = ""
    owner: Role | None = None


@dataclass(frozen=True, slots=True)
class Narrative:
    path: str
    text: str
    role: Role
    owner: Role | None = None


@dataclass(frozen=True, slots=True)
class TimedFact:
    path: str
    role: Role
    time: ReportedTime
    owner: Role | None = None


class LocationKind(StrEnum):
    ESTIMATED = "estimated"
    ADDRESS = "address"
    PHONE_CODE = "phone_code"
    COORDINATES = "coordinates"
    PLACE_NAME = "place_name"
    SCHOOL = "school"
    LEGAL_PROCESS = "legal_process"


@dataclass(frozen=True, slots=True)
class Location:
    kind: LocationKind
    role: Role
    path: str
    owner: Role | None = None
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    calling_code: str = ""
    text: str = ""
    latitude: float | None = None
    longitude: float | None = None
    verified: bool | None = None
    time: ReportedTime | None = None


@dataclass(frozen=True, slots=True)
class FileFacts:
    file_id: str
    path: str
    has_content: bool
    viewed: bool | None
    exif_viewed: bool | None
    public: bool | None
    supplemental: bool
    classification: str
    annotations: frozenset[str]


class Missing(StrEnum):
    pass


def parties(document: Document) -> tuple[Party, ...]:
    raise NotImplementedError


def ip_captures(document: Document, file_details: Sequence[Document] = ()) -> tuple[IpCapture, ...]:
    raise NotImplementedError


def identifiers(
    document: Document, file_details: Sequence[Document] = ()
) -> tuple[Identifier, ...]:
    raise NotImplementedError


def narratives(document: Document, file_details: Sequence[Document] = ()) -> tuple[Narrative, ...]:
    raise NotImplementedError


def times(document: Document, file_details: Sequence[Document] = ()) -> tuple[TimedFact, ...]:
    raise NotImplementedError


def locations(document: Document) -> tuple[Location, ...]:
    raise NotImplementedError


def file_facts(details: Document, *, index: int = 1, has_content: bool = True) -> FileFacts:
    raise NotImplementedError


def missing(document: Document, files: Sequence[FileFacts]) -> list[str]:
    raise NotImplementedError


def escalation(document: Document) -> str:
    raise NotImplementedError


def annotations(document: Document) -> frozenset[str]:
    raise NotImplementedError
