"""What a desk reached in a month, and pairwise intervals over seeds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median, stdev

from benchmarks.triage.desk import Looks, first_looks
from benchmarks.triage.months import Month

#: Student's t, two-sided 95 %, for 1 to 29 degrees of freedom; for more, the last (too wide).
_T = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reached:
    """What one order reached in one month.

    ``first``: of the reports about endangered children, those whose look was among the first
    twentieth of a day's looks, counted from the moment the report came. ``on_list``: the same
    at the morning desk, counted from the top of the first list on which the report stood.
    ``hours``: to each one's first look, or to the end of the month when there was none;
    ``never``: the share without one. ``wasted``: of all looks, those at reports whose files
    all go round already. ``expired``: of the clocks that ended in the month, those that ended
    before anybody had looked at their report.
    """

    first: float
    on_list: float
    hours: tuple[float, ...]
    never: float
    wasted: float
    expired: float


def reached(month: Month, running: Looks, morning: Looks) -> Reached:
    """The measures of one order, from both desks; all but ``on_list`` from the running one."""
    reports, first = month.reports, first_looks(month)
    danger = [number for number, seen in enumerate(reports) if seen.endangered]
    listed = [number for number in danger if reports[number].at <= month.hours - 24]
    looked = [number for number, hour in enumerate(running.at) if hour < math.inf]
    return Reached(
        first=_share(0 < running.turn[number] <= first for number in danger),
        on_list=_share(0 < morning.turn[number] <= first for number in listed),
        hours=tuple(min(running.at[n], month.hours) - reports[n].at for n in danger),
        never=_share(running.at[number] == math.inf for number in danger),
        wasted=_share(reports[number].circulating for number in looked),
        expired=_expired(month, running),
    )


def _share(found: Iterable[bool]) -> float:
    answers = list(found)
    return sum(answers) / len(answers) if answers else math.nan


def _expired(month: Month, looks: Looks) -> float:
    return _share(
        looks.at[number] > end
        for number, seen in enumerate(month.reports)
        for end in seen.ends
        if seen.at < end <= month.hours
    )


@dataclass(frozen=True, slots=True)
class Interval:
    """The mean of paired differences and its 95 % interval, by Student's t."""

    mean: float
    low: float
    high: float

    @property
    def above_zero(self) -> bool:
        return self.low > 0


def paired(ours: Sequence[float], theirs: Sequence[float]) -> Interval:
    """How much more we reach than they, seed by seed. One seed says nothing of the spread."""
    differences = [one - other for one, other in zip(ours, theirs, strict=True)]
    mean = fmean(differences)
    if len(differences) < 2:
        return Interval(mean, -math.inf, math.inf)
    t = _T[min(len(differences) - 1, len(_T)) - 1]
    half = t * stdev(differences) / math.sqrt(len(differences))
    return Interval(mean, mean - half, mean + half)


def middle(hours: Sequence[float]) -> float:
    return median(hours) if hours else math.nan


def late(hours: Sequence[float]) -> float:
    """The 95th percentile: so many hours or fewer for 95 % of them."""
    ordered = sorted(hours)
    return ordered[math.ceil(0.95 * len(ordered)) - 1] if ordered else math.nan
