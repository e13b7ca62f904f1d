"""What is drawn for a look, and what the findings say of all. Pure.

The order of a draw follows from the report's number, the week and the stratum alone: nobody
picks, a second try draws the same, and nothing secret is needed. As many are drawn as the
share asks for, at least one, so that the share is known exactly for each stratum and week.
"""

from __future__ import annotations

import hashlib
import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

SHARE = 0.02
"""Two of a hundred."""
MOST_WEEKS = 52
"""How far back a first draw, or one after a long time without a worker, goes."""

_WEEK = timedelta(days=7)
_SALT = "tipline-draw-1"


class Stratum(StrEnum):
    """From what is drawn: what is folded, and what stands at the bottom of the queue."""

    FOLDED = "folded"
    BOTTOM = "bottom"


class Finding(StrEnum):
    AS_RANKED = "as_ranked"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"


@dataclass(frozen=True, slots=True)
class Drawn:
    """``share``: of how large a part of the ``population`` the draw consists."""

    numbers: tuple[int, ...]
    population: int

    @property
    def share(self) -> float:
        return len(self.numbers) / self.population if self.population else 0.0


def draw(numbers: Iterable[int], week: date, stratum: Stratum) -> Drawn:
    """The reports to look at, of all of a stratum in a week."""
    pool = list(numbers)
    wanted = math.ceil(len(pool) * SHARE)
    first = heapq.nsmallest(wanted, pool, key=lambda number: _order(number, week, stratum))
    return Drawn(tuple(sorted(first)), len(pool))


def _order(number: int, week: date, stratum: Stratum) -> bytes:
    return hashlib.sha256(f"{_SALT}:{week.isoformat()}:{stratum}:{number}".encode()).digest()


def week_of(instant: datetime) -> date:
    """The Monday (UTC) of the week of an instant."""
    day = instant.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def bounds(week: date) -> tuple[datetime, datetime]:
    """From when until before when a week lasts."""
    start = datetime(week.year, week.month, week.day, tzinfo=UTC)
    return start, start + _WEEK


def weeks_due(now: datetime, last: date | None, first: date | None) -> list[date]:
    """Weeks that are over and not drawn from, the oldest first.

    ``last``: the newest week that was drawn from; ``first``: the week of the oldest report.
    """
    this = week_of(now)
    start = last + _WEEK if last is not None else first
    if start is None:
        return []
    start = max(start, this - MOST_WEEKS * _WEEK)
    return [start + n * _WEEK for n in range((this - start) // _WEEK)]
