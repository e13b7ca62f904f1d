"""ZIP code and postal address -> place.

ZIP codes come from zipcodes (MIT): city, county and state of 42,789 codes.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from tipline.ground.places.countries import country_code, with_territories
from tipline.ground.places.place import Note, Place, Trust
from tipline.ground.places.states import state_code

# Only ASCII digits may reach zipcodes: 3.0.0 panics (a BaseException) on other digits.
_ZIP: Final = re.compile(r"([0-9]{5})(?:[- ]?[0-9]{4})?", re.ASCII)
_FREELY_ASSOCIATED: Final = frozenset({"FM", "MH", "PW"})
_STATED: Final = "address:as stated"


def place_of_zip(raw: str | None) -> Place | None:
    """The place of a US ZIP code ("77429", "77429-1234"), or None. Never raises.

    HIGH for a code in use, MEDIUM for a retired one. Military post (APO, FPO, DPO) says
    whom a person serves, not where: United States, LOW.
    """
    row = _row(raw)
    if row is None:
        return None
    if row["zip_code_type"] == "MILITARY":
        return _place_of_country("US", Note.MILITARY, Trust.LOW)
    state = row["state"]
    if state in _FREELY_ASSOCIATED:
        return _place_of_country(state, Note.NONE, Trust.HIGH)
    active = bool(row["active"])
    trust = Trust.HIGH if active else Trust.MEDIUM
    return Place(
        country="US",
        state=state_code(state),
        county=row["county"],
        city=row["city"],
        trust=trust,
        country_trust=trust,
        source=zip_source(),
        note=Note.NONE if active else Note.RETIRED,
    )


def place_of_address(
    country: str | None, state: str | None, zip_code: str | None, non_usa_state: str | None
) -> Place | None:
    """The place of a postal address by its coded parts, or None. Never raises.

    ``country`` is a two-letter code, ``state`` a US state (code or name), ``zip_code`` any
    postal code, ``non_usa_state`` free text that is read only as evidence against the
    United States. Five digits are a ZIP code only in the United States: without country and
    state they are taken for one at MEDIUM (many countries write five digits), and not at
    all when a foreign province is named. Parts that contradict each other are dropped and
    the note says CONFLICT.
    """
    nation, us_state = with_territories(country_code(country), state_code(state))
    foreign_province = bool(isinstance(non_usa_state, str) and non_usa_state.strip())
    if nation == "US" or (not nation and us_state):
        return _american(us_state, zip_code)
    if nation:
        note, trust = (Note.CONFLICT, Trust.LOW) if us_state else (Note.NONE, Trust.HIGH)
        return _place_of_country(nation, note, trust, _STATED)
    return None if foreign_province else _assumed_american(zip_code)


@cache
def zip_source() -> str:
    """The source that places of ZIP codes carry."""
    return f"zip:zipcodes {version('zipcodes')}"


def _row(raw: str | None) -> dict[str, Any] | None:
    match = _ZIP.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None:
        return None
    import zipcodes  # noqa: PLC0415 - 38 MB: only who reads a ZIP pays for it

    rows = zipcodes.matching(match.group(1))  # type: ignore[no-untyped-call] # has no types
    return rows[0] if rows else None


def _american(state: str, zip_code: str | None) -> Place:
    by_zip = place_of_zip(zip_code)
    if by_zip is not None and by_zip.note is Note.MILITARY:
        return by_zip
    if by_zip is None or (by_zip.country != "US" and not state):
        return by_zip or _stated_state(state, Note.NONE)
    if state and by_zip.state != state:
        return _stated_state("", Note.CONFLICT)
    return by_zip


def _assumed_american(zip_code: str | None) -> Place | None:
    by_zip = place_of_zip(zip_code)
    if by_zip is None:
        return None
    return Place(
        country=by_zip.country,
        state=by_zip.state,
        county=by_zip.county,
        city=by_zip.city,
        trust=min(by_zip.trust, Trust.MEDIUM),
        country_trust=min(by_zip.country_trust, Trust.MEDIUM),
        source=by_zip.source,
        note=by_zip.note or Note.ASSUMED_REGION,
    )


def _stated_state(state: str, note: Note) -> Place:
    return Place(
        country="US",
        state=state,
        trust=Trust.HIGH,
        country_trust=Trust.HIGH,
        source=_STATED,
        note=note,
    )


def _place_of_country(country: str, note: Note, trust: Trust, source: str = "") -> Place:
    return Place(
        country=country,
        trust=trust,
        country_trust=trust,
        source=source or zip_source(),
        note=note,
    )
