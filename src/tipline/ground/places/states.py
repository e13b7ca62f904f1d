"""The United States: postal codes, names, federal circuits."""

from __future__ import annotations

from typing import Final

STATES: Final[dict[str, str]] = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
}
"""The fifty states and the District of Columbia."""

TERRITORIES: Final[dict[str, str]] = {
    "AS": "American Samoa",
    "GU": "Guam",
    "MP": "Northern Mariana Islands",
    "PR": "Puerto Rico",
    "VI": "U.S. Virgin Islands",
}
"""Inhabited territories. ISO 3166-1 lists each as a country with the same two letters."""

_CODES: Final[frozenset[str]] = frozenset(STATES) | frozenset(TERRITORIES)
_BY_NAME: Final[dict[str, str]] = {
    name.casefold(): code for code, name in (STATES | TERRITORIES).items()
}

# 28 U.S.C. 41; the Northern Marianas: 48 U.S.C. 1821(a), same circuit as Guam.
# American Samoa has no federal district court and lies in no circuit.
_CIRCUITS: Final[dict[str, str]] = {
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
_CIRCUIT_OF: Final[dict[str, str]] = {
    state: circuit for circuit, states in _CIRCUITS.items() for state in states.split()
}


def state_code(text: str | None) -> str:
    """The two-letter code of a US state or territory given by code or English name, or ""."""
    if not isinstance(text, str):
        return ""
    stripped = text.strip()
    if stripped.upper() in _CODES:
        return stripped.upper()
    return _BY_NAME.get(stripped.casefold(), "")


def state_name(code: str) -> str:
    """The English name of a state or territory, or "" for an unknown code."""
    return STATES.get(code) or TERRITORIES.get(code, "")


def circuit_of(state: str) -> str | None:
    """The federal judicial circuit ("1" to "11", "DC") of a two-letter state, or None."""
    return _CIRCUIT_OF.get(state)
