"""What one link model says otherwise than another: its levels in bits, and the rest. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tipline.ground.publication.rules import Change, Value, differences
from tipline.insight.entities.scoring.rules_model import POINTS_A_BIT, LinkModel

#: Bits below which two levels are shown as the same: a tenth is what people read.
_SEEN = 0.05


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A level of a comparison that both models have, in bits."""

    comparison: str
    level: str
    before: float
    after: float

    @property
    def by(self) -> float:
        return self.after - self.before

    @property
    def moves(self) -> bool:
        """Whether anybody could see it."""
        return abs(self.by) >= _SEEN


def levels(old: LinkModel, new: LinkModel) -> tuple[LevelChange, ...]:
    """Every level, in the order of the ladders: both models have the same."""
    return tuple(
        LevelChange(comparison, level, weight.bits, new.comparisons[comparison].weights[level].bits)
        for comparison, said in old.comparisons.items()
        for level, weight in said.weights.items()
    )


def others(old: LinkModel, new: LinkModel) -> tuple[Change, ...]:
    """What differs beside the worth of levels, section by section."""
    return differences(dict(_values(old)), dict(_values(new)))


def _values(model: LinkModel) -> Iterator[tuple[str, Value]]:
    yield "prior.matches_per_subject", f"{model.matches:.4g}"
    yield "prior.least_odds_bits", f"{model.least:g}"
    yield "prior.subjects", model.subjects
    yield "prior.needed", f"{model.enough / POINTS_A_BIT:.1f}"
    yield from ((f"caps.{group}", f"{cap:g}") for group, cap in model.caps.items())
    yield "caps.shared", f"{model.shared_cap:g}"
    yield "caps.mentioned", f"{model.mentioned_cap:g}"
    for name, said in model.comparisons.items():
        yield f"group.{name}", said.group
        for level, weight in said.weights.items():
            if weight.form:
                yield f"by_frequency.{name}.{level}", True
            if weight.neutral:
                yield f"neutral.{name}.{level}", True
