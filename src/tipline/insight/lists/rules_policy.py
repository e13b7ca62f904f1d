"""How far a list's word goes: its policy, as plain values with bounds. Pure.

Starting values: distances and quality floor as PDQ's authors advise and as measured (reference
"hash-matching", sections 4 and 5); flood limits are design values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from tipline.ground.foundation.errors import Invalid
from tipline.insight.lists.rules_entries import Content
from tipline.insight.matching.rules import QUALITY_FLOOR, RADIUS

MOST_RADIUS = RADIUS


class Trust(StrEnum):
    """What an exact match of bytes that were read here allows to say.

    ``shown``: that the list has it. ``known``: that it is known material, so that nobody needs
    to look at it as at something new. Neither labels it, and nothing else ever says "known".
    """

    SHOWN = "shown"
    KNOWN = "known"


class Part(StrEnum):
    """``reports``: its matches are shown. ``suppresses``: they hide near matches of others."""

    REPORTS = "reports"
    SUPPRESSES = "suppresses"


@dataclass(frozen=True, slots=True)
class ListRules:
    """The policy of one list.

    ``radius``: near by eye up to so many of 256 bits, -1 for never. ``same_within``: up to so
    many it looks like the same picture saved again. ``quality_floor``: fingerprints below it,
    on either side, are not compared. ``declared``: whether digests that somebody declared match.
    ``flood_least`` and ``flood_times``: an entry is set aside once it matched so many files in a
    day and so many times what the days before led to expect; the list once all its entries
    together did ``flood_list_times``. ``flood_least`` 0 sets nothing aside.
    """

    trust: Trust = Trust.SHOWN
    part: Part = Part.REPORTS
    radius: int = MOST_RADIUS
    same_within: int = 10
    quality_floor: int = QUALITY_FLOOR
    declared: bool = True
    flood_least: int = 50
    flood_times: int = 10
    flood_list_times: int = 5

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ListRules:
        """The policy with these values, others as they start; :class:`Invalid` names the field."""
        known = {one.name for one in fields(cls)}
        if unknown := sorted(data.keys() - known):
            raise Invalid(f"{unknown[0]} is no field of a list's policy.", field=unknown[0])
        values = {**asdict(cls()), **data}
        values["trust"] = _choice(Trust, values["trust"], "trust")
        values["part"] = _choice(Part, values["part"], "part")
        rules = cls(**values)
        for name, (low, high) in BOUNDS.items():
            _check(name, getattr(rules, name), low, high)
        if type(rules.declared) is not bool:
            raise Invalid("Say true or false.", field="declared")
        return rules


BOUNDS: Mapping[str, tuple[int, int]] = {
    "radius": (-1, MOST_RADIUS),
    "same_within": (0, MOST_RADIUS),
    "quality_floor": (QUALITY_FLOOR, 100),
    "flood_least": (0, 1_000_000),
    "flood_times": (2, 1000),
    "flood_list_times": (2, 1000),
}


def _choice(kinds: type[Trust | Part], value: Any, name: str) -> Any:
    if value not in set(kinds):
        raise Invalid(f"{name} must be one of {', '.join(kinds)}.", field=name)
    return kinds(value)


def _check(name: str, value: Any, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise Invalid(f"{name} must be a whole number from {low} to {high}.", field=name)


def starting(*, own: bool, content: Content) -> ListRules:
    """The policy with which a list starts. Our own words are trusted; nothing of ours floods:
    what is widely spread is meant to match often.
    """
    part = Part.SUPPRESSES if content is Content.HARMLESS else Part.REPORTS
    if own:
        return ListRules(trust=Trust.KNOWN, part=part, flood_least=0)
    return ListRules(part=part)
