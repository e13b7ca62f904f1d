"""Country codes: which exist, and which of them are the United States."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

from tipline.ground.places.states import TERRITORIES

# Codes in use that ISO 3166-1 lists only as reserved or not at all, and what they mean.
# FX is in the ESP API's list of countries; AC and TA are what telephone plans use.
_OTHER: Final[dict[str, str]] = {"UK": "GB", "FX": "FR", "AC": "SH", "TA": "SH", "XK": "XK"}


@cache
def country_codes() -> frozenset[str]:
    """All ISO 3166-1 alpha-2 codes (from the time zone database's table), and XK."""
    table = resources.files("tzdata").joinpath("zoneinfo/iso3166.tab")
    lines = table.read_text(encoding="utf-8").splitlines()
    listed = {line.split("\t")[0] for line in lines if line and not line.startswith("#")}
    return frozenset(listed | {"XK"})


def country_code(text: str | None) -> str:
    """The ISO code that a two-letter code means, or "".

    The ESP API's pseudo-codes (A1 anonymous proxy, A2 satellite, O1 other, AP, EU) and the
    dissolved AN are no countries.
    """
    if not isinstance(text, str):
        return ""
    code = text.strip().upper()
    code = _OTHER.get(code, code)
    return code if code in country_codes() else ""


def with_territories(country: str, state: str = "") -> tuple[str, str]:
    """(country, state) as :class:`~.place.Place` has them: ("PR", "") becomes ("US", "PR").

    UM (uninhabited US islands) becomes the United States without a state.
    """
    if country in TERRITORIES:
        return "US", country
    if country == "UM":
        return "US", ""
    return country, state
