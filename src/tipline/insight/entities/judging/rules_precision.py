"""How often people found the machine right, by what it rested on. Pure.

Of links that somebody judged, those told one person's are right and those told apart are wrong.
Who is unsure says neither. It is the share among links that people were *shown*: what was never
proposed, and what counts by itself and was never looked at, is no part of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tipline.ground.foundation.rules_share import wilson
from tipline.insight.entities.judging.rules import APART, Verdict
from tipline.insight.entities.scoring.rules_levels import LADDERS
from tipline.insight.entities.scoring.rules_model import POINTS_A_BIT

#: Bits at which a band begins; the first one holds all below.
BANDS: Final = (None, 8, 12, 16, 20, 24)


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement in force: what was said, and of which reasons and points."""

    verdict: Verdict
    points: int
    reasons: tuple[Mapping[str, Any], ...]


@dataclass(slots=True)
class Tally:
    right: int = 0
    wrong: int = 0

    @property
    def judged(self) -> int:
        return self.right + self.wrong

    @property
    def share(self) -> float | None:
        """None where nobody has judged any."""
        return self.right / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share of all such links lies, at 95 %."""
        return wilson(self.right, self.judged)

    def add(self, *, right: bool) -> None:
        self.right += right
        self.wrong += not right


@dataclass(frozen=True, slots=True)
class Precision:
    """``levels``: by comparison and level, in the order of the ladders, those that were positive
    in any judged link. ``bands``: by :data:`BANDS`.
    """

    whole: Tally
    levels: Mapping[tuple[str, str], Tally]
    bands: Mapping[int | None, Tally]


def precision(judged: Iterable[Judged]) -> Precision:
    whole, bands = Tally(), {band: Tally() for band in BANDS}
    levels: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
    for one in judged:
        if one.verdict is not Verdict.YES and one.verdict not in APART:
            continue
        right = one.verdict is Verdict.YES
        whole.add(right=right)
        bands[band_of(one.points)].add(right=right)
        for level in positive(one.reasons):
            levels[level].add(right=right)
    order = [(name, level.name) for name, ladder in LADDERS.items() for level in ladder]
    return Precision(whole, {one: levels[one] for one in order if one in levels}, bands)


def positive(reasons: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Comparison and level of what speaks for a pair, of its reasons as they are kept."""
    found = set()
    for reason in reasons:
        room, comparison, level, *_seen = (*str(reason["code"]).split("."), "", "")
        if room == "bits" and comparison in LADDERS and int(reason["points"]) > 0:
            found.add((comparison, level))
    return found


def band_of(points: int) -> int | None:
    """The band that holds so many points (hundredths of a bit)."""
    reached = (band for band in BANDS if band is not None and points >= band * POINTS_A_BIT)
    return max(reached, default=None)
