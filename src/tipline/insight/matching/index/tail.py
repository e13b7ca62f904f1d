"""What came since the files were written: in memory, unsorted, scanned whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.index.feed import Row
from tipline.insight.matching.index.kernels_numpy import NOTHING, Found, Kernel, Questions
from tipline.insight.matching.index.layout import WORDS, Words, shuffled
from tipline.insight.matching.index.segment import Keys, Source

_LEAST_ROOM = 1024


class Rows(NamedTuple):
    """The first ``size`` of some keys and of the words (4, N) of their hashes."""

    size: int
    keys: Keys
    columns: Words

    def search(self, wanted: Questions, radius: int, kernel: Kernel) -> Found:
        """What is within the radius of each question; its keys are the places."""
        found = kernel.scan(self.columns, self.size, wanted, radius)
        if found is NOTHING:
            return found
        return Found(found.asked, self.keys[found.places], found.distances)

    def source(self) -> Source:
        """All of them, to be written to a file."""
        return Source(self.keys[: self.size], self.columns[:, : self.size].T)


class Tail:
    """Room doubles as it fills. One thread adds; what :meth:`rows` gave stays as it was."""

    def __init__(self) -> None:
        self._rows = Rows(0, np.zeros(_LEAST_ROOM, np.int64), _columns(_LEAST_ROOM))

    def __len__(self) -> int:
        return self._rows.size

    def rows(self) -> Rows:
        return self._rows

    def add(self, rows: Iterable[Row]) -> None:
        """Keep the hashes of rows that have one; each is 32 bytes long."""
        found = [(key, value) for key, value in rows if value is not None]
        if found:
            keys = np.array([key for key, _value in found], np.int64)
            self._append(keys, shuffled(b"".join(value for _key, value in found)).T)

    def _append(self, new_keys: Keys, new_columns: Words) -> None:
        size, keys, columns = self._rows
        end = size + len(new_keys)
        if end > len(keys):
            more = max(end, 2 * len(keys)) - len(keys)
            keys = np.concatenate([keys, np.zeros(more, np.int64)])
            columns = np.concatenate([columns, _columns(more)], axis=1)
        keys[size:end] = new_keys
        columns[:, size:end] = new_columns
        self._rows = Rows(end, keys, columns)

    def copy(self) -> Tail:
        """One that may be added to without this one's knowing."""
        return self.only(lambda keys: keys > 0)

    def only(self, kept: Callable[[Keys], NDArray[np.bool_]]) -> Tail:
        """A tail of those rows whose keys are kept."""
        source, other = self._rows.source(), Tail()
        these = kept(source.keys)
        other._append(source.keys[these], source.words[these].T)
        return other


def _columns(room: int) -> Words:
    return np.zeros((WORDS, room), np.uint64)
