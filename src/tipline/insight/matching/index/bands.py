"""The lists of a segment: for each band of 16 bits, the entries by their value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.index.layout import BANDS, VALUES, Words


class Bands(NamedTuple):
    """The arrays of a segment that are searched, flat (see ``layout``)."""

    words: NDArray[np.uint64]
    offsets: NDArray[np.uint32]
    ids: NDArray[np.uint32]
    nexts: NDArray[np.uint16]


class Band(NamedTuple):
    """One band's lists: where each value's begins, the entries, what their next band holds."""

    offsets: NDArray[np.uint32]
    ids: NDArray[np.uint32]
    nexts: NDArray[np.uint16]


def each_band(words: Words) -> Iterator[Band]:
    """The sixteen bands of (N, 4) words, one after the other: all of them at once are large."""
    parts = words.view(np.uint16)
    own = np.ascontiguousarray(parts[:, 0])
    for band in range(BANDS):
        following = np.ascontiguousarray(parts[:, (band + 1) % BANDS])
        order = np.argsort(own, kind="stable")
        offsets = np.zeros(VALUES + 1, np.uint32)
        np.cumsum(np.bincount(own, minlength=VALUES), out=offsets[1:])
        yield Band(offsets, order.astype(np.uint32), following[order])
        own = following


def bands_of(words: Words) -> Bands:
    """All bands of a few words, in memory."""
    offsets, ids, nexts = map(np.concatenate, zip(*each_band(words), strict=True))
    return Bands(words.reshape(-1), offsets, ids, nexts)
