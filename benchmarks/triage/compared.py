"""One profile: its months, every order at both desks, and how ours compares with each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from benchmarks.triage import orders
from benchmarks.triage.desk import Order, morning_desk, running_desk
from benchmarks.triage.learned import learned
from benchmarks.triage.logistic import Logistic, NoLibraryError
from benchmarks.triage.measures import Interval, Reached, late, middle, paired, reached
from benchmarks.triage.months import Month, Seen, month
from simulator.population.population import Population
from tipline.ground.foundation.errors import Unavailable
from tipline.insight.triage.policy import TriagePolicy

TO_REACH = 0.85  # of the informed oracle, on the first measure
#: Seeds of the months that the regression learns from; none of them is ever measured.
LEARNING = (100_001, 100_002)


@dataclass(frozen=True, slots=True)
class Plan:
    """``reports``: fewer than the profile's, for a quick look; ``workers``: processes."""

    seeds: tuple[int, ...]
    learning: tuple[int, ...] = LEARNING
    reports: int | None = None
    workers: int = 2


@dataclass(frozen=True, slots=True)
class Compared:
    """One profile's results: by order, one :class:`Reached` for each seed."""

    profile: str
    reports: int
    endangered: float
    reached: Mapping[str, Sequence[Reached]]

    def mean(self, order: str, measure: str) -> float:
        return fmean(getattr(one, measure) for one in self.reached[order])

    def ratio(self, order: str = orders.OURS, measure: str = "first") -> float:
        """Of what the informed oracle reaches."""
        best = self.mean(orders.ORACLE, measure)
        return self.mean(order, measure) / best if best else math.nan

    def against(self, other: str, measure: str = "first") -> Interval:
        return paired(self._column(orders.OURS, measure), self._column(other, measure))

    def _column(self, order: str, measure: str) -> list[float]:
        return [getattr(one, measure) for one in self.reached[order]]

    def rows(self) -> list[dict[str, Any]]:
        return [self._row(order) for order in self.reached]

    def _row(self, order: str) -> dict[str, Any]:
        hours = [hour for one in self.reached[order] for hour in one.hours]
        gap = self.against(order)
        return {
            "profile": self.profile,
            "order": order,
            "first": self.mean(order, "first"),
            "on_list": self.mean(order, "on_list"),
            "median_hours": middle(hours),
            "p95_hours": late(hours),
            "never": self.mean(order, "never"),
            "wasted": self.mean(order, "wasted"),
            "expired": self.mean(order, "expired"),
            "ours_above": [gap.mean, gap.low, gap.high],
        }

    def met(self) -> dict[str, bool]:
        """What was to be reached on this profile, and whether it was."""
        found = {
            f"{self.profile}: above {other}": self.against(other).above_zero
            for other in orders.BASELINES
            if other in self.reached
        }
        found[f"{self.profile}: {TO_REACH:.2f} of the oracle"] = self.ratio() >= TO_REACH
        return found


def compare(
    population: Population, plan: Plan, policy: TriagePolicy, say: Callable[[str], None]
) -> Compared:
    """Everything about one profile. Months are made in processes of their own."""
    months = _months(population, plan)
    learnt, measured = months[: len(plan.learning)], months[len(plan.learning) :]
    regressions = _regressions(learnt, say)
    policies = _policies(learnt, policy, say)
    reached_by: dict[str, list[Reached]] = {}
    for one in measured:
        for name, order in _orders(one, policy, regressions, policies).items():
            found = reached(one, running_desk(one, order), morning_desk(one, order))
            reached_by.setdefault(name, []).append(found)
    return Compared(
        profile=population.name,
        reports=sum(len(one.reports) for one in measured) // len(measured),
        endangered=fmean(sum(s.endangered for s in one.reports) for one in measured),
        reached=reached_by,
    )


def _months(population: Population, plan: Plan) -> list[Month]:
    seeds = (*plan.learning, *plan.seeds)
    if plan.workers == 1:
        return [month(population, seed, plan.reports) for seed in seeds]
    with ProcessPoolExecutor(plan.workers) as pool:
        jobs = [pool.submit(month, population, seed, plan.reports) for seed in seeds]
        return [job.result() for job in jobs]


def _regressions(months: Sequence[Month], say: Callable[[str], None]) -> dict[str, Logistic]:
    """Fitted on what a desk looked at, and on everything; none without the library."""
    try:
        return {
            orders.LOOKED: Logistic(_looked_at(months)),
            orders.LOGISTIC: Logistic(_all_of(months)),
        }
    except NoLibraryError as error:
        say(f"no logistic regression: {error}; see requirements/bench.txt")
        return {}


def _policies(
    months: Sequence[Month], policy: TriagePolicy, say: Callable[[str], None]
) -> dict[str, TriagePolicy]:
    """The policy with points learned from the same reports as the regressions."""
    try:
        return {
            orders.LEARNED: learned(policy, _looked_at(months)),
            orders.TAUGHT: learned(policy, _all_of(months)),
        }
    except Unavailable as error:
        say(f"no learned points: {error}")
        return {}


def _looked_at(months: Sequence[Month]) -> list[Seen]:
    """What a desk that goes first in, first out has looked at."""
    fifo = orders.today()[orders.FIFO]
    return [
        seen
        for one in months
        for seen, hour in zip(one.reports, running_desk(one, fifo).at, strict=True)
        if hour < math.inf
    ]


def _all_of(months: Sequence[Month]) -> list[Seen]:
    return [seen for one in months for seen in one.reports]


def _orders(
    one: Month,
    policy: TriagePolicy,
    regressions: Mapping[str, Logistic],
    policies: Mapping[str, TriagePolicy],
) -> dict[str, Order]:
    found = {**orders.shipped(one, policy), **orders.today()}
    found |= {name: orders.queue(one, made) for name, made in policies.items()}
    for name, regression in regressions.items():
        likely = regression.likely(one.reports)
        ids = (id(seen) for seen in one.reports)
        found[name] = orders.by_likelihood(dict(zip(ids, likely, strict=True)))
    return {**found, orders.ORACLE: orders.oracle}
