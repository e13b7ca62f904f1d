"""The routing policy: home country, and which evidence of a place comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from tipline.ground.foundation.policy import Policy, Table, packaged
from tipline.ground.taxonomy.areas import COUNTRIES, NO_COUNTRY


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
    """``tiers``: kind -> tier, 1 is the best. ``route_on_proxy``: may the exit of a proxy,
    a relay or an anycast network be the only ground for a route?
    """

    home_country: str
    tiers: Mapping[EvidenceKind, int]
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
        route_on_proxy=table.flag("route_on_proxy"),
    )
