"""The facts that a report document holds, each with who it is about and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tipline.ground.foundation.times import ReportedTime
from tipline.record.reports.document import Document


class Role(StrEnum):
    """Whom a fact is about. Roles never merge: a victim's identifier is no suspect's.

    ``INCIDENT`` and ``FILE`` are facts that the report ties to no person: the address of a
    web page, the IP address from which a file was uploaded.
    """

    SUSPECT = "suspect"
    RECIPIENT = "recipient"
    VICTIM = "victim"
    REPORTER = "reporter"
    ASSOCIATED = "associated"
    INCIDENT = "incident"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Party:
    """A person, account or company in the report.

    ``index`` counts from 1 within the role. ``element`` is the whole block, ``person`` the
    part of it that describes a person (the same for associated accounts and reporters).
    ``owner`` is the role under which an associated account is listed, None for others.
    """

    role: Role
    index: int
    path: str
    element: Document
    person: Document
    person_path: str
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
    PAYMENT = "payment"


#: The qualifier of an IP address that is flagged as a proxy's.
PROXY = "proxy"


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something that may recognise a person, account, place or file elsewhere.

    ``raw`` is as written. ``scope`` is the service within which it is unique, as reported.
    ``qualifier`` says more: a phone's calling code, a device id's type, a digest's algorithm, that
    the reporter holds an address for a proxy's (:data:`PROXY`).
    ``time`` and ``port`` are those of an IP address's event. No field of the schema holds a
    payment's handle: texts do.
    ``party`` is the path of the party, empty for facts of the incident or a file.
    """

    kind: IdentifierKind
    raw: str
    role: Role
    path: str
    party: str = ""
    owner: Role | None = None
    verified: bool | None = None
    scope: str = ""
    qualifier: str = ""
    time: ReportedTime | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True)
class IpCapture:
    """An address seen at an event. ``event`` is the schema's word, empty when none is given."""

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
    """Free text that somebody wrote about this report: worth mining, unlike standing text."""

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


@dataclass(frozen=True, slots=True)
class PriorReport:
    """A report number that the reporter names as earlier."""

    number: int
    role: Role
    path: str
    owner: Role | None = None


class LocationKind(StrEnum):
    """Where a location comes from, which decides how far to trust it."""

    ESTIMATED = "estimated"
    ADDRESS = "address"
    PHONE_CODE = "phone_code"
    COORDINATES = "coordinates"
    PLACE_NAME = "place_name"
    SCHOOL = "school"
    LEGAL_PROCESS = "legal_process"


@dataclass(frozen=True, slots=True)
class Location:
    """Evidence of a place, as reported. ``region`` is a US state code where the country is US.

    ``text`` is the number of a phone or the name of a place or school. IP addresses are
    evidence of their own kind: see :class:`IpCapture`.
    """

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
    """What the reporter said about one file. None means nothing was said, which is not no."""

    file_id: str
    path: str
    has_content: bool
    viewed: bool | None
    exif_viewed: bool | None
    public: bool | None
    supplemental: bool
    classification: str
    annotations: frozenset[str]
    digests: int = 0


class Missing(StrEnum):
    """What a report lacks for somebody to act on it. Completeness says nothing of danger."""

    SUSPECT = "no_suspect"
    SUSPECT_IDENTIFIER = "no_suspect_identifier"
    LOCATION = "no_location"
    IP_ADDRESS = "no_ip_address"
    IP_TIME = "ip_without_time"
    IP_ZONE = "ip_time_without_zone"
    IP_PORT = "ip_without_port"
    IP_DIRECT = "ip_only_proxy"
    CONTENT = "no_content"
    FILE = "only_a_digest"
    OPENABLE = "no_file_viewed_or_public"
    VIEWED_FLAG = "viewed_not_said"
    INCIDENT_TIME = "incident_time_undefined"
    INCIDENT_ZONE = "incident_time_without_zone"
    EVENT_TIME = "no_event_time"
    CHILD = "nothing_about_the_child"
    REPORTER_EMAIL = "reporter_without_email"
