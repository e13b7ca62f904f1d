"""What came since the files were written: in memory, unsorted, scanned whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.index.kernels_numpy import WORDS, Words

_LEAST_ROOM = 1024


class Rows(NamedTuple):
    """Keys (N,) and the words of their hashes (4, N), as they stood at one moment."""

    keys: NDArray[np.int64]
    columns: Words


class Tail:
    """Room doubles as it fills. One thread adds at a time; :meth:`rows` may be read by others."""

    def __init__(self) -> None:
        self._size = 0
        self._keys = np.zeros(_LEAST_ROOM, np.int64)
        self._columns = np.zeros((WORDS, _LEAST_ROOM), np.uint64)

    def __len__(self) -> int:
        return self._size

    def rows(self) -> Rows:
        return Rows(self._keys[: self._size], self._columns[:, : self._size])

    def add(self, rows: Iterable[tuple[int, bytes | None]]) -> None:
        """Keep the hashes of rows that have one; each is 32 bytes long."""
        found = [(key, value) for key, value in rows if value is not None]
        if not found:
            return
        keys = np.array([key for key, _value in found], np.int64)
        values = np.frombuffer(b"".join(value for _key, value in found), np.uint64)
        self._append(keys, values.reshape(-1, WORDS).T)

    def _append(self, keys: NDArray[np.int64], columns: Words) -> None:
        end = self._size + len(keys)
        if end > len(self._keys):
            room = max(end, 2 * len(self._keys))
            self._keys = np.concatenate([self._keys, np.zeros(room - len(self._keys), np.int64)])
            more = np.zeros((WORDS, room - self._columns.shape[1]), np.uint64)
            self._columns = np.concatenate([self._columns, more], axis=1)
        self._keys[self._size : end] = keys
        self._columns[:, self._size : end] = columns
        self._size = end

    def only(self, kept: Callable[[NDArray[np.int64]], NDArray[np.bool_]]) -> Tail:
        """A tail of those rows whose keys are kept."""
        rows, other = self.rows(), Tail()
        these = kept(rows.keys)
        other._append(rows.keys[these], rows.columns[:, these])
        return other
