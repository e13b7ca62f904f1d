"""Evidence of where a person is, and its order: which piece is believed first, and why.

Order of kinds: GPS or address, verified phone or billing country, the IP address nearest to
the incident, other estimates, phone prefix, what a profile says of itself (reference page
"domain", section 6). Times without a zone and times of detection, viewing or reporting say
nothing of when the person was there: they never beat an event's own time (DESIGN, idea 10).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tipline.delivery.routing.policy import EvidenceKind, RoutingPolicy
from tipline.ground.foundation.reasons import Reason, Source
from tipline.ground.foundation.times import ReportedTime, TimeKind
from tipline.ground.places.place import ELSEWHERE, Place, Trust
from tipline.record.reports.facts import Role

ROLE_ORDER = (
    Role.VICTIM,
    Role.RECIPIENT,
    Role.INCIDENT,
    Role.SUSPECT,
    Role.FILE,
    Role.ASSOCIATED,
    Role.REPORTER,
)
"""Whose place comes first. Roles never merge: each person keeps to their own evidence."""

_LATEST = datetime.max.replace(tzinfo=UTC)
"""Without an incident time the newest comes first: the one nearest to the end of time."""

_NOT_OF_THE_EVENT = frozenset({TimeKind.DETECTION, TimeKind.VIEWING, TimeKind.REPORT})


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationEvidence:
    """One piece of evidence for where one person is.

    ``subject``: tells people of one role apart (a path or id); equal = the same person.
    ``place``: from :mod:`tipline.ground.places`; None when the value has no place.
    ``time``: when an IP address was seen; None when nothing was said. ``source``: who
    asserted the value. ``ref``: where it stands, such as a path in the report; no personal
    values, for it is kept with the route.
    """

    kind: EvidenceKind
    role: Role
    place: Place | None
    subject: str = ""
    time: ReportedTime | None = None
    source: Source = Source.REPORTER
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A piece of evidence in its order. ``usable``: may it decide a route?"""

    evidence: LocationEvidence
    usable: bool
    reasons: tuple[Reason, ...]

    @property
    def person(self) -> tuple[Role, str]:
        return self.evidence.role, self.evidence.subject


def rank_evidence(
    evidence: Iterable[LocationEvidence],
    policy: RoutingPolicy,
    incident_at: datetime | None = None,
) -> tuple[Ranked, ...]:
    """Order evidence: by person (victims first), then the best first.

    ``incident_at``: aware; without it, the newest IP address of the event's own time comes
    first. The order does not depend on the order given.
    """
    pieces = sorted(evidence, key=lambda piece: _key(piece, policy, incident_at))
    return tuple(
        Ranked(
            piece,
            usable=_usable(piece, policy),
            reasons=tuple(_reasons(piece, policy, incident_at)),
        )
        for piece in pieces
    )


def own_time(piece: LocationEvidence) -> datetime | None:
    """The instant of the event itself, or None: no zone, or a time of something else."""
    if piece.time is None or piece.time.kind in _NOT_OF_THE_EVENT:
        return None
    return piece.time.instant


def elsewhere(piece: LocationEvidence) -> bool:
    """Is the place one where the person need not be (a proxy and its like)?"""
    return piece.place is not None and piece.place.note in ELSEWHERE


def _usable(piece: LocationEvidence, policy: RoutingPolicy) -> bool:
    if piece.place is None or not piece.place.country:
        return False
    return policy.rules.route_on_proxy or not elsewhere(piece)


def _key(
    piece: LocationEvidence, policy: RoutingPolicy, incident_at: datetime | None
) -> tuple[object, ...]:
    place = piece.place
    return (
        ROLE_ORDER.index(piece.role),
        piece.subject,
        not _usable(piece, policy),
        elsewhere(piece),
        place is None or place.country_trust is Trust.LOW,
        policy.rules.tiers[piece.kind],
        *_time_key(piece, incident_at),
        -place.trust if place else 0,
        piece.kind.value,
        piece.ref,
        # Last and whole, so that the order never depends on the order given.
        repr(piece),
    )


def _time_key(piece: LocationEvidence, incident_at: datetime | None) -> tuple[object, ...]:
    """Only IP addresses are chosen by time: own times first, the nearest or newest first."""
    if piece.kind is not EvidenceKind.IP:
        return (False, timedelta(0))
    seen = own_time(piece)
    if seen is None:
        return (True, timedelta(0))
    return (False, abs(seen - incident_at) if incident_at else _LATEST - seen)


def _reasons(
    piece: LocationEvidence, policy: RoutingPolicy, incident_at: datetime | None
) -> Iterable[Reason]:
    def said(code: str, **params: object) -> Reason:
        facts = {"kind": piece.kind.value, "role": piece.role.value, "ref": piece.ref, **params}
        return Reason(f"routing.{code}", facts, source=piece.source, version=policy.stamp)

    if piece.place is None or not piece.place.country:
        yield said("no_place")
        return
    yield said(f"evidence.{piece.kind}", place=place_code(piece.place))
    if elsewhere(piece):
        yield said("elsewhere", note=piece.place.note.value)
    elif piece.place.trust is Trust.LOW:
        yield said("low_trust", place=place_code(piece.place))
    if piece.kind is EvidenceKind.IP:
        yield from (said(code, **params) for code, params in _time_words(piece, incident_at))


def _time_words(
    piece: LocationEvidence, incident_at: datetime | None
) -> Iterable[tuple[str, dict[str, object]]]:
    seen = own_time(piece)
    if seen is not None:
        if incident_at is not None:
            yield (
                "seen_near_incident",
                {"hours": round(abs(seen - incident_at).total_seconds() / 3600)},
            )
        return
    if piece.time is None:
        yield "time_missing", {}
    elif piece.time.kind in _NOT_OF_THE_EVENT:
        yield "time_not_of_event", {"time_kind": piece.time.kind.value}
    else:
        yield "time_without_zone", {}


def place_code(place: Place) -> str:
    """``US-CA Los Angeles County``, ``US-CA``, ``US``: a place in one short word."""
    code = "-".join(part for part in (place.country, place.state) if part)
    return f"{code} {place.county}".strip()
