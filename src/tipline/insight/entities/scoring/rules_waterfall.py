"""A link's reasons as the bars of one sum: the prior first, then what speaks for and against. Pure.

The sum is the log2 odds that two subjects are one person: before any evidence the prior, which is
far below zero where there are many subjects, and then the points of each reason. What a term's
frequency adds to its level is a bar of its own, so that people see what a rare name is worth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tipline.ground.foundation.policy import Policy
from tipline.ground.foundation.reasons import Reason
from tipline.insight.entities.scoring.rules_model import POINTS_A_BIT, LinkModel, points

_PREFIX, _SEEN = "bits.", ".seen"


class BarKind(StrEnum):
    """What a bar says: the odds before any evidence, a level, its term's rarity, what is taken."""

    PRIOR = "prior"
    LEVEL = "level"
    FREQUENCY = "frequency"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Bar:
    """``points``: hundredths of a bit. ``reason``: whose part it is; None of the prior."""

    kind: BarKind
    points: int
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Waterfall:
    """``least``: points from which a pair is proposed, on the scale of the sum.

    Both the prior and ``least`` are absent where the model that made the reasons is not the one
    that is given. ``explaining``: reasons of no points.
    """

    bars: tuple[Bar, ...]
    least: int | None
    explaining: tuple[Reason, ...]

    @property
    def points(self) -> int:
        """The sum of all bars."""
        return sum(bar.points for bar in self.bars)

    @property
    def has_prior(self) -> bool:
        return self.least is not None


def waterfall(reasons: Sequence[Reason], model: Policy[LinkModel], enough: int) -> Waterfall:
    """The bars of a link's reasons: the longest that raise, each before its rarity, then the rest.

    ``enough``: points from which this model proposes a pair. The bars without the prior always
    add up to the reasons.
    """
    own = {reason.version for reason in reasons} == {model.stamp}
    least = points(model.rules.least) if own else None
    prior = [Bar(BarKind.PRIOR, least - enough)] if least is not None else []
    raising = sorted((r for r in reasons if r.points > 0), key=lambda reason: -reason.points)
    lowering = sorted((r for r in reasons if r.points < 0), key=lambda reason: reason.points)
    bars = [bar for reason in (*raising, *lowering) for bar in _bars(reason, model, own=own)]
    return Waterfall((*prior, *bars), least, tuple(r for r in reasons if not r.points))


def _bars(reason: Reason, model: Policy[LinkModel], *, own: bool) -> Iterable[Bar]:
    level = _level(reason, model.rules)
    if level is None:
        yield Bar(BarKind.LEVEL if reason.points > 0 else BarKind.LESS, reason.points, reason)
        return
    rarity = reason.points - level
    if not own or not rarity:
        yield Bar(BarKind.LEVEL, reason.points, reason)
        return
    yield Bar(BarKind.LEVEL, level, reason)
    yield Bar(BarKind.FREQUENCY, rarity, reason)


def _level(reason: Reason, model: LinkModel) -> int | None:
    """Points of the level by itself; None of a reason that is no level of this model."""
    if not reason.code.startswith(_PREFIX):
        return None
    comparison, _dot, level = reason.code.removeprefix(_PREFIX).removesuffix(_SEEN).partition(".")
    known = model.comparisons.get(comparison)
    weight = known.weights.get(level) if known else None
    return weight.points if weight else None


def odds(points: int) -> tuple[int, int]:
    """For and against, the smaller one 1, as people say odds: points of 320 are 9 to 1."""
    ratio = 2 ** (min(abs(points), 60 * POINTS_A_BIT) / POINTS_A_BIT)
    more = max(round(ratio), 1)
    return (more, 1) if points >= 0 else (1, more)
