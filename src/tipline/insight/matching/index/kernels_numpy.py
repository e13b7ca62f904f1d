"""Searching with numpy alone: what always works, and what others must agree with.

The rule of the ring. Thirty-one differing bits over sixteen bands: somewhere on the circle
begins a stretch in which every prefix has at most its share, so at most one bit in its first
band and three in its first two (Qin and Xiao, "Pigeonring", VLDB 2018; the first half alone is
Norouzi, Punjani and Fleet, "Fast exact search in Hamming space", 2014). So the lists of a
band's value and of its sixteen neighbours hold everything, and of what they hold only that has
to be fetched whose next band, kept beside it, is near as well.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.index.bands import Bands
from tipline.insight.matching.index.layout import BANDS, VALUES, Words

Found = tuple[NDArray[np.int64], NDArray[np.int64]]


class Kernel(Protocol):
    """Both ways to search. ``wanted``: four shuffled words; places and distances in any order."""

    name: str

    def ring(self, bands: Bands, wanted: Words, radius: int) -> Found:
        """Entries of a segment within ``radius``, at most 31; each once."""

    def scan(self, columns: Words, size: int, wanted: Words, radius: int) -> Found:
        """Those of the first ``size`` of (4, N) columns that are within any ``radius``."""


#: So many rows at once: what is made on the way stays in the processor's cache.
_AT_ONCE = 1 << 15
_FLIPS = np.array([0, *(1 << bit for bit in range(16))], np.uint16)
_TABLES = (np.arange(BANDS, dtype=np.int64) * (VALUES + 1))[:, None]
_NEXT = np.roll(np.arange(BANDS), -1)
_NONE = np.zeros(0, np.int64)


class NumpyKernel:
    """A :class:`Kernel` of whole-array steps."""

    name = "numpy"

    def ring(self, bands: Bands, wanted: Words, radius: int) -> Found:
        places = _survivors(bands, wanted.view(np.uint16), radius)
        if not len(places):
            return _NONE, _NONE
        ids = np.unique(bands.ids[places]).astype(np.int64)
        differing = bands.words.reshape(-1, len(wanted))[ids] ^ wanted
        distances = np.bitwise_count(differing).sum(1, np.int64)
        near = distances <= radius
        return ids[near], distances[near]

    def scan(self, columns: Words, size: int, wanted: Words, radius: int) -> Found:
        """The first half of a hash decides about nearly all that do not belong together."""
        places, distances = list[NDArray[np.int64]](), list[NDArray[np.int64]]()
        for start in range(0, size, _AT_ONCE):
            block = columns[:, start : min(start + _AT_ONCE, size)]
            half = np.bitwise_count(block[0] ^ wanted[0])
            half += np.bitwise_count(block[1] ^ wanted[1])
            (near,) = np.nonzero(half <= radius)
            if len(near):
                rest = np.bitwise_count(block[2:, near] ^ wanted[2:, None]).sum(0, np.int64)
                whole = rest + half[near]
                kept = whole <= radius
                places.append(near[kept] + start)
                distances.append(whole[kept])
        if not places:
            return _NONE, _NONE
        return np.concatenate(places), np.concatenate(distances)


def _survivors(bands: Bands, parts: NDArray[np.uint16], radius: int) -> NDArray[np.int64]:
    """Places in ``ids`` of what passes in two neighbouring bands."""
    flips = _FLIPS if radius >= BANDS else _FLIPS[:1]
    lists = (_TABLES + (parts[:, None] ^ flips)).ravel()
    starts = bands.offsets[lists].astype(np.int64)
    lengths = bands.offsets[lists + 1] - starts
    entries = len(bands.words) // 4
    ends = np.cumsum(lengths)
    starts += np.repeat(np.arange(BANDS) * entries, len(flips)) - (ends - lengths)
    places = np.repeat(starts, lengths) + np.arange(ends[-1])
    nexts = np.repeat(np.repeat(parts[_NEXT], len(flips)), lengths)
    most = np.full(len(flips), 2 * radius // BANDS, np.uint8)
    most[1:] -= 1
    allowed = np.repeat(np.tile(most, BANDS), lengths)
    survive: NDArray[np.int64] = places[np.bitwise_count(bands.nexts[places] ^ nexts) <= allowed]
    return survive


KERNEL: Kernel = NumpyKernel()
