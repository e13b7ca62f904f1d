"""Populations at random: every number within a range, every range with its source.

Bracketed keys are the sources of the domain reference, section 14; "ours" marks a design
assumption. Shares of cases are those of a scaled-down stream: a month of 3,000 reports must
hold some tens of children in danger to measure anything, so the rare cases are drawn larger
than the published urgent share (0.15 % to 0.18 % [FATR][FAES]), in the published proportions.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any

from simulator.dice import dice
from simulator.population.cases import Case
from simulator.population.files import checked
from simulator.population.population import Burst, Flood, Population, Shares


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``, and where that comes from."""

    low: float
    high: float
    source: str

    def draw(self, pick: Random) -> float:
        return round(pick.uniform(self.low, self.high), 6)


RANGES: dict[str, Range] = {
    "volume.per_day": Range(80, 130, "ours: small enough for ten seeds in minutes"),
    "volume.weekend": Range(0.7, 1.0, "ours"),
    "volume.growth": Range(0.8, 1.4, "+9 % to +35 % a year 2019-23 [OJ23][DIA], a month of it x2"),
    "shares.contact": Range(0.002, 0.009, "ours; prior cases of contact offenders [KIR]"),
    "shares.producer": Range(0.002, 0.008, "ours"),
    "shares.enticer": Range(0.003, 0.012, "enticement 0.17 % (2020) to 6.6 % (2025) [OJ23][GK]"),
    "shares.extorter": Range(0.002, 0.01, "financial 11,625 to 18,898 per half-year [WAKE]"),
    "shares.trafficker": Range(0.0005, 0.006, "0.05 % (2023) to 0.6 % (2025) [OJ23][WAKE]"),
    "shares.attempt": Range(0.01, 0.05, "the rest of the enticement type [OJ23][GK]"),
    "shares.peers": Range(0.01, 0.06, "ours"),
    "shares.viral": Range(0.12, 0.5, "informational 26 % (ICAC) to 52 % (abroad) in 2023 [OJ23]"),
    "shares.generated": Range(0.0007, 0.08, "6,835 per half-year to 1.5 M a year [WAKE][MT]"),
    "share of traders in the rest": Range(0.4, 0.65, "ours; 41 % of images sent again [OJ23]"),
    "share of holders in the rest": Range(0.15, 0.3, "ours"),
    "senders.count": Range(4, 40, "five send 91.4 %, 247 in all [ESP23]"),
    "senders.sensitivity_low": Range(0.1, 0.35, "ours"),
    "senders.sensitivity_high": Range(0.4, 0.75, "ours"),
    "senders.false_alarm_low": Range(0.0005, 0.003, "0.15-0.18 % urgent in all [FATR][FAES]"),
    "senders.false_alarm_high": Range(0.004, 0.015, "ours"),
    "senders.thorough": Range(0.1, 0.35, "ours"),
    "senders.poor": Range(0.05, 0.3, "ours"),
    "senders.viewed": Range(0.4, 0.9, "ours"),
    "habits.typed": Range(0.55, 0.9, "99.2 % of 2023 came as one type [OJ23]; ours"),
    "habits.annotated": Range(0.3, 0.7, "ours"),
    "habits.talk": Range(0.5, 0.95, "ours"),
    "habits.hinted": Range(0.3, 0.65, "ours"),
    "habits.misleading": Range(0.08, 0.25, "ours"),
    "habits.victims": Range(0.45, 0.85, "ours"),
    "habits.ages_lied": Range(0.02, 0.2, "ours"),
    "habits.classified": Range(0.2, 0.6, "ours"),
    "habits.meme_flagged": Range(0.3, 0.8, "ours"),
    "habits.meme_wrong": Range(0.001, 0.02, "ours"),
    "habits.batched": Range(0.1, 0.5, "ours"),
    "habits.circulating": Range(0.7, 0.92, "41 % of images, 64 % of videos byte-equal [OJ23]"),
    "habits.altered": Range(0.03, 0.15, "31 % of distinct images are near copies [OJ23]"),
    "places.us": Range(0.03, 0.16, "4.5 % (2023) [OJ23] to 16 % (2024) [D4D]"),
    "places.unknown": Range(0.02, 0.08, "3.8 % (2023) [OJ23]"),
    "places.vpn": Range(0.02, 0.15, "ours"),
    "languages.es": Range(0.05, 0.3, "ours, after [CTY23]"),
    "languages.fr": Range(0.02, 0.2, "ours, after [CTY23]"),
    "languages.pt": Range(0.02, 0.25, "ours, after [CTY23]"),
    "bursts": Range(0, 3, "ours"),
    "bursts.extra": Range(0.3, 2.0, "a peak month of four times the usual [CNN]"),
    "floods": Range(0, 2, "ours"),
    "floods.extra": Range(0.2, 0.8, "one sender's mass flag: 6,835 to 440,419 [WAKE]"),
    "drift": Range(0.5, 2.0, "enticement x1.8, trafficking x10 within a year [WAKE]"),
}
_WHOLE = ("per_day", "count")
_RARE = ("contact", "producer", "enticer", "extorter", "trafficker", "attempt", "peers")


def random_population(seed: str) -> Population:
    """A population drawn from :data:`RANGES`; the same for the same seed."""
    pick = dice("population", seed)
    drawn = {name: one.draw(pick) for name, one in RANGES.items()}
    base = Population(f"random:{seed}", about="drawn at random from sourced ranges")
    shares = _shares(drawn)
    return checked(
        replace(
            base,
            shares=shares,
            drift=_drifted(shares, pick),
            bursts=tuple(_burst(pick) for _ in range(round(drawn["bursts"]))),
            floods=tuple(_flood(pick) for _ in range(round(drawn["floods"]))),
            languages=_part(base.languages, "languages", drawn | _english(drawn)),
            **{
                name: _part(getattr(base, name), name, drawn)
                for name in ("volume", "senders", "habits", "places")
            },
        )
    )


def _part(base: Any, name: str, drawn: dict[str, float]) -> Any:
    """A part of the population with the numbers that were drawn for it."""
    told = {f.name: drawn[f"{name}.{f.name}"] for f in fields(base) if f"{name}.{f.name}" in drawn}
    return replace(base, **{k: round(v) if k in _WHOLE else v for k, v in told.items()})


def _english(drawn: dict[str, float]) -> dict[str, float]:
    others = ("languages.es", "languages.fr", "languages.pt")
    return {"languages.en": 1 - sum(drawn[name] for name in others)}


def _shares(drawn: dict[str, float]) -> Shares:
    """The named shares as drawn; traders, holders and mistaken reports are the rest."""
    told = {case.key: drawn[f"shares.{case.key}"] for case in Case if f"shares.{case.key}" in drawn}
    rest = 1 - sum(told.values())
    traders = rest * drawn["share of traders in the rest"]
    holders = rest * drawn["share of holders in the rest"]
    return Shares(**told, trader=traders, holder=holders, mistaken=rest - traders - holders)


def _drifted(shares: Shares, pick: Random) -> Shares:
    """The last day's: each rare case grows or shrinks by itself, traders make up for it."""
    changed = {name: getattr(shares, name) * RANGES["drift"].draw(pick) for name in _RARE}
    grown = sum(changed.values()) - sum(getattr(shares, name) for name in _RARE)
    return replace(shares, **changed, trader=shares.trader - grown)


def _burst(pick: Random) -> Burst:
    day, extra = pick.randint(2, 24), RANGES["bursts.extra"].draw(pick)
    return Burst(day=day, length=pick.randint(2, 5), extra=extra)


def _flood(pick: Random) -> Flood:
    day, extra = pick.randint(1, 26), RANGES["floods.extra"].draw(pick)
    return Flood(
        day=day,
        length=pick.randint(1, 3),
        extra=extra,
        sender=pick.randint(0, 3),
        case=pick.choice(("generated", "mistaken")),
    )
