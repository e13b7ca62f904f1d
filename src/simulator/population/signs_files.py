"""Signs of the files: where they come from, who looked, what their sender says of them. Ours.

Behind them: 41 % of the images of 2023 were byte-equal to another one [OJ23]; senders' views
and viral flags mean different things at different senders [PYC][WIL].
"""

from __future__ import annotations

from simulator.population.cases import Case
from simulator.population.signs import NO, YES, Given, Shares, Sign, chance

#: Files of a report: none, a digest alone, or so many.
_COUNTS: dict[Case, Shares] = {
    Case.CONTACT: {"0": 30, "1": 35, "2": 20, "4": 15},
    Case.PRODUCER: {"0": 5, "1": 40, "2": 30, "4": 25},
    Case.ENTICER: {"0": 40, "1": 40, "2": 15, "4": 5},
    Case.EXTORTER: {"0": 35, "1": 40, "2": 18, "4": 7},
    Case.TRAFFICKER: {"0": 60, "1": 25, "2": 10, "4": 5},
    Case.ATTEMPT: {"0": 60, "1": 30, "2": 8, "4": 2},
    Case.PEERS: {"0": 15, "1": 60, "2": 20, "4": 5},
    Case.TRADER: {"0": 3, "hash": 5, "1": 40, "2": 27, "4": 25},
    Case.HOLDER: {"0": 2, "hash": 3, "1": 45, "2": 30, "4": 20},
    Case.VIRAL: {"0": 2, "hash": 6, "1": 75, "2": 17},
    Case.GENERATED: {"0": 25, "hash": 35, "1": 25, "2": 15},
    Case.MISTAKEN: {"0": 30, "hash": 5, "1": 50, "2": 15},
}


def _count(given: Given) -> Shares:
    return _COUNTS[given.case]


_NOVEL: dict[Case, float] = {
    Case.CONTACT: 0.85, Case.PRODUCER: 0.92, Case.ENTICER: 0.85, Case.EXTORTER: 0.9,
    Case.TRAFFICKER: 0.8, Case.ATTEMPT: 0.7, Case.PEERS: 0.95, Case.HOLDER: 0.7,
    Case.GENERATED: 0.85, Case.MISTAKEN: 0.8,
}  # fmt: skip


def _origin(given: Given) -> Shares:
    """``new``: seen by nobody before, or in bytes that nobody saw; ``known``, ``viral``: one of
    the files that go round, with or without malice.
    """
    habits = given.habits
    if given.case is Case.VIRAL:
        same = 1 - habits.altered
        return {"viral": 0.96 * same, "known": 0.04 * same, "new": habits.altered}
    if given.case is Case.TRADER:
        same = habits.circulating * (1 - habits.altered)
        return {"known": same, "new": 1 - same}
    new = _NOVEL[given.case]
    viral = 0.3 if given.case is Case.MISTAKEN else 0.03
    return {"new": new, "known": (1 - new) * (1 - viral), "viral": (1 - new) * viral}


_LOOKED: dict[Case, float] = {
    Case.VIRAL: 0.8, Case.GENERATED: 0.3, Case.MISTAKEN: 0.7, Case.TRADER: 0.85,
}  # fmt: skip


def _viewed(given: Given) -> Shares:
    """The flag by the sender's practice: only one of the four means that somebody looked."""
    looked = min(1.0, given.population.senders.viewed * _LOOKED.get(given.case, 1))
    practice = given.sender.esp.viewed
    if practice == "person":
        return {YES: looked, NO: 0.8 * (1 - looked), "unsaid": 0.2 * (1 - looked)}
    if practice == "unknown":
        return {YES: 0.5, "unsaid": 0.5}
    return {YES: 0.8, NO: 0.2}


def _meme(given: Given) -> Shares:
    rate = given.habits.meme_wrong
    if given.case is Case.VIRAL:
        rate = given.habits.meme_flagged
    elif given.case is Case.MISTAKEN:
        rate = given.habits.meme_flagged / 6
    kinds = {"potentialMeme": 0.6, "viral": 0.3, "potentialMeme viral": 0.1}
    return {"": 1 - rate, **{kind: rate * share for kind, share in kinds.items()}}


_CLASSES: dict[Case, tuple[float, ...]] = {  # of A1, A2, B1, B2
    Case.CONTACT: (0.35, 0.3, 0.2, 0.15),
    Case.PRODUCER: (0.35, 0.25, 0.2, 0.2),
    Case.EXTORTER: (0.02, 0.08, 0.3, 0.6),
    Case.ENTICER: (0.08, 0.22, 0.25, 0.45),
    Case.PEERS: (0.02, 0.08, 0.3, 0.6),
    Case.HOLDER: (0.25, 0.3, 0.2, 0.25),
    Case.TRADER: (0.3, 0.3, 0.2, 0.2),
}
_CLASSED: dict[Case, float] = {
    Case.VIRAL: 0.5, Case.GENERATED: 0.3, Case.MISTAKEN: 0.3, Case.ATTEMPT: 0.6,
}  # fmt: skip


def _classification(given: Given) -> Shares:
    share = given.habits.classified * _CLASSED.get(given.case, 1)
    kinds = _CLASSES.get(given.case, (0.15, 0.3, 0.2, 0.35))
    named = zip(("A1", "A2", "B1", "B2"), kinds, strict=True)
    return {"": 1 - share, **{name: share * kind for name, kind in named}}


def _annotated(name: str, listed: dict[Case, float], otherwise: float) -> Sign:
    def shares(given: Given) -> Shares:
        if given.case in listed:
            return chance(2 * given.habits.annotated * listed[given.case])
        return chance(otherwise)

    return Sign(name, shares)


COUNT = Sign("files", _count)
#: Of each file by itself.
SIGNS: tuple[Sign, ...] = (
    Sign("origin", _origin),
    Sign("viewed", _viewed),
    Sign("meme", _meme),
    Sign("class", _classification),
    _annotated(
        "liveStreaming", {Case.PRODUCER: 0.2, Case.CONTACT: 0.02, Case.TRAFFICKER: 0.03}, 0.002
    ),
    _annotated(
        "infant",
        {
            Case.PRODUCER: 0.06, Case.CONTACT: 0.06, Case.HOLDER: 0.05, Case.TRADER: 0.06,
            Case.VIRAL: 0.01,
        },
        0.003,
    ),
    _annotated(
        "physicalHarm",
        {
            Case.PRODUCER: 0.04, Case.CONTACT: 0.03, Case.HOLDER: 0.025, Case.TRADER: 0.03,
            Case.VIRAL: 0.01, Case.MISTAKEN: 0.01,
        },
        0.003,
    ),
    _annotated(
        "possibleSelfProduction",
        {
            Case.EXTORTER: 0.2, Case.ENTICER: 0.15, Case.PEERS: 0.35, Case.ATTEMPT: 0.08,
            Case.PRODUCER: 0.03, Case.HOLDER: 0.05, Case.TRADER: 0.02, Case.VIRAL: 0.02,
        },
        0.005,
    ),
    _annotated(
        "generativeAi",
        {Case.GENERATED: 0.9, Case.TRADER: 0.02, Case.HOLDER: 0.03, Case.MISTAKEN: 0.03},
        0.008,
    ),
)  # fmt: skip
