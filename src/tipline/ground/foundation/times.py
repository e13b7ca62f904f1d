"""Times say what they are.

A time in a report is four things: the instant (when its zone is known), the text as
written, whether a zone was written, and the kind of event it names. An absent zone is
never taken for UTC: such a time has a wall clock (``naive``) but no instant, and whoever
routes or drafts legal process must refuse it. Reading raises nothing: a text that is no
time gives a :class:`ReportedTime` with neither.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any


class TimeKind(StrEnum):
    """What happened at that time."""

    UPLOAD = "upload"
    LOGIN = "login"
    REGISTRATION = "registration"
    PURCHASE = "purchase"
    DETECTION = "detection"
    VIEWING = "viewing"
    REPORT = "report"
    INCIDENT = "incident"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ReportedTime:
    """One time as somebody reported it.

    ``instant``: aware, in UTC, cut to microseconds; None without a zone, without a time of
    day, or outside the years 1 to 9999. ``naive``: the wall clock as written, zone or not;
    None where there is no time of day. ``day``: the calendar day as written. Hence a date
    alone has only ``day``, and an unreadable text has nothing.
    """

    instant: datetime | None
    as_written: str
    zone_known: bool
    kind: TimeKind
    naive: datetime | None = None
    day: date | None = None

    @property
    def readable(self) -> bool:
        """Whether the text could be understood as a date at all."""
        return self.day is not None

    def as_json(self) -> dict[str, Any]:
        """Enough to read it again: ``{"as_written", "kind"}`` and, to sort by, ``instant``."""
        instant = self.instant.isoformat() if self.instant else None
        return {"as_written": self.as_written, "kind": self.kind.value, "instant": instant}


_ZONE = r"(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?)"
_DAY = r"(?P<year>-?\d{4,})-(?P<month>\d{2})-(?P<day>\d{2})"
_CLOCK = r"(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
_ANY_TIME = re.compile(rf"{_DAY}(?:(?:[Tt]|[ ]+){_CLOCK})?[ ]*{_ZONE}?", re.ASCII)

_XSD_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_XSD_DAY = r"(?P<year>-?(?:[1-9]\d{3,}|0\d{3}))-(?P<month>\d{2})-(?P<day>\d{2})"
_XSD_DATE = re.compile(_XSD_DAY + _XSD_ZONE, re.ASCII)
_XSD_DATETIME = re.compile(
    _XSD_DAY + r"T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)" + _XSD_ZONE,
    re.ASCII,
)
_XSD_SPACE = "\t\n\r "


def read_time(text: str, kind: TimeKind = TimeKind.OTHER) -> ReportedTime:
    """Read xs:dateTime, xs:date and their near relatives (RFC 3339, a space for the T).

    Fractions beyond microseconds are cut, ``24:00:00`` is the next midnight and a leap
    second is the second after it. ``-00:00`` counts as known: the instant is (RFC 3339 4.3).
    """
    match = _ANY_TIME.fullmatch(text.strip())
    if match is None:
        return ReportedTime(None, text, zone_known=False, kind=kind)
    day, naive = _day(match), _wall_clock(match)
    zone = _zone(match["zone"])
    return ReportedTime(
        instant=_instant(naive, zone),
        as_written=text,
        zone_known=zone is not None and match["hour"] is not None,
        kind=kind,
        naive=naive,
        day=day,
    )


def is_xsd_datetime(text: str) -> bool:
    """Whether the text is a valid ``xs:dateTime`` (XML Schema 1.0: no leap second, no year 0)."""
    match = _XSD_DATETIME.fullmatch(text.strip(_XSD_SPACE))
    return match is not None and _is_calendar_day(match)


def is_xsd_date(text: str) -> bool:
    """Whether the text is a valid ``xs:date``, with or without a zone."""
    match = _XSD_DATE.fullmatch(text.strip(_XSD_SPACE))
    return match is not None and _is_calendar_day(match)


def _is_calendar_day(match: re.Match[str]) -> bool:
    if not match["year"].strip("-0"):
        return False
    month, day = int(match["month"]), int(match["day"])
    like = 2000 if calendar.isleap(int(match["year"][-4:])) else 2001  # last digits decide
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(like, month)[1]


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(_year(match), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _year(match: re.Match[str]) -> int:
    """The year, or 0 (which no calendar of ours holds) when it is out of any range."""
    digits = match["year"].lstrip("0")
    return int(digits) if digits.isdigit() and len(digits) <= 4 else 0


def _wall_clock(match: re.Match[str]) -> datetime | None:
    day = _day(match)
    if day is None or match["hour"] is None:
        return None
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    at_day_end = hour == 24 and minute == second == 0
    if not (hour <= 23 or at_day_end) or minute > 59 or second > 60:
        return None
    micro = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall clock has no zone
    try:
        return midnight + timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)
    except OverflowError:
        return None


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)
    return timezone(offset) if abs(offset) < timedelta(hours=24) and minutes < 60 else None


def _instant(naive: datetime | None, zone: timezone | None) -> datetime | None:
    if naive is None or zone is None:
        return None
    try:
        return naive.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return None
