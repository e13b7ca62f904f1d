"""Which time zones a place may lie in: for display, never for reckoning.

A time without a zone stays without one. These lists only let a page say "that would be
09:00 or 10:00 there".
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

from tipline.ground.places.place import Place
from tipline.ground.places.states import STATE_NAMES

_TABLES: Final = "zoneinfo"


def zone_guess(place: Place | None) -> tuple[str, ...]:
    """Candidate IANA zones of a place, sorted; empty when nothing is known.

    A US state gives the zones of its ZIP codes, another country its rows of the time zone
    database's ``zone.tab`` (which, unlike ``zone1970.tab``, names each country's own zones).
    """
    if place is None:
        return ()
    if place.state:
        return _zones_of_state(place.state)
    return _zones_of_countries().get(place.country, ())


@cache
def _zones_of_state(state: str) -> tuple[str, ...]:
    if state not in STATE_NAMES:
        return ()
    import zipcodes  # noqa: PLC0415 - 38 MB: only who needs it pays for it

    rows = zipcodes.filter_by_state(state)  # type: ignore[no-untyped-call] # has no types
    named = {row["timezone"] for row in rows}
    return tuple(sorted(named & _zone_names()))  # one row of 3.0.0 names a town instead


@cache
def _zones_of_countries() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in _table("zone.tab"):
        if not line.startswith("#"):
            country, _, name = line.split("\t")[:3]
            found.setdefault(country, []).append(name)
    return {country: tuple(sorted(names)) for country, names in found.items()}


@cache
def _zone_names() -> frozenset[str]:
    table = resources.files("tzdata").joinpath("zones")
    return frozenset(table.read_text(encoding="utf-8").split())


def _table(name: str) -> list[str]:
    table = resources.files("tzdata").joinpath(_TABLES, name)
    return table.read_text(encoding="utf-8").splitlines()
