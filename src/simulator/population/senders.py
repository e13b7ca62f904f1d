"""How each invented provider reports: what it flags, how thorough it is, whom it attracts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from simulator.dice import Cut, dice
from simulator.population.cases import Case
from simulator.population.population import Flood, Population
from simulator.world.esps import FictionalEsp, fictional_esps


@dataclass(frozen=True, slots=True)
class Sender:
    """``sensitivity``: the share of reports about children in danger that it flags;
    ``false_alarm``: of others. Constant for a provider within one population.
    """

    esp: FictionalEsp
    sensitivity: float
    false_alarm: float

    @property
    def name(self) -> str:
        return self.esp.name


#: Where a case is met more often (or less) than a sender's share of all reports. Ours.
_MET: dict[Case, dict[str, float]] = {
    Case.CONTACT: {"hotline": 3, "school": 3, "storage": 1.2},
    Case.PRODUCER: {"storage": 1.5, "messaging": 1.5, "video": 2.5},
    Case.ENTICER: {"messaging": 3, "gaming": 6, "social": 1.1, "storage": 0.05, "carrier": 0.3},
    Case.EXTORTER: {"messaging": 4, "social": 1.2, "storage": 0.03, "carrier": 0.3},
    Case.TRAFFICKER: {"messaging": 2, "forum": 3, "storage": 0.3, "hotline": 2},
    Case.ATTEMPT: {"messaging": 3, "gaming": 6, "social": 1.1, "storage": 0.05, "school": 2},
    Case.PEERS: {"messaging": 2, "school": 4, "storage": 0.4},
    Case.TRADER: {"storage": 1.5, "p2p": 5, "messaging": 1.2},
    Case.HOLDER: {"storage": 2, "carrier": 2},
    Case.VIRAL: {"social": 1.3, "messaging": 1.3, "storage": 0.3, "hotline": 0.5},
    Case.GENERATED: {"storage": 2, "forum": 2},
    Case.MISTAKEN: {"school": 3, "hotline": 2},
}


@lru_cache(maxsize=64)
def senders(population: Population) -> tuple[Sender, ...]:
    """The senders of a population, largest first."""
    return tuple(_sender(esp, population) for esp in fictional_esps(population))


def _sender(esp: FictionalEsp, population: Population) -> Sender:
    how = population.senders
    pick = dice("habits", esp.name)
    return Sender(
        esp,
        how.sensitivity_low + pick.random() * (how.sensitivity_high - how.sensitivity_low),
        how.false_alarm_low + pick.random() * (how.false_alarm_high - how.false_alarm_low),
    )


@lru_cache(maxsize=1024)
def of_case(population: Population, case: Case) -> Cut[Sender]:
    """Who sends reports of a case."""
    met = _MET[case]
    return Cut([(one, one.esp.share * met.get(one.esp.kind, 1)) for one in senders(population)])


def of_flood(population: Population, flood: Flood) -> Sender:
    known = senders(population)
    return known[min(flood.sender, len(known) - 1)]
