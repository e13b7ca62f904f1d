"""Country codes: which exist, and which of them are the United States."""

from __future__ import annotations

from typing import Final

from tipline.ground.places.states import TERRITORIES
from tipline.ground.taxonomy.areas import COUNTRIES, NO_COUNTRY

# AN (Netherlands Antilles) was dissolved into three countries and no longer means one.
COUNTRY_CODES: Final = frozenset(COUNTRIES) - NO_COUNTRY - {"AN", "FX"}

# Reserved or retired codes in use: FX in the ESP schema, AC and TA in telephone plans.
_OTHER: Final = {"UK": "GB", "FX": "FR", "AC": "SH", "TA": "SH"}


def country_code(text: str | None) -> str:
    """The ISO 3166-1 alpha-2 code (or XK) that a two-letter code means, or "".

    Pseudo-codes of the ESP schema (anonymous proxy, satellite, region) are no countries.
    """
    if not isinstance(text, str):
        return ""
    code = text.strip().upper()
    code = _OTHER.get(code, code)
    return code if code in COUNTRY_CODES else ""


def with_territories(country: str, state: str = "") -> tuple[str, str]:
    """(country, state) as :class:`~.place.Place` has them: ("PR", "") becomes ("US", "PR").

    UM (uninhabited US islands) becomes the United States without a state.
    """
    if country in TERRITORIES:
        return "US", country
    if country == "UM":
        return "US", ""
    return country, state
