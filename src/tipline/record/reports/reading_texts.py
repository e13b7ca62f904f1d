"""One text of an element or attribute, read into the document's value or kept as text."""

from __future__ import annotations

from typing import Any

from tipline.ground.foundation.times import read_time
from tipline.record.reports.reading_findings import Findings, Place
from tipline.record.reports.reading_problems import Code
from tipline.record.reports.reading_values import (
    BLANK,
    Parsed,
    is_valid_blank,
    kind_in_words,
    parse,
)
from tipline.record.reports.schema import Base, Simple

_SHORT_LIST = 12  # longer enumerations are named, not listed


def read_text(text: str, type_: Simple, place: Place, findings: Findings) -> Any:
    """The value, or None where it is absent or unusable; what is unusable is kept as text."""
    parsed = parse(text, type_)
    if parsed is BLANK:
        return _blank(type_, place, findings)
    if place.length is not None and len(text) > place.length:
        findings.find(Code.TOO_LONG, place, length=len(text), limit=place.length)
    code = _judged(parsed, text, place)
    if code is not None:
        findings.find(code, place, **_words(parsed, text, type_))
    if not parsed.usable or code is Code.BAD_REQUIRED_VALUE:
        findings.keep(place.path, text)
        return None
    if type_.base is Base.DATETIME and not read_time(text).zone_known:
        findings.find(Code.TIME_WITHOUT_ZONE, place)
    return parsed.value


def _blank(type_: Simple, place: Place, findings: Findings) -> Any:
    """Blank and optional is absent. A required text may be blank in the schema; its key stays."""
    if not place.required:
        if not is_valid_blank(type_):
            findings.find(Code.BLANK_VALUE, place)
        return None
    if type_.base is Base.TOKEN:
        findings.find(Code.BLANK_IDENTIFIER, place)
        return None
    if is_valid_blank(type_):
        if not place.empty_ok:
            findings.find(Code.BLANK_REQUIRED, place)
        return ""
    code = Code.UNKNOWN_VALUE if type_.values else Code.BAD_REQUIRED_VALUE
    findings.find(code, place, **_words(BLANK, "(blank)", type_))
    return None


def _judged(parsed: Parsed, text: str, place: Place) -> Code | None:
    """A value that must be there may not be bad; a day without a clock is no time."""
    if not place.required:
        return parsed.code
    bad = parsed.code in {Code.BAD_VALUE, Code.OUT_OF_RANGE}
    no_clock = parsed.code is Code.ODD_TIME_FORM and read_time(text).naive is None
    return Code.BAD_REQUIRED_VALUE if bad or no_clock else parsed.code


def _words(parsed: Parsed, text: str, type_: Simple) -> dict[str, object]:
    """Everything that a policy's words may ask for."""
    kind, example = kind_in_words(type_)
    few = 0 < len(type_.values) <= _SHORT_LIST
    allowed = " | ".join(filter(None, type_.values)) if few else "the codes of the schema"
    return {
        "value": text,
        "meant": parsed.value,
        "allowed": allowed,
        "kind": kind,
        "example": example,
        "low": f"{type_.low:g}" if type_.low is not None else "",
        "high": f"{type_.high:g}" if type_.high is not None else "",
    }
