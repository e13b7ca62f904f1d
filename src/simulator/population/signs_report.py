"""Signs of the report as a whole: its type, flags, completeness, age. Shares are ours.

What they rest on: a careless type is "Child Pornography" (99.2 % of 2023 [OJ23]); of 1.5
million reports flagged as machine-made 1.1 million carried no usable data [MT]; viral items
are batched or flagged by their senders, not always [PYC][OJ23].
"""

from __future__ import annotations

from simulator.population.cases import Case
from simulator.population.signs import Given, Shares, Sign, by_case, chance, mixed
from simulator.world.profiles import (
    CSAM,
    ENTICEMENT,
    MISLEADING_DOMAIN,
    MISLEADING_WORDS,
    MOLESTATION,
    TOURISM,
    TRAFFICKING,
    UNSOLICITED,
)

_CAREFUL: dict[Case, Shares] = {
    Case.CONTACT: {MOLESTATION: 50, CSAM: 40, ENTICEMENT: 10},
    Case.PRODUCER: {CSAM: 75, MOLESTATION: 15, ENTICEMENT: 10},
    Case.ENTICER: {ENTICEMENT: 85, UNSOLICITED: 10, CSAM: 5},
    Case.EXTORTER: {ENTICEMENT: 70, CSAM: 25, UNSOLICITED: 5},
    Case.TRAFFICKER: {TRAFFICKING: 75, TOURISM: 8, CSAM: 10, ENTICEMENT: 7},
    Case.ATTEMPT: {ENTICEMENT: 70, UNSOLICITED: 25, CSAM: 5},
    Case.PEERS: {CSAM: 65, ENTICEMENT: 30, UNSOLICITED: 5},
    Case.TRADER: {CSAM: 97, TRAFFICKING: 1, TOURISM: 1, MISLEADING_WORDS: 1},
    Case.HOLDER: {CSAM: 97, MOLESTATION: 2, ENTICEMENT: 1},
    Case.VIRAL: {CSAM: 96, MISLEADING_WORDS: 4},
    Case.GENERATED: {CSAM: 96, MISLEADING_WORDS: 4},
    Case.MISTAKEN: {
        CSAM: 72, MISLEADING_WORDS: 12, MISLEADING_DOMAIN: 5, UNSOLICITED: 5, ENTICEMENT: 5,
        TRAFFICKING: 1,
    },
}  # fmt: skip
_CARELESS: Shares = {CSAM: 90, MISLEADING_WORDS: 4, UNSOLICITED: 3, ENTICEMENT: 3}


def _type(given: Given) -> Shares:
    return mixed(_CAREFUL[given.case], _CARELESS, given.habits.typed)


def _annotated(name: str, listed: dict[Case, float], otherwise: float) -> Sign:
    """A flag on the report, set where it fits as often as the habits say."""

    def shares(given: Given) -> Shares:
        if given.case in listed:
            return chance(listed[given.case] * given.habits.annotated)
        return chance(otherwise)

    return Sign(name, shares)


_POOR: dict[Case, float] = {Case.GENERATED: 4, Case.MISTAKEN: 2, Case.VIRAL: 1.3}


def _telling(given: Given) -> Shares:
    how = given.population.senders
    poor = min(0.9, how.poor * _POOR.get(given.case, 1))
    return {
        "poor": poor,
        "complete": (1 - poor) * how.thorough,
        "ordinary": (1 - poor) * (1 - how.thorough),
    }


_HIDDEN: dict[Case, float] = {
    Case.TRADER: 1.5, Case.PRODUCER: 1.5, Case.EXTORTER: 2, Case.GENERATED: 4, Case.MISTAKEN: 2,
}  # fmt: skip


def _told(given: Given) -> Shares:
    places = given.population.places
    nothing = min(0.9, places.unknown * _HIDDEN.get(given.case, 1))
    country = (1 - nothing) * 0.05
    return {"nothing": nothing, "country": country, "place": 1 - nothing - country}


def _behind_proxy(given: Given) -> Shares:
    return chance(given.population.places.vpn * _HIDDEN.get(given.case, 1))


_NOW: Shares = {"hours": 50, "days": 30, "months": 15, "years": 5}
_LATER: Shares = {"hours": 32, "days": 32, "months": 24, "years": 12}
_RECENT: dict[Case, Shares] = {
    Case.VIRAL: {"hours": 45, "days": 35, "months": 15, "years": 5},
    Case.GENERATED: {"hours": 60, "days": 25, "months": 12, "years": 3},
}


def _age(given: Given) -> Shares:
    return _NOW if given.endangered else _RECENT.get(given.case, _LATER)


def _batched(given: Given) -> Shares:
    return chance(given.habits.batched if given.case is Case.VIRAL else 0.001)


SIGNS: tuple[Sign, ...] = (
    Sign("type", _type),
    Sign("telling", _telling),
    Sign("told", _told),
    Sign("proxy", _behind_proxy, ("told", frozenset({"place"}))),
    Sign("age", _age),
    Sign("batched", _batched),
    _annotated(
        "sextortion",
        {Case.EXTORTER: 0.9, Case.ENTICER: 0.15, Case.ATTEMPT: 0.2, Case.PEERS: 0.05},
        0.002,
    ),
    _annotated(
        "csamSolicitation",
        {
            Case.ENTICER: 0.5, Case.EXTORTER: 0.3, Case.ATTEMPT: 0.5, Case.PRODUCER: 0.1,
            Case.PEERS: 0.1, Case.TRADER: 0.03,
        },
        0.003,
    ),
    _annotated(
        "minorToMinorInteraction",
        {Case.PEERS: 0.8, Case.ENTICER: 0.05, Case.EXTORTER: 0.05, Case.ATTEMPT: 0.08},
        0.003,
    ),
    _annotated(
        "sadisticOnlineExploitation",
        {Case.EXTORTER: 0.1, Case.PRODUCER: 0.08, Case.ENTICER: 0.03, Case.ATTEMPT: 0.005},
        0.0003,
    ),
    _annotated("spam", {Case.MISTAKEN: 0.3, Case.GENERATED: 0.05, Case.VIRAL: 0.05}, 0.001),
    _annotated(
        "informational", {Case.VIRAL: 0.15, Case.MISTAKEN: 0.1, Case.GENERATED: 0.1}, 0.002
    ),
    Sign("third_party", by_case({Case.MISTAKEN: 0.08, Case.GENERATED: 0.08}, 0.04)),
    Sign("compromised", by_case({Case.MISTAKEN: 0.05, Case.VIRAL: 0.02}, 0.01)),
    Sign(
        "prior",
        by_case(
            {
                Case.CONTACT: 0.12, Case.PRODUCER: 0.15, Case.ENTICER: 0.12, Case.EXTORTER: 0.1,
                Case.TRAFFICKER: 0.1, Case.TRADER: 0.12, Case.HOLDER: 0.1, Case.ATTEMPT: 0.08,
            },
            0.02,
        ),
    ),
)  # fmt: skip
