"""When reports come: by day with its weekends, growth, bursts and floods; evenly in a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.dice import Cut, dice
from simulator.population.population import Population


@dataclass(frozen=True, slots=True)
class Arrival:
    """``day``: of the period, from 0. ``at``: when the provider finishes the report."""

    day: int
    at: datetime


def arrivals(seed: int, reports: int, population: Population) -> list[Arrival]:
    """So many arrivals, in order of time."""
    pick = dice(seed, population.name, "arrivals")
    days = Cut(list(enumerate(population.weights)))
    start = population.until - timedelta(days=population.days)
    times = sorted(days.at(pick.random()) + pick.random() for _ in range(reports))
    return [Arrival(int(time), start + timedelta(days=time)) for time in times]
