"""Who shares which key, 24 bytes for each earlier report, sorted by report and cut into blocks."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tipline.insight.entities.history.rules import Meeting, Sharing, meeting


@dataclass(frozen=True, slots=True)
class Block:
    """What is known of the reports above ``after`` up to ``last``: a row for each earlier one.

    ``numbers``, ``keys`` and ``earlier`` are columns of one length, sorted by number and key.
    """

    after: int
    last: int
    numbers: NDArray[np.int64]
    keys: NDArray[np.uint64]
    earlier: NDArray[np.int64]

    @classmethod
    def of(cls, shared: Iterable[Sharing], after: int, upto: int) -> Self:
        """One block of all reports above ``after`` up to ``upto``; others are left out."""
        numbers, keys, lows = array("q"), array("Q"), array("q")
        for one in shared:
            if after < one.number <= upto:
                many = len(one.earlier)
                numbers.extend([one.number] * many)
                keys.extend([int(one.key, 16)] * many)
                lows.extend(one.earlier)
        columns = [np.frombuffer(each, each.typecode) for each in (numbers, keys, lows)]
        order = np.lexsort(columns[::-1])
        return cls(after, upto, *(column[order] for column in columns))

    def cut(self, size: int) -> Iterator[Self]:
        """Blocks of about ``size`` rows, in order; no report stands in two of them."""
        if self.after >= self.last:
            return
        start, after, end = 0, self.after, len(self.numbers)
        while True:
            stop = min(start + size, end)
            if stop < end:
                stop = int(np.searchsorted(self.numbers, self.numbers[stop - 1], side="right"))
            last = self.last if stop == end else int(self.numbers[stop - 1])
            yield self._part(after, last, slice(start, stop))
            if stop == end:
                return
            start, after = stop, last

    def _part(self, after: int, last: int, rows: slice) -> Self:
        columns: Sequence[NDArray[Any]] = (self.numbers, self.keys, self.earlier)
        return type(self)(after, last, *(column[rows] for column in columns))

    def meetings(self) -> Iterator[Meeting]:
        """Whom each report is compared with, in the order of their numbers."""
        rows = zip(self.numbers.tolist(), self.keys.tolist(), self.earlier.tolist(), strict=True)
        for number, of_report in groupby(rows, key=lambda row: row[0]):
            found = {
                f"{key:016x}": [low for _number, _key, low in same]
                for key, same in groupby(of_report, key=lambda row: row[1])
            }
            yield meeting(number, found)
