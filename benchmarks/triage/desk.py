"""A desk with time for some of the reports: which are looked at, when, in a given order.

Two desks. The *running* desk takes the first of its queue whenever somebody is free, round the
clock, as the product's queue is worked. The *morning* desk takes a list each midnight, of all
that has come and was not looked at, and works it from the top.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.triage.months import Month, Seen

CAPACITY = 0.3  # looks, as a share of all arrivals
FIRST = 0.05  # of a day's looks
_DAY = 24.0

Key = tuple[float, ...]
#: A report's place in the queue at an hour: the smallest is taken first. A later hour may move
#: it back, never forward.
Order = Callable[[Seen, float], Key]


@dataclass(frozen=True, slots=True)
class Looks:
    """``at``: the hour of each report's look, infinite when there was none. ``turn``: which
    look it was, counted from 1 over all looks made since the report came (running desk) or on
    the first list on which it stood (morning desk); 0 when never, or too late to count.
    """

    at: tuple[float, ...]
    turn: tuple[int, ...]


def looks_a_day(month: Month) -> int:
    """How many reports the desk looks at in a day, by the month's average."""
    return max(1, round(CAPACITY * len(month.reports) * _DAY / month.hours))


def first_looks(month: Month) -> int:
    """How many looks are the first twentieth of a day's."""
    return math.ceil(FIRST * looks_a_day(month))


def running_desk(month: Month, order: Order) -> Looks:
    """Looks spread evenly over day and night."""
    reports, queue = month.reports, _Queue(month.reports, order)
    times = _free_times(month)
    at, turn = [math.inf] * len(reports), [0] * len(reports)
    made = _counter(times, reports)
    come = 0
    for number, hour in enumerate(times):
        while come < len(reports) and reports[come].at <= hour:
            queue.put(come)
            come += 1
        taken = queue.take(hour)
        if taken is not None:
            at[taken], turn[taken] = hour, number + 1 - made[taken]
    return Looks(tuple(at), tuple(turn))


def _free_times(month: Month) -> list[float]:
    a_day = looks_a_day(month)
    count = int(month.hours / _DAY * a_day)
    return [(place + 0.5) * _DAY / a_day for place in range(count)]


def _counter(times: Sequence[float], reports: Sequence[Seen]) -> list[int]:
    """For each report, how many looks were made before it came."""
    found, passed = [], 0
    for report in reports:
        while passed < len(times) and times[passed] < report.at:
            passed += 1
        found.append(passed)
    return found


def morning_desk(month: Month, order: Order) -> Looks:
    """A list each midnight; what comes during the day waits for the next one."""
    reports, queue = month.reports, _Queue(month.reports, order)
    at, turn = [math.inf] * len(reports), [0] * len(reports)
    a_day, come = looks_a_day(month), 0
    for day in range(1, int(month.hours / _DAY)):
        hour, fresh = day * _DAY, come
        while come < len(reports) and reports[come].at <= hour:
            queue.put(come)
            come += 1
        for place in range(a_day):
            taken = queue.take(hour)
            if taken is None:
                break
            at[taken] = hour + (place + 0.5) * _DAY / a_day
            turn[taken] = place + 1 if taken >= fresh else 0
    return Looks(tuple(at), tuple(turn))


class _Queue:
    """Reports by number, in an order that time may move back: looked up again when taken."""

    def __init__(self, reports: Sequence[Seen], order: Order) -> None:
        self._reports, self._order = reports, order
        self._heap: list[tuple[Key, int]] = []

    def put(self, number: int) -> None:
        report = self._reports[number]
        heapq.heappush(self._heap, (self._order(report, report.at), number))

    def take(self, hour: float) -> int | None:
        """The first one at this hour; None when nothing waits."""
        while self._heap:
            key, number = heapq.heappop(self._heap)
            now = self._order(self._reports[number], hour)
            if now <= key:
                return number
            heapq.heappush(self._heap, (now, number))
        return None
