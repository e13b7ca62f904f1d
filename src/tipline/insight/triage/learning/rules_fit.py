"""Points as log-odds: the curve to minimise, its bounds, and whole numbers again. Pure.

A point is :data:`SCALE` of log-odds, so that 14 points double the odds of finding a child in
danger. The fit is a logistic regression whose coefficients are pulled towards the points in
force (a normal prior of :data:`PRIOR` points) and held on the side that the sign's direction
allows. From the prior follows how far a sign can move: by at most
``PRIOR**2 * SCALE * n`` points when ``n`` answered reports show it, so that one report, or none,
moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tipline.insight.triage.learning.rules import HELD, LEARNED, Case
from tipline.insight.triage.rules_signs import GRAVEST_FIRST
from tipline.insight.triage.rules_terms import DANGER, Direction

SCALE = 0.05
PRIOR = 3.0
MOST_POINTS = 100
_FARTHEST_INTERCEPT = 20.0
#: Only the gravest class of a report counts and a graver one never has fewer points, so they
#: are learned as steps from each class to the next graver one.
_LEAST_GRAVE_FIRST = tuple(f"industry_{code.lower()}" for code in reversed(GRAVEST_FIRST))

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Minimise = Callable[
    [Callable[[Numbers], tuple[float, Numbers]], Numbers, Sequence[tuple[float, float]]], Numbers
]
"""(curve with its slope, start, bounds) -> where it is lowest; the library's part."""


@dataclass(frozen=True, slots=True)
class Data:
    """Answers as arrays. ``case`` and ``sign``: one entry for each sign that a case shows.

    ``shift``: what signs that are not learned add. A case shows a handful of signs, so these
    lists are shorter than a matrix; and no product of them wakes the threads of a linear
    algebra library, which on a busy machine made a fit fifteen times slower.
    """

    case: Places
    sign: Places
    found: Numbers
    weight: Numbers
    shift: Numbers

    def odds(self, coefficients: Numbers) -> Numbers:
        """The sum of its signs' coefficients for each case."""
        each = coefficients[self.sign]
        return self.shift + np.bincount(self.case, weights=each, minlength=len(self.found))

    def by_sign(self, values: Numbers) -> Numbers:
        """The sum over the cases that show a sign, for each sign."""
        sums: Numbers = np.bincount(self.sign, values[self.case], len(LEARNED)).astype(np.float64)
        return sums


@dataclass(frozen=True, slots=True)
class Fitted:
    """``points``: not yet whole numbers. ``intercept``: in log-odds."""

    intercept: float
    points: Mapping[str, float]


def data_of(cases: Sequence[Case], present: Mapping[str, int]) -> Data:
    """Cases as arrays; weights sum to what the answers are worth together (Kish)."""
    places = {sign: place for place, sign in enumerate(LEARNED)}
    shown = [
        (number, places[sign])
        for number, case in enumerate(cases)
        for sign in case.signs
        if sign in places
    ]
    pairs = np.array(shown, dtype=np.intp).reshape(len(shown), 2)
    weights = np.array([case.weight for case in cases], dtype=np.float64)
    if len(cases):
        weights = weights * weights.sum() / np.square(weights).sum()
    held = [sum(present[sign] for sign in case.signs & HELD) for case in cases]
    return Data(
        case=pairs[:, 0],
        sign=pairs[:, 1],
        found=np.array([case.found for case in cases], dtype=np.float64),
        weight=weights,
        shift=SCALE * np.array(held, dtype=np.float64),
    )


def fit(data: Data, present: Mapping[str, int], minimise: Minimise) -> Fitted:
    """The points that these answers speak for, on the side of the present ones."""
    steps, prior = _steps(), _prior(present)

    def curve(at: Numbers) -> tuple[float, Numbers]:
        coefficients = steps @ at[1:]
        pull = (coefficients - prior) / (PRIOR * SCALE) ** 2
        loss, slope = _loss(data, at[0] + data.odds(coefficients))
        cost = loss + 0.5 * float(((coefficients - prior) * pull).sum())
        return cost, np.concatenate([[slope.sum()], steps.T @ (data.by_sign(slope) + pull)])

    start = np.concatenate([[0.0], np.linalg.solve(steps, prior)])
    bounds = [(-_FARTHEST_INTERCEPT, _FARTHEST_INTERCEPT), *_bounds(present)]
    start = np.clip(start, [low for low, _ in bounds], [high for _, high in bounds])
    lowest = minimise(curve, start, bounds)
    points = steps @ lowest[1:] / SCALE
    return Fitted(float(lowest[0]), dict(zip(LEARNED, map(float, points), strict=True)))


def _loss(data: Data, odds: Numbers) -> tuple[float, Numbers]:
    """Weighted log loss, and its slope along the odds of each case."""
    loss = data.weight * (np.logaddexp(0.0, odds) - data.found * odds)
    return float(loss.sum()), data.weight * (_chance(odds) - data.found)


def _chance(odds: Numbers) -> Numbers:
    clipped: Numbers = np.clip(odds, -700.0, 700.0)
    return np.asarray(1.0 / (1.0 + np.exp(-clipped)), dtype=np.float64)


def _steps() -> Numbers:
    """From what is searched to coefficients: classes are sums of steps, all others themselves."""
    matrix = np.eye(len(LEARNED))
    places = [LEARNED.index(sign) for sign in _LEAST_GRAVE_FIRST]
    for number, place in enumerate(places):
        matrix[place, places[:number]] = 1.0
    return matrix


def _prior(present: Mapping[str, int]) -> Numbers:
    return SCALE * np.array([present[sign] for sign in LEARNED], dtype=np.float64)


def _bounds(present: Mapping[str, int]) -> list[tuple[float, float]]:
    """Sign by sign: the side of its direction, and never to nothing where it counts now."""
    return [_bound(sign, present[sign]) for sign in LEARNED]


def _bound(sign: str, now: int) -> tuple[float, float]:
    most = SCALE * max(MOST_POINTS, abs(now))
    if sign in _LEAST_GRAVE_FIRST[1:]:
        return 0.0, most
    least = SCALE if now else 0.0
    if DANGER[sign].direction is Direction.RAISES:
        return least, most
    return -most, -least


def chances(data: Data, fitted: Fitted) -> Numbers:
    """The chance of finding a child in danger, case by case."""
    points = np.array([fitted.points[sign] for sign in LEARNED], dtype=np.float64)
    return _chance(fitted.intercept + data.odds(SCALE * points))


def only_intercept(data: Data, present: Mapping[str, int], minimise: Minimise) -> Fitted:
    """The present points as they are, with the base rate of these answers."""
    points = {sign: float(present[sign]) for sign in LEARNED}
    odds = data.odds(_prior(present))

    def curve(at: Numbers) -> tuple[float, Numbers]:
        loss, slope = _loss(data, odds + at[0])
        return loss, np.array([slope.sum()])

    edge = (-_FARTHEST_INTERCEPT, _FARTHEST_INTERCEPT)
    return Fitted(float(minimise(curve, np.zeros(1), [edge])[0]), points)


def whole(fitted: Mapping[str, float], present: Mapping[str, int]) -> dict[str, int]:
    """Whole points; half a point is no reason to move."""
    points = {}
    for sign, value in fitted.items():
        away = value - present[sign]
        moved = int(np.ceil(abs(away) - 0.5 - 1e-6))
        points[sign] = present[sign] + (moved if away > 0 else -moved) * (moved > 0)
    return _in_order(points)


def _in_order(points: dict[str, int]) -> dict[str, int]:
    """Rounding towards what was may put two classes out of order by one: the graver follows."""
    least = 0
    for sign in _LEAST_GRAVE_FIRST:
        least = points[sign] = max(points[sign], least)
    return points
