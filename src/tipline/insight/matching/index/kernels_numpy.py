"""Searching with numpy alone: what always works, and what others must agree with.

The rule of the ring. Thirty-one differing bits over sixteen bands: somewhere on the circle
begins a stretch in which every prefix has at most its share, so at most one bit in its first
band and three in its first two (Qin and Xiao, "Pigeonring", VLDB 2018; the first half alone is
Norouzi, Punjani and Fleet, "Fast exact search in Hamming space", 2014). So the lists of a
band's value and of its neighbours hold everything, and of what they hold only that has to be
fetched whose next band, kept beside it, is near as well.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.index.bands import Bands
from tipline.insight.matching.index.beside import Parts, beside, turned_to
from tipline.insight.matching.index.layout import (
    AT_ONCE,
    BAND_BITS,
    BANDS,
    NOBODY,
    OF_LINE,
    WORDS,
    Words,
    shuffled,
)

#: Q hashes in the form that a kernel wants: (Q, 4) shuffled words, or their 32 bytes each.
Questions = Any
Rows = NDArray[np.uint32]
Numbers = NDArray[np.int64]


class Found(NamedTuple):
    """Which question, where, how many bits away: three columns of equal length."""

    asked: NDArray[np.int64]
    places: NDArray[np.int64]
    distances: NDArray[np.int64]


NOTHING = Found(*np.zeros((3, 0), np.int64))


class Kernel(Protocol):
    """Both ways to search, for several questions at once; answers come in any order."""

    name: str

    def questions(self, values: bytes) -> Questions:
        """Hashes of 32 bytes, one behind the other, as this kernel's searches want them."""

    def ring(self, bands: Bands, wanted: Questions, radius: int) -> Found:
        """Entries of a segment within ``radius``, at most 31; each once."""

    def scan(self, columns: Words, size: int, wanted: Questions, radius: int) -> Found:
        """Those of the first ``size`` of (4, N) columns that are within any ``radius``."""


#: So many rows or candidates at once: what is made on the way stays in the processor's cache.
_ROWS = 1 << 15
_FLIPS = np.array([0, *(1 << bit for bit in range(BAND_BITS))], np.int64)
_NUMBERS = np.arange(BANDS)
_NEXT = np.roll(_NUMBERS, -1)
_ID = np.uint32(NOBODY)


class NumpyKernel:
    """A :class:`Kernel` of whole-array steps."""

    name = "numpy"

    def questions(self, values: bytes) -> Questions:
        return shuffled(values)

    def ring(self, bands: Bands, wanted: Questions, radius: int) -> Found:
        passing = _passing_in_lines if bands.shape.in_lines else _passing
        asked, rows = passing(bands, wanted.view(np.uint16), radius)
        differing = bands.words.reshape(-1, WORDS).take(rows, 0)
        differing ^= wanted.take(asked, 0) if len(wanted) > 1 else wanted
        distances = np.add.reduce(np.bitwise_count(differing), 1, np.int64)
        (near,) = (distances <= radius).nonzero()
        if not len(near):
            return NOTHING
        asked, distances = asked.take(near), distances.take(near)
        found = rows.take(near).astype(np.int64)
        _, once = np.unique(asked * len(bands.ids) + found, return_index=True)
        return Found(asked[once], found[once], distances[once])

    def scan(self, columns: Words, size: int, wanted: Questions, radius: int) -> Found:
        found = [NOTHING]
        for start in range(0, size, _ROWS):
            block = columns[:, start : min(start + _ROWS, size)]
            for asked, words in enumerate(wanted):
                places, distances = _scanned(block, words, radius)
                if len(places):
                    found.append(Found(np.full(len(places), asked), places + start, distances))
        return Found(*map(np.concatenate, zip(*found, strict=True))) if found[1:] else NOTHING


def _passing(bands: Bands, parts: Parts, radius: int) -> tuple[NDArray[np.int64], Rows]:
    """For (Q, 16) bands: which question, and the entries that its lists let through.

    What is one bit away in its own band is let through with one bit too many in the next: to
    look at a few more costs less than to tell them apart.
    """
    bits = bands.shape.bits
    listed = (parts >> np.uint16(BAND_BITS - bits)).astype(np.int64)
    listed += _NUMBERS << bits
    flips = _FLIPS[: bits + 1 if radius >= BANDS else 1]
    lists = (listed[:, :, None] ^ flips).ravel()
    begin, end = bands.offsets.take(lists), bands.offsets.take(lists + 1)
    lengths = (end - begin).astype(np.int64)
    ends = lengths.cumsum()
    places = (end - ends).repeat(lengths)
    places += np.arange(len(places))
    following = parts.take(_NEXT, 1).ravel().repeat(len(flips)).repeat(lengths)
    following ^= bands.nexts.take(places)
    (passing,) = (np.bitwise_count(following) <= 2 * radius // BANDS).nonzero()
    rows = bands.ids.take(places.take(passing))
    if len(parts) == 1:
        return np.zeros(len(rows), np.int64), rows
    of_list = ends.searchsorted(passing, side="right")
    return of_list // (len(lists) // len(parts)), rows


def _passing_in_lines(bands: Bands, parts: Parts, radius: int) -> tuple[NDArray[np.int64], Rows]:
    """The same for a small segment, whose lists are in lines.

    Where no bit of a band may differ, one of its tables is as good as all.
    """
    shape, quarters = bands.shape, bands.shape.quarters if radius >= BANDS else 1
    starts = bands.starts[:, :quarters]
    turned = turned_to(parts[:, :, None], slice(quarters))
    lines = ((turned >> np.uint16(BAND_BITS - shape.bits)) + starts).ravel()
    wanted = beside(turned, parts.take(_NEXT, 1)[:, :, None], shape).reshape(-1, 1)
    nexts, tables, each = bands.nexts.reshape(-1, AT_ONCE), starts.ravel(), len(lines) // len(parts)
    entries, of_list = nexts.take(lines, 0), None
    (more,) = entries[:, OF_LINE].nonzero()
    if len(more):
        lines, of_list, entries = _with_more(nexts, lines, tables, more, entries)
        wanted = wanted.take(of_list, 0)
    entries ^= wanted
    few = np.bitwise_count(entries) <= 2 * radius // BANDS
    few[:, OF_LINE] = False
    of_line, place = few.nonzero()
    place += lines.take(of_line) * AT_ONCE
    rows = bands.ids.take(place) & _ID
    np.minimum(rows, np.uint32(len(bands.words) // WORDS - 1), out=rows)  # nobody is as far as any
    if len(parts) == 1:
        return np.zeros(len(rows), np.int64), rows
    return (of_line if of_list is None else of_list.take(of_line)) // each, rows


def _with_more(
    nexts: Parts, lines: Numbers, tables: Numbers, more: Numbers, entries: Parts
) -> tuple[Numbers, Numbers, Parts]:
    """Some lines and those that go on with their lists; of which list each is; what is in them."""
    found, of_list, taken = [lines], [np.arange(len(lines))], [entries]
    while len(more):
        links = taken[-1][:, OF_LINE].take(more)
        of_list.append(of_list[-1].take(more))
        found.append(tables.take(of_list[-1], mode="wrap") + links)
        taken.append(nexts.take(found[-1], 0))
        (more,) = taken[-1][:, OF_LINE].nonzero()
    return np.concatenate(found), np.concatenate(of_list), np.concatenate(taken)


def _scanned(
    block: Words, words: Words, radius: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first half of a hash decides about nearly all that do not belong together."""
    half = np.bitwise_count(block[0] ^ words[0])
    half += np.bitwise_count(block[1] ^ words[1])
    (near,) = np.nonzero(half <= radius)
    if not len(near):
        return NOTHING.places, NOTHING.distances
    rest = np.bitwise_count(block[2:, near] ^ words[2:, None]).sum(0, np.int64)
    distances = rest + half[near]
    kept = distances <= radius
    return near[kept], distances[kept]


KERNEL: Kernel = NumpyKernel()
