"""Searching with compiled loops (numba): the same answers, sooner. See ``kernels_numpy``.

Loaded only where ``kernels`` decides to, never by a request: compiling takes seconds once, and
loading what was compiled half a second in each process.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import int64, types, uint16, uint64
from numba.extending import intrinsic

from tipline.insight.matching.index.bands import Bands
from tipline.insight.matching.index.kernels_numpy import Found
from tipline.insight.matching.index.layout import Words

_NONE = np.zeros(0, np.int64)
_ROOM = 256
#: So many neighbours of a list are looked at in one step of the processor's.
_STEP = 32


def _count_bits(_typing: Any, number: Any) -> Any:
    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return number(number), build


bits = intrinsic(_count_bits)


def _differing(words: Any, start: Any, wanted: Any) -> Any:
    found = int64(0)
    for word in range(4):
        found += int64(bits(words[start + word] ^ wanted[word]))
    return found


def _of_band(words: Any, start: Any, wanted: Any, band: Any) -> Any:
    """How many of the 16 bits of one band differ."""
    word = band >> 2
    differing = (words[start + word] ^ wanted[word]) >> uint64((band & 3) * 16)
    return int64(bits(differing & uint64(0xFFFF)))


def _is_first(  # noqa: PLR0917 - compiled loops take what they need one by one
    words: Any, start: Any, wanted: Any, band: Any, one: Any, two: Any
) -> Any:
    """Whether no band before this one finds the entry too: so each is told once."""
    for before in range(band):
        flipped = of_band(words, start, wanted, before)
        if flipped <= one and flipped + of_band(words, start, wanted, before + 1) <= two:
            return False
    return True


def _any_near(nexts: Any, place: Any, following: Any, allowed: Any) -> Any:
    """Whether one of the next few passes: without a branch, so that they are compared at once."""
    near = uint16(0)
    for step in range(_STEP):
        near |= uint16(bits(uint16(nexts[place + step] ^ following)) <= allowed)
    return near != 0


def _ring(  # noqa: PLR0917 - as above
    words: Any,
    offsets: Any,
    ids: Any,
    nexts: Any,
    wanted: Any,
    radius: Any,
    places: Any,
    distances: Any,
) -> Any:
    """How many are near; the first of them are written as far as there is room."""
    one, two = radius // 16, 2 * radius // 16
    entries = len(words) // 4
    found = 0
    for band in range(16):
        value = int64((wanted[band >> 2] >> uint64((band & 3) * 16)) & uint64(0xFFFF))
        after = (band + 1) & 15
        following = uint16((wanted[after >> 2] >> uint64((after & 3) * 16)) & uint64(0xFFFF))
        for flip in range(17 if one else 1):
            nearby = value if flip == 0 else value ^ (1 << (flip - 1))
            allowed = two if flip == 0 else two - 1
            place = band * entries + int64(offsets[band * 65537 + nearby])
            end = band * entries + int64(offsets[band * 65537 + nearby + 1])
            while place < end:
                stop = min(place + _STEP, end)
                if stop - place == _STEP and not any_near(nexts, place, following, allowed):
                    place = stop
                    continue
                for one_of in range(place, stop):
                    if bits(uint16(nexts[one_of] ^ following)) <= allowed:
                        start = int64(ids[one_of]) * 4
                        distance = differing(words, start, wanted)
                        if distance <= radius and is_first(words, start, wanted, band, one, two):
                            if found < len(places):
                                places[found] = ids[one_of]
                                distances[found] = distance
                            found += 1
                place = stop
    return found


def _scan(  # noqa: PLR0917 - as above
    columns: Any, size: Any, wanted: Any, radius: Any, places: Any, distances: Any
) -> Any:
    """The same over all columns."""
    found = 0
    for place in range(size):
        distance = int64(bits(columns[0, place] ^ wanted[0]))
        distance += int64(bits(columns[1, place] ^ wanted[1]))
        if distance > radius:
            continue
        distance += int64(bits(columns[2, place] ^ wanted[2]))
        distance += int64(bits(columns[3, place] ^ wanted[3]))
        if distance <= radius:
            if found < len(places):
                places[found] = place
                distances[found] = distance
            found += 1
    return found


def _read_only(kind: Any) -> Any:
    return types.Array(kind, 1, "C", readonly=True)


_QUERY = types.uint64[::1]
_OUT = types.int64[::1]
_RING = types.int64(
    _read_only(types.uint64),
    _read_only(types.uint32),
    _read_only(types.uint32),
    _read_only(types.uint16),
    _QUERY,
    types.int64,
    _OUT,
    _OUT,
)
_SCAN = types.int64(types.uint64[:, ::1], types.int64, _QUERY, types.int64, _OUT, _OUT)

differing = numba.njit(_differing)
of_band = numba.njit(_of_band)
is_first = numba.njit(_is_first)
any_near = numba.njit(_any_near)


class NumbaKernel:
    """A ``Kernel``; made, it is compiled.

    ``folder``: where compiled code is kept and looked for; None to keep none.
    """

    name = "numba"

    def __init__(self, folder: Path | None) -> None:
        before = numba.config.CACHE_DIR
        numba.config.CACHE_DIR = str(folder or before)
        how = {"nogil": True, "error_model": "numpy", "cache": folder is not None}
        try:
            self._ring = numba.njit(_RING, **how)(_ring)
            self._scan = numba.njit(_SCAN, **how)(_scan)
        finally:
            numba.config.CACHE_DIR = before

    def ring(self, bands: Bands, wanted: Words, radius: int) -> Found:
        return _all(self._ring, *bands, wanted, radius)

    def scan(self, columns: Words, size: int, wanted: Words, radius: int) -> Found:
        return _all(self._scan, columns, size, wanted, radius)


def _all(search: Any, *arguments: Any) -> Found:
    """What a loop finds, with as much room as it takes."""
    room = _ROOM
    while True:
        places, distances = np.empty(room, np.int64), np.empty(room, np.int64)
        found: int = search(*arguments, places, distances)
        if found == 0:
            return _NONE, _NONE
        if found <= room:
            return places[:found], distances[:found]
        room = found
