"""The lists of a segment: the entries by their bands, or by their bands without a quarter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.index import lines
from tipline.insight.matching.index.beside import Parts, beside, farther
from tipline.insight.matching.index.layout import (
    AT_ONCE,
    BANDS,
    WORDS,
    Shape,
    Words,
    shape_of,
)


class Bands:
    """The arrays of a segment that are searched, flat (see ``layout``).

    ``offsets`` point into ``ids`` and ``nexts`` of all tables, by entries or by lines; the last
    one ends the last list. ``starts``: for a small segment, the first line of each table of each
    band. ``where``: the addresses of the four arrays, the number of entries
    and the shape, as compiled loops take them: good for as long as this is held.
    """

    __slots__ = ("ids", "nexts", "offsets", "shape", "starts", "where", "words")

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
        self.starts = offsets[: shape.tables].astype(np.int64).reshape(-1, shape.quarters)
        addresses = [one.ctypes.data for one in (words, offsets, ids, nexts)]
        self.where = np.array([*addresses, len(words) // WORDS, *shape], np.int64)


class Table(NamedTuple):
    """One table: where each list or the table begins, the entries, what stands beside them."""

    offsets: NDArray[np.uint32]
    ids: NDArray[np.uint32]
    nexts: Parts


def each_table(words: Words, shape: Shape) -> Iterator[Table]:
    """The tables of (N, 4) words, one after the other: all of them at once are large."""
    parts, start = words.view(np.uint16), 0
    for band in range(BANDS):
        own, following, after = (
            np.ascontiguousarray(parts[:, (band + more) % BANDS]) for more in range(3)
        )
        for turned, listed in lines.listed_by(own, shape):
            order = np.argsort(listed, kind="stable").astype(np.uint32)
            lengths = np.bincount(listed, minlength=1 << shape.bits)
            nexts = beside(turned, following, shape)[order]
            if shape.in_lines:
                places = lines.placed(lengths)
                ids = order | farther(following, after)[order]
                yield Table(np.array([start], np.uint32), *lines.filled(places, ids, nexts))
                start += len(places.links)
            else:
                offsets = start + np.cumsum(lengths) - lengths
                yield Table(offsets.astype(np.uint32), order, nexts)
                start += len(order)


def bands_of(words: Words, shape: Shape | None = None) -> Bands:
    """All tables of a few words, in memory, as they lie in a file."""
    shape = shape or shape_of(len(words))
    offsets, ids, nexts = map(np.concatenate, zip(*each_table(words, shape), strict=True))
    if shape.in_lines:
        end = len(ids) // AT_ONCE
    else:
        end, nexts = len(ids), np.append(nexts, np.zeros(AT_ONCE, np.uint16))
    return Bands(words.reshape(-1), np.append(offsets, np.uint32(end)), ids, nexts, shape)
