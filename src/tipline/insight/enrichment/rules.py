"""Evidence of place in a report document. Pure.

Each piece says from which value it was read, whose it is, and how far the reading can be
trusted. Values without a place are kept with the reason, so that nobody looks again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from tipline.ground.foundation.times import ReportedTime, TimeKind, read_time
from tipline.ground.places.ip import place_of_ip, why_no_place
from tipline.ground.places.phone import place_of_phone
from tipline.ground.places.place import NoPlace, Note, Place, Trust
from tipline.ground.places.postal import place_of_address
from tipline.record.reports.facts import (
    Identifier,
    IdentifierKind,
    IpCapture,
    Location,
    LocationKind,
    Role,
    identifiers,
    ip_captures,
    locations,
    parties,
)

VERSION = "places-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceEvidence:
    """One piece. ``kind`` is a routing evidence kind; ``party`` tells people apart.

    ``value`` is as written, empty where it is sealed.
    """

    kind: str
    role: Role
    party: str
    path: str
    value: str
    place: Place | None
    no_place: str = ""
    time: ReportedTime | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "role": self.role.value,
            "party": self.party,
            "path": self.path,
            "value": self.value,
            "place": _place_json(self.place) if self.place else None,
            "no_place": self.no_place,
            "time": self.time.as_json() if self.time else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PlaceEvidence:
        time = data["time"]
        return cls(
            kind=data["kind"],
            role=Role(data["role"]),
            party=data["party"],
            path=data["path"],
            value=data["value"],
            place=_place(data["place"]) if data["place"] else None,
            no_place=data["no_place"],
            time=read_time(time["as_written"], TimeKind(time["kind"])) if time else None,
        )


def _place_json(place: Place) -> dict[str, Any]:
    return {
        **asdict(place),
        "trust": place.trust.name,
        "country_trust": place.country_trust.name,
        "note": place.note.value,
    }


def _place(data: Mapping[str, Any]) -> Place:
    return Place(
        **{
            **data,
            "trust": Trust[data["trust"]],
            "country_trust": Trust[data["country_trust"]],
            "note": Note(data["note"]),
        }
    )


def derive(
    document: Mapping[str, Any], file_details: Sequence[Mapping[str, Any]]
) -> list[PlaceEvidence]:
    """All evidence of place, in document order."""
    people = [party.path for party in parties(document)]
    return [
        *(_of_ip(capture) for capture in ip_captures(document, file_details)),
        *_of_phones(identifiers(document, file_details), _calling_codes(document)),
        *(piece for location in locations(document) for piece in _of_location(location, people)),
    ]


def without_reporter(evidence: Iterable[PlaceEvidence]) -> list[PlaceEvidence]:
    """The same with the reporter's pieces cut down to a country and a state, their values gone.

    For reports of the public: that much routes a report when nothing else does.
    """
    return [_coarse(piece) if piece.role is Role.REPORTER else piece for piece in evidence]


def _coarse(piece: PlaceEvidence) -> PlaceEvidence:
    place = replace(piece.place, county="", city="") if piece.place else None
    return replace(piece, value="", place=place)


def _whose(role: Role, owner: Role | None, party: str) -> tuple[Role, str]:
    """Role and party: an account listed with a victim or a recipient is that person's own."""
    if role is Role.ASSOCIATED and owner in (Role.VICTIM, Role.RECIPIENT):
        return owner, party.partition("/associatedAccount")[0]
    return role, party


def _of_ip(capture: IpCapture) -> PlaceEvidence:
    problem = why_no_place(capture.address)
    role, party = _whose(capture.role, capture.owner, capture.party)
    return PlaceEvidence(
        kind="ip",
        role=role,
        party=party,
        path=capture.path,
        value=capture.address,
        place=None
        if problem
        else place_of_ip(capture.address, possible_proxy=capture.possible_proxy),
        no_place=problem.value if problem else "",
        time=capture.time,
    )


def _calling_codes(document: Mapping[str, Any]) -> dict[str, str]:
    return {
        location.path: location.calling_code
        for location in locations(document)
        if location.kind is LocationKind.PHONE_CODE
    }


def _of_phones(
    found: Sequence[Identifier], calling_codes: Mapping[str, str]
) -> Iterator[PlaceEvidence]:
    for identifier in found:
        if identifier.kind is not IdentifierKind.PHONE:
            continue
        reading = place_of_phone(identifier.raw, calling_codes.get(identifier.path) or None)
        role, party = _whose(identifier.role, identifier.owner, identifier.party)
        yield PlaceEvidence(
            kind="verified_phone" if identifier.verified else "phone_prefix",
            role=role,
            party=party,
            path=identifier.path,
            value=identifier.raw,
            place=reading.place,
            no_place=reading.problem.value if reading.problem else "",
        )


_KINDS = {LocationKind.ADDRESS: "address", LocationKind.ESTIMATED: "estimated"}


def _of_location(location: Location, people: Sequence[str]) -> Iterator[PlaceEvidence]:
    kind = _KINDS.get(location.kind)
    if kind is None:
        return
    region = location.region
    place = place_of_address(
        location.country or None, region or None, location.postal_code or None, region or None
    )
    # The longest path that leads to it is the party it belongs to.
    around = [path for path in people if location.path.startswith(f"{path}/")]
    role, party = _whose(location.role, location.owner, max(around, key=len, default=""))
    words = (location.city, region, location.postal_code, location.country)
    yield PlaceEvidence(
        kind=kind,
        role=role,
        party=party,
        path=location.path,
        value=", ".join(word for word in words if word),
        place=place,
        no_place="" if place else NoPlace.UNKNOWN.value,
        time=location.time,
    )
