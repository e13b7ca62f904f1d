"""The lists of a segment: the entries by their bands, or by their bands without a quarter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.index.layout import (
    AT_ONCE,
    BAND_BITS,
    BANDS,
    QUARTER_BITS,
    WORDS,
    Shape,
    Words,
    shape_of,
)

Parts = NDArray[np.uint16]

_SHIFTS = np.arange(0, BAND_BITS, QUARTER_BITS, dtype=np.uint16)
_BACK = np.uint16(BAND_BITS) - _SHIFTS
#: A quarter that was left out stands beside an entry above the bits of the next band.
QUARTER_AT = BAND_BITS - QUARTER_BITS
_NEXT_BITS = np.uint16((1 << QUARTER_AT) - 1)


class Bands:
    """The arrays of a segment that are searched, flat (see ``layout``).

    ``offsets`` point into ``ids`` and ``nexts`` of all tables; the last one ends the last list.
    ``where``: the addresses of the four arrays, the number of entries and the shape, as compiled
    loops take them: good for as long as this is held.
    """

    __slots__ = ("ids", "nexts", "offsets", "shape", "where", "words")

    def __init__(
        self,
        words: NDArray[np.uint64],
        offsets: NDArray[np.uint32],
        ids: NDArray[np.uint32],
        nexts: NDArray[np.uint16],
        shape: Shape,
    ) -> None:
        self.words, self.offsets, self.ids, self.nexts = words, offsets, ids, nexts
        self.shape = shape
        addresses = [one.ctypes.data for one in (words, offsets, ids, nexts)]
        self.where = np.array([*addresses, len(words) // WORDS, *shape], np.int64)


class Table(NamedTuple):
    """One table: where each list begins, the entries, what stands beside them."""

    offsets: NDArray[np.uint32]
    ids: NDArray[np.uint32]
    nexts: Parts


def each_table(words: Words, shape: Shape) -> Iterator[Table]:
    """The tables of (N, 4) words, one after the other: all of them at once are large."""
    parts, number = words.view(np.uint16), 0
    own = np.ascontiguousarray(parts[:, 0])
    for band in range(BANDS):
        following = np.ascontiguousarray(parts[:, (band + 1) % BANDS])
        for quarter in range(shape.quarters):
            turned = turned_to(own, quarter)
            listed = turned >> np.uint16(BAND_BITS - shape.bits)
            order = np.argsort(listed, kind="stable")
            lengths = np.bincount(listed, minlength=1 << shape.bits)
            offsets = number * len(words) + np.cumsum(lengths) - lengths
            nexts = beside(turned, following, shape)[order]
            yield Table(offsets.astype(np.uint32), order.astype(np.uint32), nexts)
            number += 1
        own = following


def turned_to(own: Parts, quarter: int | slice) -> Parts:
    """A band with a quarter of its bits at the low end, where no list looks; of several, each."""
    return (own >> _SHIFTS[quarter]) | (own << _BACK[quarter])


def beside(turned: Parts, following: Parts, shape: Shape) -> Parts:
    """What stands beside an entry; see ``layout``."""
    if shape.quarters == 1:
        return following
    return (turned << np.uint16(QUARTER_AT)) | (following & _NEXT_BITS)


def bands_of(words: Words, shape: Shape | None = None) -> Bands:
    """All tables of a few words, in memory, as they lie in a file."""
    shape = shape or shape_of(len(words))
    offsets, ids, nexts = map(np.concatenate, zip(*each_table(words, shape), strict=True))
    offsets = np.append(offsets, np.uint32(len(ids)))
    nexts = np.append(nexts, np.zeros(AT_ONCE, np.uint16))
    return Bands(words.reshape(-1), offsets, ids, nexts, shape)
