"""The policy of care: when breaks are offered, what holds where nothing was set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from tipline.ground.foundation.policy import Policy, Table, packaged
from tipline.insight.care.rules import BreakRules, Limits

MOST_LOOKS = 10_000


@dataclass(frozen=True, slots=True)
class CareRules:
    """``blur``, ``more_blur``: how many times the usual radius."""

    breaks: BreakRules
    limits: Limits
    near_percent: int
    blur: int
    more_blur: int


CarePolicy = Policy[CareRules]


@cache
def default_policy() -> CarePolicy:
    """The policy that ships. Raises PolicyError."""
    return packaged("tipline.insight.care", "policies/care.toml", validate)


def validate(table: Table) -> CareRules:
    """Read a policy of care; problems are noted in ``table``."""
    limits, pictures = table.table("limits"), table.table("pictures")
    looks = limits.integer("looks", low=1, high=MOST_LOOKS)
    reveals = limits.integer("reveals", low=0, high=MOST_LOOKS)
    if reveals > looks:
        limits.problem("reveals", "a reveal is a look, too: give at most as many as looks")
    return CareRules(
        breaks=_breaks(table.table("breaks")),
        limits=Limits(looks, reveals),
        near_percent=limits.integer("near_percent", low=1, high=100),
        blur=pictures.integer("blur", low=1, high=4),
        more_blur=pictures.integer("more_blur", low=1, high=4),
    )


def _breaks(table: Table) -> BreakRules:
    return BreakRules(
        after_looks=table.integer("after_looks", low=1, high=MOST_LOOKS),
        after=timedelta(minutes=table.integer("after_minutes", low=1, high=24 * 60)),
        lasts=timedelta(minutes=table.integer("minutes", low=1, high=120)),
        pause=timedelta(minutes=table.integer("pause_minutes", low=1, high=240)),
        again_after_looks=table.integer("again_after_looks", low=1, high=MOST_LOOKS),
    )
