"""Populations from TOML files: the shipped ones and anybody's own."""

from __future__ import annotations

import math
import tomllib
from dataclasses import fields, is_dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from simulator.population.cases import Case
from simulator.population.population import Burst, Flood, Population
from simulator.world.profile_values import ProfileError, changed

T = TypeVar("T")

SHIPPED = ("us-2023", "global-2023", "bundled-2024", "enticement-2025", "small-hotline")
_MOST_A_DAY, _MOST_DAYS = 100_000, 366
#: Numbers that are no shares: their least and most.
_BOUNDS: dict[str, tuple[float, float]] = {
    "per_day": (1, _MOST_A_DAY), "days": (1, _MOST_DAYS), "weekend": (0, 10), "growth": (0, 100),
    "count": (0, 1000), "day": (0, _MOST_DAYS), "length": (1, _MOST_DAYS), "extra": (0, 1000),
    "sender": (0, 1000),
}  # fmt: skip


@cache
def shipped(name: str) -> Population:
    """One of :data:`SHIPPED`."""
    file = files("simulator.population") / "profiles" / f"{name}.toml"
    return population_from_toml(file.read_text(encoding="utf-8"), name)


def population_from_toml(text: str, name: str) -> Population:
    """A population with the fields of :class:`Population`; defaults hold where it is silent.

    :class:`ProfileError` names an unknown or unfit field.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"The profile is no TOML: {error}.") from error
    bursts, floods = _tables(data, "bursts", Burst()), _tables(data, "floods", Flood())
    drift = data.pop("drift", None)
    base = changed(Population(name, bursts=bursts, floods=floods), data, "")
    if drift is not None:
        if not isinstance(drift, dict):
            raise ProfileError("'drift' must be a table of shares.")
        base = changed_drift(base, drift)
    return checked(base)


def changed_drift(population: Population, drift: dict[str, Any]) -> Population:
    """The population with other shares on its last day; those not named stay as they are."""
    last = changed(population.shares, drift, "drift.")
    return replace(population, drift=last)


def _tables(data: dict[str, Any], name: str, one: T) -> tuple[T, ...]:
    told = data.pop(name, [])
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise ProfileError(f"{name!r} must be a list of tables: write [[{name}]].")
    return tuple(
        changed(one, each, f"{name}[{number}].") for number, each in enumerate(told, start=1)
    )


def checked(population: Population) -> Population:
    """The population itself when its numbers make sense, else :class:`ProfileError`."""
    _check_numbers(population, "")
    _sums_to_one("shares", population.shares)
    _sums_to_one("languages", population.languages)
    if population.drift is not None:
        _sums_to_one("drift", population.drift)
    for number, flood in enumerate(population.floods, start=1):
        if flood.case not in {case.key for case in Case}:
            known = ", ".join(case.key for case in Case)
            raise ProfileError(f"'floods[{number}].case' must be one of: {known}.")
    _check_pairs(population)
    return population


def _check_numbers(part: Any, where: str) -> None:
    for f in fields(part):
        value, name = getattr(part, f.name), where + f.name
        if is_dataclass(value):
            _check_numbers(value, f"{name}.")
        elif isinstance(value, tuple):
            for number, each in enumerate(value, start=1):
                _check_numbers(each, f"{name}[{number}].")
        elif isinstance(value, int | float):
            least, most = _BOUNDS.get(f.name, (0, 1))
            if not least <= value <= most:  # false for NaN, too
                raise ProfileError(f"{name!r} must be from {least:g} to {most:g}.")


def _sums_to_one(where: str, shares: Any) -> None:
    total = math.fsum(getattr(shares, f.name) for f in fields(shares))
    if abs(total - 1) > 1e-6:
        raise ProfileError(f"The {where!r} must sum to 1, and sum to {total:g}.")


def _check_pairs(population: Population) -> None:
    how = population.senders
    pairs = (
        ("sensitivity", how.sensitivity_low, how.sensitivity_high),
        ("false_alarm", how.false_alarm_low, how.false_alarm_high),
    )
    for name, low, high in pairs:
        if low > high:
            raise ProfileError(f"'senders.{name}_low' must not lie above 'senders.{name}_high'.")
    if population.places.us + population.places.unknown > 1:
        raise ProfileError("'places.us' and 'places.unknown' must not sum to more than 1.")
    if not sum(population.weights) > 0:
        raise ProfileError("The period must hold at least one report: raise 'volume'.")
