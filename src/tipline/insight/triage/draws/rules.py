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
from statistics import NormalDist

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


def wilson(hits: int, looks: int, confidence: float = 0.95) -> tuple[float, float]:
    """The Wilson score interval of a share; from 0 to 1 while nobody has looked.

    Wilson (1927): unlike the plain interval it holds for small counts and for none at all.
    """
    if not 0 <= hits <= looks:
        raise ValueError(f"{hits} of {looks} is no share")
    if looks == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = hits / looks
    centre = share + z * z / (2 * looks)
    spread = z * math.sqrt(share * (1 - share) / looks + z * z / (4 * looks * looks))
    scale = 1 + z * z / looks
    low, high = (centre - spread) / scale, (centre + spread) / scale
    return (0.0 if hits == 0 else max(0.0, low)), (1.0 if hits == looks else min(1.0, high))
