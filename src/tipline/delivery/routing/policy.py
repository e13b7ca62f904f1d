"""The routing policy: home country, territories and which evidence of a place comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from tipline.ground.foundation.policy import Policy, Table, packaged
from tipline.ground.taxonomy.areas import COUNTRIES, NO_COUNTRY, US_STATES


class EvidenceKind(StrEnum):
    """Where a place was read from."""

    GPS = "gps"
    ADDRESS = "address"
    SCHOOL = "school"
    VERIFIED_PHONE = "verified_phone"
    BILLING = "billing"
    IP = "ip"
    ESTIMATED = "estimated"
    PHONE_PREFIX = "phone_prefix"
    SELF_DECLARED = "self_declared"


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """``tiers``: kind -> tier, 1 is the best. ``territories``: country code that location
    databases use -> state of the home country. ``route_on_proxy``: may a proxy's exit be
    the only ground for a route?"""

    home_country: str
    tiers: Mapping[EvidenceKind, int]
    territories: Mapping[str, str]
    route_on_proxy: bool


RoutingPolicy = Policy[RoutingRules]


@cache
def default_policy(name: str = "routing-us") -> RoutingPolicy:
    """The routing policy that ships under this name. Raises PolicyError."""
    return packaged("tipline.delivery.routing", f"policies/{name}.toml", validate)


def validate(table: Table) -> RoutingRules:
    """Read a routing policy; problems are noted in ``table``."""
    home = table.text("home_country")
    if home and (home not in COUNTRIES or home in NO_COUNTRY):
        table.problem("home_country", f"{home!r} is no country code; give two capital letters")
    tiers = table.table("tiers")
    return RoutingRules(
        home_country=home,
        tiers=MappingProxyType(
            {kind: tiers.integer(kind, low=1, high=99) for kind in EvidenceKind}
        ),
        territories=_territories(table.table("territories")),
        route_on_proxy=table.flag("route_on_proxy"),
    )


def _territories(table: Table) -> Mapping[str, str]:
    found = {}
    for country in table.keys():  # noqa: SIM118 - a Table is no mapping; keys() is its own reader
        found[country] = table.text(country, one_of=US_STATES)
        if country not in COUNTRIES:
            table.problem(country, "is no country code; give two capital letters")
    return MappingProxyType(found)
