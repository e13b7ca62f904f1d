"""Names of people, postal addresses, dates of birth. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from tipline.insight.entities.forms.rules_form import (
    Form,
    Problem,
    folded,
    form,
    none,
    words_of,
)

#: Parts of an address that are written in full and in short (USPS Publication 28, appendix C).
_SHORT: Final = {
    "avenue": "ave", "boulevard": "blvd", "circle": "cir", "court": "ct", "drive": "dr",
    "highway": "hwy", "lane": "ln", "parkway": "pkwy", "place": "pl", "road": "rd",
    "square": "sq", "street": "st", "terrace": "ter", "trail": "trl", "way": "wy",
    "apartment": "apt", "suite": "ste", "floor": "fl", "building": "bldg", "unit": "apt",
    "north": "n", "south": "s", "east": "e", "west": "w",
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T.*|Z|[+-]\d{2}:?\d{2})?", re.ASCII | re.DOTALL)
_PARTS = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})", re.ASCII)
_OLDEST: Final = 1900


def name(raw: str) -> Form:
    """The words of a name in Latin letters, each once, in the order of the alphabet.

    Whose first name comes first is a matter of the form that was filled in.
    """
    return form(" ".join(sorted(set(words_of(raw)))))


def postal_address(raw: str) -> Form:
    """An address with its words folded and shortened; one without a number names no house."""
    words = [_SHORT.get(word, word) for word in words_of(raw)]
    if not words:
        return none(Problem.EMPTY)
    if len(words) < 3 or not any(c.isdigit() for c in words[0]):
        return none(Problem.INCOMPLETE)
    return form(" ".join(words))


def date_of_birth(raw: str) -> Form:
    """A calendar day as ``1990-05-17``; 1 January is what forms give when nobody says."""
    written = folded(raw).upper()
    if found := _ISO.fullmatch(written):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found = _PARTS.fullmatch(written)
    if not found:
        return none(Problem.MALFORMED)
    first, second, year = (int(part) for part in found.groups())
    if first <= 12 and second <= 12 and first != second:
        return none(Problem.AMBIGUOUS)  # a day and a month, or a month and a day
    return _day(year, min(first, second), max(first, second))


def _day(year: int, month: int, day: int) -> Form:
    try:
        found = date(year, month, day)
    except ValueError:
        return none(Problem.MALFORMED)
    if year < _OLDEST:
        return none(Problem.MALFORMED)
    return none(Problem.DEFAULT) if (month, day) == (1, 1) else form(found.isoformat())
