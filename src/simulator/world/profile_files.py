"""Profiles by name, from a JSON file, or drawn at random from what was ever published."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from simulator.dice import dice
from simulator.world.profiles import BUILT_IN, WORLD_2023, Profile

T = TypeVar("T")


class ProfileError(ValueError):
    """The profile cannot be used; the message says what to change."""


def profile_named(name: str) -> Profile:
    """``demo``, ``world2023``, ``random:SEED`` or the path of a JSON file."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    if name.startswith("random:"):
        return random_profile(name.removeprefix("random:"))
    path = Path(name)
    if not path.is_file():
        known = ", ".join(BUILT_IN)
        raise ProfileError(f"There is no profile {name!r}: give {known}, random:SEED or a file.")
    return profile_from_json(path.read_text(encoding="utf-8"))


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
    return checked(_changed(BUILT_IN[like], data, ""))


def _changed(base: T, data: dict[str, Any], where: str) -> T:
    known = {f.name for f in fields(base)}  # type: ignore[arg-type] # a dataclass by construction
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            raise ProfileError(f"A profile has no field {where + key!r}.")
        values[key] = _value(getattr(base, key), value, where + key)
    return replace(base, **values)  # type: ignore[type-var] # a dataclass by construction


def _value(old: Any, new: Any, where: str) -> Any:
    if is_dataclass(old):
        if not isinstance(new, dict):
            raise ProfileError(f"{where!r} must be an object.")
        return _changed(old, new, where + ".")
    if isinstance(old, datetime):
        return parse_instant(str(new), where)
    wanted: tuple[type, ...] = (int, float) if isinstance(old, float) else (type(old),)
    if isinstance(new, bool) or not isinstance(new, wanted):
        raise ProfileError(f"{where!r} must be of the kind of {old!r}.")
    return float(str(new)) if isinstance(old, float) else new


def parse_instant(text: str, where: str) -> datetime:
    """An ISO 8601 instant; without a zone it is read as UTC."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ProfileError(f"{where!r} must be a date or time in ISO 8601.") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


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


def random_profile(seed: str) -> Profile:
    """A profile between the years: each range holds what the domain reference reports.

    Files per report 2.7 (2022) to 4.1 (2019); US 3 % to 16 % (84 % abroad in 2024);
    enticement 0.17 % (2020) to 2.7 % (2024) and trafficking up to 0.6 % (first half of 2025);
    urgent 0.15 % (2022) to 0.18 % (2023). The other ranges are ours.
    """
    draw = dice("profile", seed).uniform
    base = WORLD_2023
    return checked(
        replace(
            base,
            name=f"random:{seed}",
            places=replace(base.places, us=draw(0.03, 0.16), unknown=draw(0.02, 0.08)),
            types=replace(
                base.types, enticement=draw(0.0017, 0.027), trafficking=draw(0.0004, 0.006)
            ),
            scenes=replace(
                base.scenes,
                urgent=draw(0.0015, 0.0018),
                viral=draw(0.2, 0.5),
                poor=draw(0.05, 0.3),
            ),
            files=replace(base.files, per_report=draw(2.7, 4.1), sent_again=draw(0.2, 0.5)),
            people=replace(base.people, repeated=draw(0.02, 0.2), nat_pairs=draw(0.0, 0.03)),
        )
    )
