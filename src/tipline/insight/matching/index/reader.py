"""Searching: the files as they stand, and in memory what came since."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
import structlog

from tipline.insight.matching.index.feed import AT_ONCE, PRIVATE, Feed
from tipline.insight.matching.index.keeping import are_of, opened, ranges_of
from tipline.insight.matching.index.kernels import CHOICE, Choice
from tipline.insight.matching.index.kernels_numpy import NOTHING as NOTHING_NEAR
from tipline.insight.matching.index.kernels_numpy import Found
from tipline.insight.matching.index.layout import Damaged
from tipline.insight.matching.index.position import Position
from tipline.insight.matching.index.segment import Keys, Name, Segment
from tipline.insight.matching.index.shelf import NOTHING, Listing, Shelf, Stamp
from tipline.insight.matching.index.tail import Rows, Tail

log = structlog.get_logger(__name__)

#: Seconds after which it is looked whether the files are others: no answer depends on it.
_LOOK_AGAIN = 1.0
_TRIES = 5

Neighbour = tuple[int, int]


class Held(NamedTuple):
    """What is searched. ``through``: how far the list that was read goes."""

    stamp: Stamp | None
    through: int
    segments: tuple[Segment, ...]
    tail: Tail
    position: Position


class Reader:
    """For several threads. Reading the database is done by one of them at a time."""

    def __init__(self, shelf: Shelf, feed: Feed, choice: Choice = CHOICE) -> None:
        self._shelf, self._feed, self._choice = shelf, feed, choice
        self._lock = threading.Lock()
        self._marks = threading.local()
        self._held: Held | None = None
        self._look_again = 0.0

    def search(self, values: Sequence[bytes], radius: int) -> list[list[Neighbour]]:
        """For each hash the (key, distance) of all within the radius, nearest first."""
        segments, rows = self._seen()
        kernel = self._choice.kernel
        wanted = kernel.questions(b"".join(values))
        held: Sequence[Segment | Rows] = (*segments, rows) if rows.size else segments
        found = []
        for one in held:
            some = one.search(wanted, radius, kernel)
            if some is not NOTHING_NEAR:
                found.append(some)
        if not found:
            return [[] for _value in values]
        return _sorted(found, len(values))

    def _seen(self) -> tuple[Sequence[Segment], Rows]:
        """All that this thread may see, as the database has it now."""
        mark = self._feed.mark()
        if mark is PRIVATE:
            return self._privately()
        held = self._held
        if held is None or mark is None or mark != getattr(self._marks, "last", None):
            with self._lock:
                held = self._followed()
            self._marks.last = mark
        return held.segments, held.tail.rows()

    def _followed(self) -> Held:
        held = self._opened() if self._held is None else self._switched(self._held)
        self._held = None  # should it fail on the way, all is read again
        for rows in held.position.look(self._feed):
            held.tail.add(rows)
        self._held = held
        return held

    def _privately(self) -> tuple[Sequence[Segment], Rows]:
        """What this thread sees may never be committed: nobody else is told of it."""
        with self._lock:
            held = self._held or self._opened()
            position, tail = held.position.copy(), held.tail.copy()
        for rows in position.look(self._feed):
            tail.add(rows)
        return held.segments, tail.rows()

    def _opened(self) -> Held:
        """From the files; what damaged ones held, from the database."""
        for _try in range(_TRIES):
            stamp = self._shelf.stamp()
            listing = self._listing()
            segments, damaged = opened(self._shelf, listing.names)
            if not damaged or self._shelf.stamp() == stamp:
                break  # else they were replaced while they were opened
        if not are_of(self._feed, segments):
            log.warning("segments are of another database", index=self._shelf.folder.name)
            self._shelf.complain()
            listing, segments, damaged = NOTHING, [], []
        if damaged:
            self._shelf.complain()
        tail = self._read_again(damaged)
        return Held(stamp, listing.through, tuple(segments), tail, listing.position)

    def _listing(self) -> Listing:
        try:
            listing = self._shelf.listing()
        except Damaged as error:
            log.warning(
                "list of segments left aside", index=self._shelf.folder.name, why=str(error)
            )
            self._shelf.complain()
            return NOTHING
        return listing if listing.through <= self._feed.top() else NOTHING

    def _read_again(self, damaged: Sequence[Name]) -> Tail:
        rows, tail = iter(self._feed.read_among(ranges_of(damaged))), Tail()
        while some := list(islice(rows, AT_ONCE)):
            tail.add(some)
        return tail

    def _switched(self, held: Held) -> Held:
        """With the files that are listed now, when they are others and can be used."""
        if (now := time.monotonic()) < self._look_again:
            return held
        self._look_again = now + _LOOK_AGAIN
        stamp = self._shelf.stamp()
        if stamp == held.stamp:
            return held
        listing = self._listing()
        segments, damaged = opened(self._shelf, listing.names, held.segments)
        if damaged or listing.through < held.through:
            return held  # replaced once more, or being made anew: what is held is still right
        tail = held.tail.only(lambda keys: _not_covered(keys, listing))
        position = held.position.covered_by(listing.position)
        return Held(stamp, listing.through, tuple(segments), tail, position)


def _not_covered(keys: Keys, listing: Listing) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    kept = keys > listing.through
    for first, last in listing.holes:
        kept |= (first <= keys) & (keys <= last)
    return kept


def _sorted(found: Sequence[Found], questions: int) -> list[list[Neighbour]]:
    """Answers by question, nearest first, equals by key.

    A row may stand in two places, while a damaged file is replaced: it is told once.
    """
    asked, keys, distances = map(np.concatenate, zip(*found, strict=True))
    order = np.lexsort((keys, distances, asked))
    asked, keys, distances = asked[order], keys[order], distances[order]
    once = np.ones(len(asked), np.bool_)
    once[1:] = (keys[1:] != keys[:-1]) | (asked[1:] != asked[:-1])
    asked = asked[once]
    near = list(zip(keys[once].tolist(), distances[once].tolist(), strict=True))
    ends = np.searchsorted(asked, np.arange(questions), side="right").tolist()
    return [near[start:end] for start, end in pairwise([0, *ends])]
