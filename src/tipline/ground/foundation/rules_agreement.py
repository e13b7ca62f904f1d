"""Agreement of two people as one figure: Gwet's AC1, with its interval. Pure.

Source: K. L. Gwet (2008), Computing inter-rater reliability and its variance in the presence of
high agreement, British Journal of Mathematical and Statistical Psychology 61, 29-48. Kappa falls
to nothing where nearly all say the same of a rare label, though they agree; AC1 does not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

#: Below so many pairs no interval is told: it would be a guess.
LEAST_PAIRS: Final = 10

Counts = Sequence[Sequence[int]]
"""A square table of counts: rows are what the first said, columns what the second said."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """``pairs``: so many were judged twice, of which ``same`` alike.

    ``ac1``: from -1 to 1, None without pairs. ``interval``: at 95 %, None below
    :data:`LEAST_PAIRS`.
    """

    pairs: int
    same: int
    ac1: float | None = None
    interval: tuple[float, float] | None = None


def agreement(counts: Counts, confidence: float = 0.95) -> Agreement:
    """Gwet's AC1 of a table of counts, at least two by two."""
    n = sum(sum(row) for row in counts)
    same = sum(row[place] for place, row in enumerate(counts))
    if n == 0:
        return Agreement(0, 0)
    shares = _shares(counts, n)
    chance = _spread(shares, shares)
    value = (same / n - chance) / (1 - chance)
    if n < LEAST_PAIRS:
        return Agreement(n, same, value)
    reach = _t(0.5 + confidence / 2, n - 1) * _error(counts, shares, value)
    return Agreement(n, same, value, (max(-1.0, value - reach), min(1.0, value + reach)))


def _shares(counts: Counts, n: int) -> list[float]:
    """Of each category: the mean of the shares in which both used it."""
    return [(sum(counts[k]) + sum(row[k] for row in counts)) / (2 * n) for k in range(len(counts))]


def _spread(of: Sequence[float], shares: Sequence[float]) -> float:
    """Chance agreement; of one pair, its part in it."""
    whole = sum(part * (1 - share) for part, share in zip(of, shares, strict=True))
    return whole / (len(shares) - 1)


def _error(counts: Counts, shares: Sequence[float], value: float) -> float:
    """The standard error, by the linearised value of each pair (Gwet 2008, two raters)."""
    n = sum(sum(row) for row in counts)
    chance = _spread(shares, shares)
    total = 0.0
    for i, row in enumerate(counts):
        for j, count in enumerate(row):
            of_pair = [((i == k) + (j == k)) / 2 for k in range(len(counts))]
            own = ((i == j) - chance) / (1 - chance)
            part = 2 * (1 - value) * (_spread(of_pair, shares) - chance) / (1 - chance)
            total += count * (own - part - value) ** 2
    return math.sqrt(total) / n


def _t(level: float, freedom: int) -> float:
    """Student's t, from the normal quantile (Cornish and Fisher); good to 0.01 from 9 up."""
    z = NormalDist().inv_cdf(level)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
