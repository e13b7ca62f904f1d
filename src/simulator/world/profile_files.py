"""Profiles by name or from a file: scripted ones, and populations with latent cases."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import TypeAlias

from simulator.population.files import SHIPPED, population_from_toml, shipped
from simulator.population.population import Population
from simulator.population.ranges import random_population
from simulator.world.profile_values import ProfileError, changed, parse_instant
from simulator.world.profiles import BUILT_IN, WORLD_2023, Profile

__all__ = ["ProfileError", "Stream", "parse_instant", "profile_from_json", "profile_named"]

Stream: TypeAlias = Profile | Population


def profile_named(name: str) -> Stream:
    """A built-in or shipped profile, ``random:SEED``, or a file.

    A TOML file is a population, a JSON file a scripted stream.
    """
    if name in BUILT_IN:
        return BUILT_IN[name]
    if name in SHIPPED:
        return shipped(name)
    if name.startswith("random:"):
        return random_population(name.removeprefix("random:"))
    path = Path(name)
    if not path.is_file():
        known = ", ".join((*BUILT_IN, *SHIPPED))
        raise ProfileError(f"There is no profile {name!r}: give {known}, random:SEED or a file.")
    text = _text(path)
    return (
        population_from_toml(text, path.stem)
        if path.suffix == ".toml"
        else (profile_from_json(text))
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"The profile {path} cannot be read as UTF-8 text: {error}.") from error


def profile_from_json(text: str) -> Profile:
    """A profile from an object with the fields of :class:`Profile`.

    ``like`` names the built-in profile (default ``world2023``) whose values hold wherever
    the object is silent. :class:`ProfileError` names an unknown or unfit field.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ProfileError(f"The profile is no JSON: {error}.") from error
    if not isinstance(data, dict):
        raise ProfileError("The profile must be a JSON object.")
    like = data.pop("like", WORLD_2023.name)
    if like not in BUILT_IN:
        raise ProfileError(f"'like' must be one of: {', '.join(BUILT_IN)}.")
    data.setdefault("name", "file")
    return checked(changed(BUILT_IN[like], data, ""))


def checked(profile: Profile) -> Profile:
    """The profile itself when its shares make sense, else :class:`ProfileError`."""
    for part in (profile.places, profile.types, profile.scenes, profile.files, profile.people):
        for f in fields(part):
            value = getattr(part, f.name)
            if f.name not in ("per_report", "viral_pictures") and not 0 <= value <= 1:
                raise ProfileError(f"{f.name!r} is a share: give a number from 0 to 1.")
    _at_most_one("places", profile.places.us, profile.places.unknown)
    _at_most_one("types", profile.types.enticement, profile.types.trafficking, profile.types.other)
    scenes = profile.scenes
    _at_most_one("scenes", scenes.urgent, scenes.viral, scenes.complete, scenes.poor)
    _at_most_one("endings", profile.endings.retracted, profile.endings.abandoned)
    _at_most_one("people", profile.people.repeated, 2 * profile.people.nat_pairs)
    if not 0 <= profile.files.per_report <= 50 or profile.days < 1 or profile.esps < 0:
        raise ProfileError("Give 0 to 50 files per report, at least one day and no negative esps.")
    return profile


def _at_most_one(where: str, *shares: float) -> None:
    if min(shares) < 0 or sum(shares) > 1:
        raise ProfileError(f"The shares of {where!r} must not be negative or sum to more than 1.")
