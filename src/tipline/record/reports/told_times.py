"""Times as people tell them: a day, perhaps a time of day, perhaps a zone, perhaps only words.

The schema wants a time of the incident in every report. Where only the day is told the time
of day is midnight without a zone; where nothing is told it is 1970-01-01, which readers of
reports take for "not known". Both are said in words beside it; a time without a zone is no
instant, so it routes nothing and dates nothing. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

UNKNOWN_TIME: Final = "1970-01-01T00:00:00"
DAY_NOT_TOLD: Final = "The day is not known."
TIME_NOT_TOLD: Final = "The time of day is not known."


@dataclass(frozen=True, slots=True)
class ToldTime:
    """When it happened, as far as somebody knows. ``zone``: an IANA name, or empty."""

    day: date | None = None
    time: time | None = None
    zone: str = ""
    words: str = ""

    @property
    def written(self) -> str:
        """As ``xs:dateTime``; with an offset only where the zone is known."""
        if self.day is None:
            return UNKNOWN_TIME
        if self.time is None:
            return f"{self.day.isoformat()}T00:00:00"
        zone = ZoneInfo(self.zone) if self.zone else None
        return datetime.combine(self.day, self.time, zone).isoformat(timespec="seconds")

    @property
    def description(self) -> str:
        """The person's own words, and what they did not know."""
        gap = DAY_NOT_TOLD if self.day is None else TIME_NOT_TOLD if self.time is None else ""
        words = self.words.strip()
        return f"{words} ({gap})" if words and gap else words or gap
