"""The policy of second looks at links, checked before use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from tipline.ground.foundation.policy import Policy, Table, packaged
from tipline.insight.entities.judging.rules_draw import Sample

_LONGEST_HOLD = 7 * 24


@dataclass(frozen=True, slots=True)
class JudgingRules:
    """``percent``: of links, by what is drawn from. ``most_reports``: of a cluster that one
    person may make; ``hours``: how long a look is held.
    """

    percent: Mapping[Sample, int]
    most_reports: int
    hours: int


def read(table: Table) -> JudgingRules:
    """Every sample has its share, and no other has one."""
    given = table.table("percent")
    percent = {sample: given.integer(sample.value, low=0, high=100) for sample in Sample}
    return JudgingRules(
        MappingProxyType(percent),
        table.table("merge").integer("most_reports", low=2, high=500),
        table.table("hold").integer("hours", low=1, high=_LONGEST_HOLD),
    )


@cache
def judging_policy() -> Policy[JudgingRules]:
    """The policy that ships with the house."""
    return packaged("tipline.insight.entities", "policies/judging.toml", read)
