"""What one text means: a value, a value with a remark, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from tipline.ground.foundation.times import is_xsd_date, is_xsd_datetime, read_time
from tipline.record.reports.reading_problems import Code
from tipline.record.reports.schema import Base, Simple

XSD_SPACE: Final = "\t\n\r "  # what XML Schema calls white space


@dataclass(frozen=True, slots=True)
class Parsed:
    """``usable`` says whether ``value`` may stand in a document; ``code`` is the remark.

    A blank text gives :data:`BLANK`.
    """

    value: Any
    code: Code | None = None
    usable: bool = True


BLANK: Final = Parsed(None, None, usable=False)


def parse(text: str, type_: Simple) -> Parsed:
    """Read one element's or attribute's text. Raises nothing."""
    if type_.flag:
        return _flag(text)
    if not text.strip():
        return BLANK
    if type_.values:
        return _enumerated(text, type_)
    if type_.base in {Base.STRING, Base.TOKEN}:
        return _string(text, type_)
    return _READERS[type_.base](text.strip(XSD_SPACE), type_)


def is_valid_blank(type_: Simple) -> bool:
    """Whether XML Schema takes an empty text for this type."""
    if type_.values:
        return "" in type_.values
    return type_.flag or (type_.base in {Base.STRING, Base.TOKEN} and not type_.pattern)


def kind_in_words(type_: Simple) -> tuple[str, str]:
    """What the type is and an example, for messages."""
    if type_.pattern:
        return "of the documented form", _PATTERN_EXAMPLES.get(type_.name, "digits only")
    return _KINDS[type_.base]


_KINDS: Final = {
    Base.STRING: ("text", "text"),
    Base.TOKEN: ("a token", "a token without line breaks"),
    Base.BOOLEAN: ("true or false", "true or false"),
    Base.INT: ("a whole number", "a whole number such as 15"),
    Base.LONG: ("a whole number", "a whole number such as 1234567"),
    Base.DOUBLE: ("a number", "a number such as 48.2082"),
    Base.DATE: ("a date", "a date such as 2010-05-31"),
    Base.DATETIME: ("a date and time", "a date and time such as 2025-03-01T12:00:00Z"),
}
_PATTERN_EXAMPLES: Final = {"callingCode": "a plus sign and 1 to 3 digits, such as +1"}


def _flag(text: str) -> Parsed:
    word = text.strip(XSD_SPACE)
    if word in {"", "true", "1"}:
        return Parsed(True)
    if word in {"false", "0"}:
        return Parsed(False, Code.FALSE_FLAG, usable=False)
    return Parsed(None, Code.BAD_VALUE, usable=False)


def _enumerated(text: str, type_: Simple) -> Parsed:
    if text in type_.values:
        return Parsed(text)
    word = text.strip()
    if word in type_.values:
        return Parsed(word, Code.PADDED_VALUE)
    meant = dict(type_.misspelled).get(" ".join(word.split()))
    if meant:
        return Parsed(meant, Code.MISSPELLED_VALUE)
    return Parsed(None, Code.UNKNOWN_VALUE, usable=False)


def _string(text: str, type_: Simple) -> Parsed:
    if type_.base is Base.TOKEN:
        return Parsed(" ".join(text.split()))
    if type_.pattern and not re.fullmatch(type_.pattern, text):
        return Parsed(text, Code.BAD_FORM)
    return Parsed(text)


def _boolean(text: str, _type: Simple) -> Parsed:
    if text in {"true", "1"}:
        return Parsed(True)
    if text in {"false", "0"}:
        return Parsed(False)
    return Parsed(None, Code.BAD_VALUE, usable=False)


_INTEGER = re.compile(r"([+-]?)0*([0-9]{1,19})")


def _integer(text: str, type_: Simple) -> Parsed:
    match = _INTEGER.fullmatch(text)
    number = int(match[1] + match[2]) if match else None
    bits = 31 if type_.base is Base.INT else 63
    if number is None or not -(2**bits) <= number < 2**bits:
        return Parsed(None, Code.BAD_VALUE, usable=False)
    return _within_limits(number, type_)


_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF|NaN")


def _double(text: str, type_: Simple) -> Parsed:
    if not _DOUBLE.fullmatch(text):
        return Parsed(None, Code.BAD_VALUE, usable=False)
    return _within_limits(float(text), type_)


def _within_limits(number: float, type_: Simple) -> Parsed:
    low = number if type_.low is None else type_.low
    high = number if type_.high is None else type_.high
    if low <= number <= high:  # false for NaN, too
        return Parsed(number)
    return Parsed(None, Code.OUT_OF_RANGE, usable=False)


def _date(text: str, _type: Simple) -> Parsed:
    if is_xsd_date(text):
        return Parsed(text)
    return _odd_time(text)


def _datetime(text: str, _type: Simple) -> Parsed:
    if is_xsd_datetime(text):
        return Parsed(text)
    return _odd_time(text)


def _odd_time(text: str) -> Parsed:
    if read_time(text).readable:
        return Parsed(text.strip(), Code.ODD_TIME_FORM)
    return Parsed(None, Code.BAD_VALUE, usable=False)


_READERS: Final = {
    Base.BOOLEAN: _boolean,
    Base.INT: _integer,
    Base.LONG: _integer,
    Base.DOUBLE: _double,
    Base.DATE: _date,
    Base.DATETIME: _datetime,
}
