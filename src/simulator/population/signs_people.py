"""Signs of the people: children named, ages told (or made up), who else is there. Ours."""

from __future__ import annotations

from simulator.population.cases import Case
from simulator.population.signs import Given, Shares, Sign, by_case, mixed

_NAMED: dict[Case, float] = {
    Case.CONTACT: 0.7, Case.PRODUCER: 0.45, Case.ENTICER: 0.9, Case.EXTORTER: 0.9,
    Case.TRAFFICKER: 0.6, Case.ATTEMPT: 0.75, Case.PEERS: 0.5, Case.HOLDER: 0.05,
    Case.TRADER: 0.015, Case.MISTAKEN: 0.04,
}  # fmt: skip
_SEVERAL: dict[Case, float] = {Case.CONTACT: 0.25, Case.TRAFFICKER: 0.3, Case.EXTORTER: 0.12}
_YOUNG: dict[Case, float] = {
    Case.CONTACT: 0.6, Case.PRODUCER: 0.6, Case.ENTICER: 0.35, Case.EXTORTER: 0.08,
    Case.TRAFFICKER: 0.12, Case.ATTEMPT: 0.25, Case.PEERS: 0.2, Case.HOLDER: 0.5,
}  # fmt: skip
_MADE_UP: Shares = {"young": 0.15, "teen": 0.85}


def _victims(given: Given) -> Shares:
    named = _NAMED.get(given.case, 0.004) * given.habits.victims
    several = named * _SEVERAL.get(given.case, 0.06)
    return {"none": 1 - named, "one": named - several, "two": several}


def _victim_age(given: Given) -> Shares:
    young = _YOUNG.get(given.case, 0.3)
    told = mixed(_MADE_UP, {"young": young, "teen": 1 - young}, given.habits.ages_lied)
    return {"unsaid": 0.25, **{age: 0.75 * share for age, share in told.items()}}


_MINOR: dict[Case, float] = {
    Case.PEERS: 0.95, Case.ATTEMPT: 0.1, Case.ENTICER: 0.05, Case.EXTORTER: 0.05, Case.VIRAL: 0.05,
}  # fmt: skip


def _suspect_age(given: Given) -> Shares:
    """The age that the account tells: grown-ups pose as children and children as grown-ups."""
    minor = _MINOR.get(given.case, 0.02)
    told = mixed(
        {"adult": 0.5, "minor": 0.5}, {"adult": 1 - minor, "minor": minor}, given.habits.ages_lied
    )
    return {"unsaid": 0.6, **{age: 0.4 * share for age, share in told.items()}}


SIGNS: tuple[Sign, ...] = (
    Sign("victims", _victims),
    Sign("victim_age", _victim_age, ("victims", frozenset({"one", "two"}))),
    Sign("suspect_age", _suspect_age),
    Sign(
        "recipients",
        by_case(
            {
                Case.TRADER: 0.3, Case.VIRAL: 0.35, Case.PEERS: 0.4, Case.ENTICER: 0.2,
                Case.EXTORTER: 0.25, Case.ATTEMPT: 0.2, Case.HOLDER: 0.1, Case.TRAFFICKER: 0.2,
            },
            0.08,
        ),
    ),
)  # fmt: skip


def is_minor(case: Case) -> bool:
    """Whether the reported person really is a child, whatever age is told."""
    return case is Case.PEERS
