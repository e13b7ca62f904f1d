"""A sign: one value that a report sends, with its shares in every case and at every sender."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from simulator.population.cases import ENDANGERED, Case
from simulator.population.population import Habits, Population
from simulator.population.senders import Sender

Shares = Mapping[str, float]
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Given:
    """What the shares of a sign may depend on."""

    case: Case
    sender: Sender
    population: Population

    @property
    def habits(self) -> Habits:
        return self.population.habits

    @property
    def endangered(self) -> bool:
        return self.case in ENDANGERED


@dataclass(frozen=True, slots=True)
class Sign:
    """One value of a report or of a file.

    ``shares``: how likely each value is; they need not sum to 1. ``after``: another sign and
    its values without which this one is not sent at all.
    """

    name: str
    shares: Callable[[Given], Shares]
    after: tuple[str, frozenset[str]] | None = None

    def is_sent(self, values: Mapping[str, str]) -> bool:
        return self.after is None or values.get(self.after[0]) in self.after[1]


def chance(likely: float) -> Shares:
    """Yes with this chance, else no."""
    likely = min(1.0, max(0.0, likely))
    return {YES: likely, NO: 1 - likely}


def by_case(listed: Mapping[Case, float], otherwise: float) -> Callable[[Given], Shares]:
    """Yes or no, by the case alone."""
    return lambda given: chance(listed.get(given.case, otherwise))


def mixed(first: Shares, second: Shares, share: float) -> Shares:
    """The first with this share, else the second; each is brought to a sum of 1 before."""
    return {
        value: share * _of(first, value) + (1 - share) * _of(second, value)
        for value in _values((first, second))
    }


def _of(shares: Shares, value: str) -> float:
    total = sum(shares.values())
    return shares.get(value, 0.0) / total if total else 0.0


def _values(many: Iterable[Shares]) -> list[str]:
    return list(dict.fromkeys(value for shares in many for value in shares))
