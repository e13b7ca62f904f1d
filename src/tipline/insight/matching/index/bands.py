"""The lists of a segment: for each band of 16 bits, the entries by its first bits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.index.layout import (
    AT_ONCE,
    BAND_BITS,
    BANDS,
    Words,
    list_bits,
)


class Bands(NamedTuple):
    """The arrays of a segment that are searched, flat (see ``layout``).

    ``offsets`` point into ``ids`` and ``nexts`` of all bands; the last one ends the last list.
    """

    words: NDArray[np.uint64]
    offsets: NDArray[np.uint32]
    ids: NDArray[np.uint32]
    nexts: NDArray[np.uint16]


class Band(NamedTuple):
    """One band: where each list begins, the entries, what their next band holds."""

    offsets: NDArray[np.uint32]
    ids: NDArray[np.uint32]
    nexts: NDArray[np.uint16]


def each_band(words: Words) -> Iterator[Band]:
    """The sixteen bands of (N, 4) words, one after the other: all of them at once are large."""
    parts, bits = words.view(np.uint16), list_bits(len(words))
    own = np.ascontiguousarray(parts[:, 0])
    for band in range(BANDS):
        following = np.ascontiguousarray(parts[:, (band + 1) % BANDS])
        order = np.argsort(own, kind="stable")
        lengths = np.bincount(own >> (BAND_BITS - bits), minlength=1 << bits)
        offsets = band * len(words) + np.cumsum(lengths) - lengths
        yield Band(offsets.astype(np.uint32), order.astype(np.uint32), following[order])
        own = following


def bands_of(words: Words) -> Bands:
    """All bands of a few words, in memory, as they lie in a file."""
    offsets, ids, nexts = map(np.concatenate, zip(*each_band(words), strict=True))
    offsets = np.append(offsets, np.uint32(len(ids)))
    return Bands(words.reshape(-1), offsets, ids, np.append(nexts, np.zeros(AT_ONCE, np.uint16)))
