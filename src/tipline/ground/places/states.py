"""The United States: postal codes, names, federal circuits."""

from __future__ import annotations

from typing import Final

from tipline.ground.taxonomy.areas import COUNTRIES, US_STATES

TERRITORIES: Final = frozenset({"AS", "GU", "MP", "PR", "VI"})
"""Inhabited territories. ISO 3166-1 lists each as a country with the same two letters."""

STATE_NAMES: Final[dict[str, str]] = dict(US_STATES) | {
    code: COUNTRIES[code] for code in sorted(TERRITORIES)
}
"""The states, the District of Columbia and the territories: two-letter code -> name."""

_BY_NAME: Final = {name.casefold(): code for code, name in STATE_NAMES.items()}

# 28 U.S.C. 41; the Northern Marianas: 48 U.S.C. 1821(a), same circuit as Guam.
# American Samoa has no federal district court and lies in no circuit.
_CIRCUITS: Final = {
    "1": "ME NH MA RI PR",
    "2": "VT NY CT",
    "3": "PA NJ DE VI",
    "4": "MD NC SC VA WV",
    "5": "TX LA MS",
    "6": "KY MI OH TN",
    "7": "IL IN WI",
    "8": "AR IA MN MO NE ND SD",
    "9": "AK AZ CA HI ID MT NV OR WA GU MP",
    "10": "CO KS NM OK UT WY",
    "11": "AL FL GA",
    "DC": "DC",
}
_CIRCUIT_OF: Final = {
    state: circuit for circuit, states in _CIRCUITS.items() for state in states.split()
}


def state_code(text: str | None) -> str:
    """The two-letter code of a US state or territory given by code or English name, or ""."""
    if not isinstance(text, str):
        return ""
    stripped = text.strip()
    code = stripped.upper()
    return code if code in STATE_NAMES else _BY_NAME.get(stripped.casefold(), "")


def circuit_of(state: str) -> str | None:
    """The federal judicial circuit ("1" to "11", "DC") of a two-letter state, or None."""
    return _CIRCUIT_OF.get(state)
