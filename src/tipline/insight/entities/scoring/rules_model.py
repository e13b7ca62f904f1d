"""A link model: what each level is worth, read from a file and checked whole. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import ceil, log2
from typing import Final

from tipline.ground.foundation.policy import Policy, Table, packaged, parse
from tipline.insight.entities.scoring.rules_levels import ELSE, LADDERS, Level

#: Points of a reason in one bit: points are whole numbers, and a tenth of a bit is shown.
POINTS_A_BIT: Final = 100


def points(bits: float) -> int:
    """Bits in points of a reason, rounded once."""
    return round(bits * POINTS_A_BIT)


#: A level that was seen never or always was not seen often enough to be trained.
_LEAST_M, _MOST_M = 0.001, 0.999
_LEAST_U: Final = 1e-12
#: Caps of other things than groups of evidence.
_NO_GROUPS: Final = frozenset({"shared", "mentioned"})
#: By how much the levels of a comparison may miss a sum of one.
_SLACK: Final = 0.001
#: Bits by which two levels of one worth may differ: numbers in a file are rounded.
_ALIKE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Weight:
    """A level's worth. ``m``: how often two values of one person stand here; ``u``: of two.

    ``form``: where the term's own share takes the place of ``u``; empty where it does not.
    ``neutral``: counts nothing, whatever m and u say. ``source``: where the two come from.
    """

    m: float
    u: float
    form: str
    neutral: bool
    source: str
    bits: float = field(init=False)
    points: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bits", 0.0 if self.neutral else log2(self.m / self.u))
        object.__setattr__(self, "points", points(self.bits))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A kind of value: its group of correlated evidence, and the worth of its levels."""

    group: str
    weights: Mapping[str, Weight]


@dataclass(frozen=True, slots=True)
class LinkModel:
    """``caps``: the most bits of a group. ``shared_cap``: of an address that many people share;
    ``mentioned_cap``: of what only texts mention, added to what fields assert.

    ``matches``: other subjects that are the same person, of an average subject. ``least``: log2
    odds from which a pair is proposed to a person. ``subjects``: how many there are, frozen.
    """

    comparisons: Mapping[str, Comparison]
    caps: Mapping[str, float]
    shared_cap: float
    mentioned_cap: float
    matches: float
    least: float
    subjects: int

    @property
    def enough(self) -> int:
        """Points from which a pair is proposed, among the model's own number of subjects."""
        return self.needed(self.subjects)

    def needed(self, subjects: int) -> int:
        """Points that a pair among so many subjects needs to be proposed, prior included.

        The more there are, the more pairs are alike by chance: a threshold of a small store
        must not be carried into a large one.
        """
        share = min(self.matches / max(subjects - 1, 1), 0.5)
        return ceil((self.least - log2(share / (1 - share))) * POINTS_A_BIT)


def read_model(data: bytes, file: str) -> Policy[LinkModel]:
    """A model from a file's bytes. Raises PolicyError naming everything that is wrong."""
    return parse(data, file, validate)


@cache
def shipped() -> Policy[LinkModel]:
    """The model that comes with the program."""
    return packaged("tipline.insight.entities", "link_models/link-2026.toml", validate)


def validate(table: Table) -> LinkModel:
    """The rules of a model file."""
    prior, caps = table.table("prior"), table.table("caps")
    groups = [group for group in caps.keys() if group not in _NO_GROUPS]  # noqa: SIM118 - a Table
    bounds = {group: caps.number(group, low=0, high=100) for group in groups}
    told = table.table("comparisons")
    comparisons = {
        name: _comparison(told.table(name), ladder, tuple(bounds))
        for name, ladder in LADDERS.items()
    }
    return LinkModel(
        comparisons,
        bounds,
        caps.number("shared", low=0, high=100),
        caps.number("mentioned", low=0, high=100),
        prior.number("matches_per_subject", low=1e-6, high=100),
        prior.number("least_odds_bits", low=-20, high=60),
        prior.integer("subjects", low=2, high=10**10),
    )


def _comparison(table: Table, ladder: Sequence[Level], groups: Sequence[str]) -> Comparison:
    group = table.text("group", one_of=groups)
    weights = {level.name: _weight(table.table(level.name), level) for level in ladder}
    for name in ("m", "u"):
        whole = sum(getattr(weight, name) for weight in weights.values())
        if abs(whole - 1) > _SLACK:
            table.problem(ELSE, f"the {name} of all levels add up to {whole:.6f}; they must give 1")
    told = [(level.name, weights[level.name].bits) for level in ladder]
    for (better, more), (worse, less) in pairwise(told):
        if less > more + _ALIKE:
            table.problem(worse, f"is worth more bits than {better!r}, which is nearer")
    return Comparison(group, weights)


def _weight(table: Table, level: Level) -> Weight:
    by_frequency = table.has("by_frequency") and table.flag("by_frequency")
    if by_frequency and not level.form:
        table.problem("by_frequency", "two values here are alike, not the same; remove it")
    return Weight(
        table.number("m", low=_LEAST_M, high=_MOST_M) or _LEAST_M,
        table.number("u", low=_LEAST_U, high=1) or 1.0,
        level.form if by_frequency else "",
        table.has("neutral") and table.flag("neutral"),
        table.text("source"),
    )
