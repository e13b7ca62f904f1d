"""Where the people of a report are, and which agencies that makes responsible.

Pure: evidence and areas in, an ordered explanation out (reference page "domain", section
6). Each person routes by their own best evidence; people in different places send the
report to all the agencies concerned, the victim's first. Places that cannot be found go to
the home country's federal queue, and never nowhere without saying so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from tipline.delivery.routing.policy import EvidenceKind, RoutingPolicy
from tipline.delivery.routing.rules_evidence import (
    LocationEvidence,
    Ranked,
    elsewhere,
    place_code,
    rank_evidence,
)
from tipline.ground.foundation.reasons import Reason, Source
from tipline.ground.places.place import Place, Trust
from tipline.record.reports.facts import Role

__all__ = [
    "AgencyArea",
    "Delivery",
    "EvidenceKind",
    "LocationEvidence",
    "Ranked",
    "Route",
    "rank_evidence",
    "route",
]


@dataclass(frozen=True, slots=True)
class AgencyArea:
    """An area that an agency answers for; an agency may have several, with equal ``key``.

    ``country`` alone: the federal queue at home, the national unit abroad. ``state``: a
    US state code. ``county``: as in "Harris County", the ending may be left out.
    """

    key: str
    country: str
    state: str = ""
    county: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One agency and why it gets the report."""

    agency: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """``deliveries`` in order of importance; empty only when there is no federal queue,
    which ``reasons`` then say. ``ranked``: all evidence in its order.
    """

    deliveries: tuple[Delivery, ...]
    reasons: tuple[Reason, ...]
    ranked: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """Where one person is: the parts decided, and why."""

    country: str
    state: str
    county: str
    reasons: tuple[Reason, ...]


def route(
    evidence: Iterable[LocationEvidence],
    agencies: Sequence[AgencyArea],
    policy: RoutingPolicy,
    incident_at: datetime | None = None,
) -> Route:
    """Decide which agencies get the report. ``incident_at`` is aware."""
    ranked = rank_evidence(evidence, policy, incident_at)
    people = _people(ranked, policy)
    if not people:
        deliveries, reasons = _federal(agencies, policy, (_why_nowhere(ranked, policy),))
        return Route(deliveries, reasons, ranked)
    found = [_agencies_of(person, agencies, policy) for person in people]
    return Route(
        deliveries=_merged([delivery for deliveries, _ in found for delivery in deliveries]),
        reasons=tuple(reason for _, reasons in found for reason in reasons),
        ranked=ranked,
    )


def _people(ranked: Sequence[Ranked], policy: RoutingPolicy) -> list[_Found]:
    """The places that count. Accounts and files speak only for a suspect without a place,
    a public reporter only when nobody else has one.
    """
    by_role: dict[Role, list[_Found]] = {}
    usable = [piece for piece in ranked if piece.usable]
    for (role, _), pieces in groupby(usable, key=lambda piece: piece.person):
        by_role.setdefault(role, []).append(_place_of(list(pieces), policy))
    roles = [Role.VICTIM, Role.RECIPIENT, Role.INCIDENT, Role.SUSPECT]
    if Role.SUSPECT not in by_role:
        roles += [Role.FILE, Role.ASSOCIATED]
    found = [person for role in roles for person in by_role.get(role, [])]
    return found or by_role.get(Role.REPORTER, [])


def _place_of(pieces: list[Ranked], policy: RoutingPolicy) -> _Found:
    """The best evidence decides the country; state and county may come from the next best
    that agrees with it. What disagrees is told, and decides nothing.
    """
    best = pieces[0]
    reasons = [_said(f"person.{best.evidence.role}", best, policy), *best.reasons]
    country = _place(best).country
    agreeing = [piece for piece in pieces if _place(piece).country == country]
    state_from = _finest(agreeing, "state")
    state = _place(state_from).state if state_from else ""
    county_from = _finest([p for p in agreeing if _place(p).state == state], "county")
    county = _place(county_from).county if county_from and state else ""
    for finer, before in ((state_from, None), (county_from, state_from)):
        if finer is not None and finer is not best and finer is not before:
            reasons += [_said("refined", finer, policy), *finer.reasons]
    others = [piece for piece in pieces if not _agrees(_place(piece), country, state)]
    reasons += [_said("also_seen", piece, policy) for piece in others]
    return _Found(country, state, county, tuple(reasons))


def _finest(pieces: list[Ranked], part: str) -> Ranked | None:
    """The first piece that gives the part, a trusted one before one of low trust."""
    giving = [piece for piece in pieces if getattr(_place(piece), part)]
    trusted = [piece for piece in giving if _place(piece).trust is not Trust.LOW]
    return next(iter([*trusted, *giving]), None)


def _agrees(place: Place, country: str, state: str) -> bool:
    return place.country == country and (not place.state or place.state == state)


def _place(piece: Ranked) -> Place:
    assert piece.evidence.place is not None, "only evidence with a place is usable"
    return piece.evidence.place


def _said(code: str, piece: Ranked, policy: RoutingPolicy) -> Reason:
    params = {
        "place": place_code(_place(piece)),
        "kind": piece.evidence.kind.value,
        "role": piece.evidence.role.value,
    }
    return Reason(f"routing.{code}", params, source=Source.ROUTER, version=policy.stamp)


_Sent = tuple[tuple[Delivery, ...], tuple[Reason, ...]]


def _agencies_of(found: _Found, agencies: Sequence[AgencyArea], policy: RoutingPolicy) -> _Sent:
    """The agencies of one place, the smallest area first; else the federal queue."""
    for level, areas in _levels(found, agencies, policy.rules.home_country):
        if areas:
            said = _decided(level, found, policy)
            reasons = (*found.reasons, said)
            return tuple(Delivery(area.key, reasons) for area in areas), (said,)
    why = _decided(_why_federal(found, agencies, policy), found, policy)
    return _federal(agencies, policy, (*found.reasons, why))


def _levels(
    found: _Found, agencies: Sequence[AgencyArea], home: str
) -> Iterable[tuple[str, list[AgencyArea]]]:
    inside = [area for area in agencies if area.country == found.country]
    state = [area for area in inside if area.state and area.state == found.state]
    if found.county:
        county = _county(found.county)
        yield "county_agency", [a for a in state if a.county and _county(a.county) == county]
    yield "state_agency", [area for area in state if not area.county]
    if found.country != home:
        yield "national_unit", [area for area in inside if not area.state]


def _county(name: str) -> str:
    """A county's name without the word for county, to compare by."""
    folded = name.casefold().strip()
    for ending in (" county", " parish", " borough", " census area", " municipio"):
        folded = folded.removesuffix(ending)
    return folded


def _why_federal(found: _Found, agencies: Sequence[AgencyArea], policy: RoutingPolicy) -> str:
    if found.country != policy.rules.home_country:
        return "foreign_liaison"
    if found.state and any(a.country == found.country and a.state == found.state for a in agencies):
        return "county_unknown" if not found.county else "no_county_agency"
    return "no_state_agency" if found.state else "state_unknown"


def _decided(code: str, found: _Found, policy: RoutingPolicy) -> Reason:
    place = f"{found.country}-{found.state}" if found.state else found.country
    params = {"place": f"{place} {found.county}".strip()}
    return Reason(f"routing.{code}", params, source=Source.ROUTER, version=policy.stamp)


def _federal(
    agencies: Sequence[AgencyArea], policy: RoutingPolicy, reasons: tuple[Reason, ...]
) -> _Sent:
    home = policy.rules.home_country
    queues = [area for area in agencies if area.country == home and not area.state]
    if not queues:
        missing = Reason(
            "routing.no_federal_queue",
            {"country": home},
            source=Source.ROUTER,
            version=policy.stamp,
        )
        return (), (*reasons, missing)
    return tuple(Delivery(queue.key, reasons) for queue in queues), reasons[-1:]


def _why_nowhere(ranked: Sequence[Ranked], policy: RoutingPolicy) -> Reason:
    hidden = any(elsewhere(piece.evidence) for piece in ranked)
    code = "only_elsewhere" if hidden else "no_evidence" if not ranked else "unresolvable"
    return Reason(f"routing.{code}", source=Source.ROUTER, version=policy.stamp)


def _merged(deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """One delivery per agency, in order of first mention, with the reasons of all."""
    reasons: dict[str, dict[str, Reason]] = {}
    for delivery in deliveries:
        mine = reasons.setdefault(delivery.agency, {})
        for reason in delivery.reasons:
            mine.setdefault(repr(reason), reason)
    return tuple(Delivery(agency, tuple(said.values())) for agency, said in reasons.items())
