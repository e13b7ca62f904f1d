"""How far a feed was followed, exactly, although rows may commit in any order.

A key below the highest one seen, but not seen itself, is a *hole*: a row that was rolled back
or deleted, or one whose transaction has not ended yet. Holes are looked at again with each
look, until nobody is left who could have filled them when they were found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tipline.insight.matching.index.feed import Feed, Keys, Row


@dataclass(slots=True)
class _Holes:
    """Some that were found together. ``waits_for``: who may fill them; None when not asked yet."""

    ranges: list[Keys]
    waits_for: frozenset[str] | None = None

    def stirred(self, writers: frozenset[str]) -> bool:
        """Whether they must be looked at: one of those who may fill them has ended since."""
        known = self.waits_for
        self.waits_for = writers if known is None else known & writers
        return known != self.waits_for or not self.waits_for

    def cut_out(self, seen: Sequence[int]) -> None:
        for key in seen:
            self.ranges = [part for one in self.ranges for part in _cut(one, key)]


@dataclass(slots=True)
class Position:
    """Everything up to the key ``through`` was seen, but for the holes."""

    through: int = 0
    _holes: list[_Holes] = field(default_factory=list)
    _quiet: int | None = None

    @classmethod
    def at(cls, through: int, holes: Iterable[Keys] = ()) -> Position:
        found = list(holes)
        return cls(through, [_Holes(found)] if found else [])

    def copy(self) -> Position:
        """One to look further with, and to forget."""
        holes = [_Holes(list(one.ranges), one.waits_for) for one in self._holes]
        return Position(self.through, holes, self._quiet)

    @property
    def holes(self) -> list[Keys]:
        """Keys up to ``through`` that may still come, in order."""
        return sorted(one for holes in self._holes for one in holes.ranges)

    def look(self, feed: Feed) -> Iterator[Sequence[Row]]:
        """What was not seen before, some at a time; it counts as seen when it is handed out."""
        if self._quiet is None:
            # What is missing below a key that could be seen before nobody wrote is lost for good:
            # this spares a first look at a long table all holes of its past.
            top = feed.top()
            self._quiet = 0 if feed.writers() else top
        yield from self._fill(feed)
        while rows := feed.read(self.through):
            self._pass(rows)
            yield rows

    def _fill(self, feed: Feed) -> Iterator[Sequence[Row]]:
        """Look into holes that somebody may have filled since the last look.

        Who could is asked before the rows are read, so that no hole is given up unseen.
        """
        writers = feed.writers() if self._holes else frozenset[str]()
        stirred = [holes for holes in self._holes if holes.stirred(writers)]
        if not stirred:
            return
        rows = list(feed.read_among([one for holes in stirred for one in holes.ranges]))
        for holes in stirred:
            holes.cut_out([key for key, _value in rows])
        self._holes = [holes for holes in self._holes if holes.waits_for and holes.ranges]
        if rows:
            yield rows

    def _pass(self, rows: Sequence[Row]) -> None:
        quiet = self._quiet or 0
        missing, before = list[Keys](), self.through
        for key, _value in rows:
            first = max(before, quiet) + 1
            if first < key:
                missing.append((first, key - 1))
            before = key
        self.through = before
        if missing:
            self._holes.append(_Holes(missing))

    def covered_by(self, other: Position) -> Position:
        """Where one stands who is here and takes over all that was seen from ``other``."""
        low, high = sorted((self, other), key=lambda one: one.through)
        shared = _common(self.holes, other.holes)
        beyond = [(max(first, low.through + 1), last) for first, last in high.holes]
        holes = [*shared, *((first, last) for first, last in beyond if first <= last)]
        return Position.at(high.through, holes)


def _cut(keys: Keys, key: int) -> list[Keys]:
    first, last = keys
    if not first <= key <= last:
        return [keys]
    return [part for part in ((first, key - 1), (key + 1, last)) if part[0] <= part[1]]


def _common(some: Sequence[Keys], others: Sequence[Keys]) -> list[Keys]:
    """Keys in both."""
    return [
        (max(first, start), min(last, end))
        for first, last in some
        for start, end in others
        if max(first, start) <= min(last, end)
    ]
