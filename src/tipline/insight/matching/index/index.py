"""One index: it follows its feed and answers what is near."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from tipline.insight.matching.hashes import HASH_BYTES
from tipline.insight.matching.index.feed import Feed
from tipline.insight.matching.index.position import Position

if TYPE_CHECKING:
    from tipline.insight.matching.index.tail import Tail

RADIUS = 31

#: A key and how many bits its hash is away.
Neighbour = tuple[int, int]


class Index:
    """All hashes of a feed, found by distance. For several threads; make one per process.

    ``name``: the folder below ``TIPLINE_HOME/index/`` in which its files stand.
    """

    def __init__(self, name: str, feed: Feed) -> None:
        self.name = name
        self._feed = feed
        self._lock = threading.Lock()
        self._marks = threading.local()
        self._position = Position()
        self._tail: Tail | None = None

    def search(self, value: bytes, radius: int = RADIUS) -> list[Neighbour]:
        """(key, distance) of every hash at most ``radius`` bits away, nearest first.

        ValueError for a value that is not 32 bytes long or a radius outside 0 to 256.
        """
        return self.search_each([value], radius)[0]

    def search_each(self, values: Sequence[bytes], radius: int = RADIUS) -> list[list[Neighbour]]:
        """The same for several hashes: what came meanwhile is asked for once."""
        if any(len(value) != HASH_BYTES for value in values):
            raise ValueError("A hash is 32 bytes long.")
        if not 0 <= radius <= 8 * HASH_BYTES:
            raise ValueError("A radius is a number of bits from 0 to 256.")
        import numpy as np  # noqa: PLC0415 - a process that never searches does without

        from tipline.insight.matching.index.kernels_numpy import scan  # noqa: PLC0415

        keys, columns = self._followed().rows()
        answers = list[list[Neighbour]]()
        for value in values:
            places, distances = scan(columns, np.frombuffer(value, np.uint64), radius)
            found = zip(keys[places].tolist(), distances.tolist(), strict=True)
            answers.append(sorted(found, key=lambda one: (one[1], one[0])))
        return answers

    def _followed(self) -> Tail:
        """The tail with all that this thread may see."""
        from tipline.insight.matching.index.tail import Tail  # noqa: PLC0415

        if self._feed.private():
            return self._privately()
        mark = self._feed.mark()
        with self._lock:
            if self._tail is None:
                self._tail = Tail()
            if mark is None or mark != self._last_mark():
                for rows in self._position.look(self._feed):
                    self._tail.add(rows)
                self._marks.last = mark
            return self._tail

    def _last_mark(self) -> Hashable | None:
        mark: Hashable | None = getattr(self._marks, "last", None)
        return mark

    def _privately(self) -> Tail:
        """What this thread sees may never be committed: nobody else is told of it."""
        from tipline.insight.matching.index.tail import Tail  # noqa: PLC0415

        with self._lock:
            tail, position = Tail(), self._position.copy()
            if self._tail is not None:
                tail = self._tail.only(lambda keys: keys > 0)
        for rows in position.look(self._feed):
            tail.add(rows)
        return tail
