"""What a place is, and how far it can be trusted.

Trust is about the reading: how surely this value means this place. Whether the person is
there, and what kind of evidence weighs more, is the business of routing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from tipline.ground.foundation.reasons import Reason


class Trust(IntEnum):
    """How surely the value means the place. Ordered, so that ``<`` and ``max`` work."""

    LOW = 1
    """A hint. Do not decide by it alone."""
    MEDIUM = 2
    """An estimate, or a numbering plan: usually right."""
    HIGH = 3
    """The value states the place, and a closed list knows it."""


class Note(StrEnum):
    """Why a place deserves less trust, or means something else than it seems."""

    NONE = ""
    ANYCAST = "anycast"
    RELAY = "relay"
    TUNNEL = "tunnel"
    PROXY = "proxy"
    PORTABLE = "portable"
    NOT_GEOGRAPHIC = "not_geographic"
    NOT_IN_PLAN = "not_in_plan"
    ASSUMED_REGION = "assumed_region"
    CONFLICT = "conflict"
    MILITARY = "military"
    RETIRED = "retired"


ELSEWHERE = frozenset({Note.PROXY, Note.RELAY, Note.ANYCAST})
"""Notes of a place where a computer stands and the person need not be."""


class NoPlace(StrEnum):
    """Why a value has no place."""

    MALFORMED = "malformed"
    NO_COUNTRY = "no_country"
    UNKNOWN = "unknown"
    TOLL_FREE = "toll_free"
    NOT_GEOGRAPHIC = "not_geographic"
    PRIVATE = "private"
    LOOPBACK = "loopback"
    LINK_LOCAL = "link_local"
    CARRIER = "carrier"
    DOCUMENTATION = "documentation"
    MULTICAST = "multicast"
    RESERVED = "reserved"
    UNALLOCATED = "unallocated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value points to.

    ``country``: ISO 3166-1 alpha-2, or XK. Puerto Rico, Guam, the US Virgin Islands,
    American Samoa and the Northern Marianas are country US with their postal code as state,
    because they are served, and judged, as the states are.
    ``state``: two-letter US code; empty outside the US and where not known, as are
    ``county`` (US only, e.g. "Harris County") and ``city``.
    ``trust`` is of the finest part that is given, ``country_trust`` of the country alone.
    ``source`` is "<method>:<data and version>", e.g. "ip:DB-IP City Lite 2026-06"; the
    method is one of ip, phone, zip, address.
    """

    country: str
    state: str = ""
    county: str = ""
    city: str = ""
    trust: Trust
    country_trust: Trust
    source: str
    note: Note = Note.NONE

    def __post_init__(self) -> None:
        if self.trust > self.country_trust:
            raise ValueError("a part cannot be surer than the country it lies in")
        if (self.state or self.county) and self.country != "US":
            raise ValueError("states and counties are of the United States only")

    @property
    def method(self) -> str:
        return self.source.partition(":")[0]

    def explained(self) -> tuple[Reason, ...]:
        """The place and its note as reasons without points, in words by :mod:`.words`."""
        names = (self.city, self.county, self.state, self.country)
        params = {
            "place": ", ".join(name for name in names if name),
            "source": self.source.partition(":")[2],
            "trust": self.trust.name.lower(),
        }
        reasons = [Reason(code=f"place.from_{self.method}", params=params)]
        if self.note:
            reasons.append(Reason(code=f"place.{self.note.value}"))
        return tuple(reasons)
