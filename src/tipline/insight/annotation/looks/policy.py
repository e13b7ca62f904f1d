"""The policy of second looks: shares per group of labels, checked before use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from tipline.ground.foundation.policy import Policy, Table, packaged
from tipline.insight.annotation import vocabulary

_LONGEST_HOLD = 7 * 24


@dataclass(frozen=True, slots=True)
class LookRules:
    """``percent``: of contents, by group of labels. ``hours``: how long a look is held."""

    percent: Mapping[str, int]
    hours: int


def read(table: Table) -> LookRules:
    """Every group of our labels has its share, and no other has one."""
    given = table.table("percent")
    percent = {group: given.integer(group, low=0, high=100) for group in vocabulary.own().groups}
    hours = table.table("hold").integer("hours", low=1, high=_LONGEST_HOLD)
    return LookRules(MappingProxyType(percent), hours)


@cache
def look_policy() -> Policy[LookRules]:
    """The policy that ships with the house."""
    return packaged("tipline.insight.annotation", "policies/looks.toml", read)
