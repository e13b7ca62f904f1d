# ruff: noqa: PLR0917 - compiled loops take what they need one by one
"""Searching with compiled loops (numba): the same answers, sooner. See ``kernels_numpy``.

Loaded only where ``kernels`` decides to, never by a request: compiling takes seconds once, and
loading what was compiled half a second in each process.

A search of a million hashes waits for memory, not for the processor. So everything that will be
needed is touched in loops without a branch, as many lines of memory under way at once as the
processor can hold, and only then looked at; and what passes in a list is found by comparing 32
entries at once, since a branch for each would be guessed wrong.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import int64, types, uint16, uint32, uint64
from numba.extending import intrinsic

from tipline.insight.matching.index.bands import Bands
from tipline.insight.matching.index.kernels_numpy import NOTHING, Found, Questions
from tipline.insight.matching.index.layout import AT_ONCE, SHUFFLE, Words

_ORDER = SHUFFLE.astype(np.uint8)
_ROOM = 256
#: A query looks into at most 17 lists of each band; so many entries that passed are gathered.
_LISTS = 272
_PASSED = 512


def _count_bits(_typing: Any, number: Any) -> Any:
    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return number(number), build


def _lowest_bit(_typing: Any, number: Any) -> Any:
    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return number(number), build


def _which_pass(_typing: Any, nexts: Any, _place: Any, _following: Any, _allowed: Any) -> Any:
    """A bit for each of the 32 entries from a place on: set where few enough bits differ."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, place, following, allowed = arguments
        lanes = ir.VectorType(ir.IntType(16), AT_ONCE)
        data = context.make_array(signature.args[0])(context, builder, array).data
        entries = builder.load(builder.bitcast(builder.gep(data, [place]), lanes.as_pointer()))
        entries.align = 2
        count = _declared(builder.module, "llvm.ctpop.v32i16", lanes)
        differing = builder.call(count, [builder.xor(entries, _spread(builder, following, lanes))])
        passing = builder.icmp_unsigned("<=", differing, _spread(builder, allowed, lanes))
        return builder.bitcast(passing, ir.IntType(AT_ONCE))

    return types.uint32(nexts, types.int64, types.uint16, types.uint16), build


def _declared(module: Any, name: str, kind: Any) -> Any:
    return module.globals.get(name) or ir.Function(module, ir.FunctionType(kind, [kind]), name)


def _spread(builder: Any, value: Any, lanes: Any) -> Any:
    """The same value in every lane."""
    nothing = ir.Constant(lanes, ir.Undefined)
    first = builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), lanes.count), None)
    return builder.shuffle_vector(first, nothing, zeros)


def _shuffled(values: Any, start: Any) -> Any:
    """The words of a hash of 32 bytes, its bits in the order of the segments."""
    words = np.zeros(4, np.uint64)
    for place in range(256):
        bit = _ORDER[place]
        one = uint64(values[start + (bit >> 3)] >> (7 - (bit & 7)) & 1)
        words[place >> 6] |= one << uint64((place & 56) + 7 - (place & 7))
    return words


def _band_of(words: Any, start: Any, band: Any) -> Any:
    return int64((words[start + (band >> 2)] >> uint64((band & 3) * 16)) & uint64(0xFFFF))


def _differing(words: Any, start: Any, wanted: Any) -> Any:
    found = int64(0)
    for word in range(4):
        found += int64(bits(words[start + word] ^ wanted[word]))
    return found


def _is_first(words: Any, start: Any, wanted: Any, band: Any, radius: Any) -> Any:
    """Whether this band finds the entry by the rule and none before it: so each is told once."""
    one, two = radius // 16, 2 * radius // 16
    for earlier in range(band + 1):
        after = (earlier + 1) & 15
        own = bits(band_of(words, start, earlier) ^ band_of(wanted, 0, earlier))
        if own <= one:
            following = bits(band_of(words, start, after) ^ band_of(wanted, 0, after))
            if own + following <= two:
                return earlier == band
    return False


def _fill_lists(offsets: Any, nexts: Any, wanted: Any, near: Any, starts: Any, ends: Any) -> Any:
    """Where the lists of a query begin and end, and how many each band has."""
    lists = len(offsets) // 16
    listed = 0
    while 2 << listed <= lists:
        listed += 1
    each = listed + 1 if near else 1
    for band in range(16):
        own = band_of(wanted, 0, band) >> (16 - listed)
        for number in range(each):
            flip = 0 if number == 0 else 1 << (number - 1)
            of_list = band * lists + (own ^ flip)
            starts[band * each + number] = offsets[of_list]
            ends[band * each + number] = offsets[of_list + 1]
    touched = int64(0)
    for number in range(16 * each):
        touched += int64(nexts[starts[number]]) + int64(nexts[starts[number] + 31])
    starts[_LISTS] = touched  # what is read for nothing else may not be left out
    return each


def _keep(
    words: Any,
    ids: Any,
    wanted: Any,
    radius: Any,
    passed: Any,
    count: Any,
    question: Any,
    asked: Any,
    places: Any,
    distances: Any,
    found: Any,
) -> Any:
    """Look at the hashes of what passed and tell of those within the radius."""
    entries, touched = len(words) // 4, int64(0)
    rows = np.empty(count, np.int64)
    for number in range(count):
        rows[number] = ids[passed[number]]
    for number in range(count):
        touched += int64(words[4 * rows[number]])
    for number in range(count):
        distance = differing(words, 4 * rows[number], wanted)
        band = passed[number] // entries
        if distance <= radius and is_first(words, 4 * rows[number], wanted, band, radius):
            if found < len(places):
                asked[found] = question
                places[found] = rows[number]
                distances[found] = distance
            found += 1
    passed[0] = touched  # as above
    return found


def _ring(
    words: Any,
    offsets: Any,
    ids: Any,
    nexts: Any,
    values: Any,
    radius: Any,
    asked: Any,
    places: Any,
    distances: Any,
) -> Any:
    """How many are near; the first of them are written as far as there is room."""
    two, found = 2 * radius // 16, 0
    starts, ends = np.empty(_LISTS + 1, np.int64), np.empty(_LISTS, np.int64)
    passed = np.empty(_PASSED + AT_ONCE, np.int64)
    for question in range(len(values) // 32):
        wanted = shuffled(values, 32 * question)
        each = fill_lists(offsets, nexts, wanted, radius >= 16, starts, ends)
        count = 0
        for number in range(16 * each):
            band = number // each
            following = uint16(band_of(wanted, 0, (band + 1) & 15))
            allowed = uint16(two if number == band * each else two - 1)
            for place in range(starts[number], ends[number], AT_ONCE):
                passing = which_pass(nexts, place, following, allowed)
                if ends[number] - place < AT_ONCE:
                    passing &= uint32((int64(1) << (ends[number] - place)) - 1)
                while passing:
                    passed[count] = place + int64(lowest_bit(passing))
                    passing &= passing - uint32(1)
                    count += 1
                if count >= _PASSED:
                    found = keep(
                        words,
                        ids,
                        wanted,
                        radius,
                        passed,
                        count,
                        question,
                        asked,
                        places,
                        distances,
                        found,
                    )
                    count = 0
        found = keep(
            words, ids, wanted, radius, passed, count, question, asked, places, distances, found
        )
    return found


def _scan(
    columns: Any, size: Any, values: Any, radius: Any, asked: Any, places: Any, distances: Any
) -> Any:
    """The same over all columns."""
    found = 0
    for question in range(len(values) // 32):
        wanted = shuffled(values, 32 * question)
        for place in range(size):
            distance = int64(bits(columns[0, place] ^ wanted[0]))
            distance += int64(bits(columns[1, place] ^ wanted[1]))
            if distance > radius:
                continue
            distance += int64(bits(columns[2, place] ^ wanted[2]))
            distance += int64(bits(columns[3, place] ^ wanted[3]))
            if distance <= radius:
                if found < len(places):
                    asked[found] = question
                    places[found] = place
                    distances[found] = distance
                found += 1
    return found


def _read_only(kind: Any) -> Any:
    return types.Array(kind, 1, "C", readonly=True)


_OUT = types.int64[::1]
_QUESTIONS = (_read_only(types.uint8), types.int64, _OUT, _OUT, _OUT)
_RING = types.int64(
    _read_only(types.uint64),
    _read_only(types.uint32),
    _read_only(types.uint32),
    _read_only(types.uint16),
    *_QUESTIONS,
)
_SCAN = types.int64(types.uint64[:, ::1], types.int64, *_QUESTIONS)

bits, lowest_bit, which_pass = map(intrinsic, (_count_bits, _lowest_bit, _which_pass))
shuffled, band_of, differing = map(numba.njit, (_shuffled, _band_of, _differing))
is_first, fill_lists, keep = map(numba.njit, (_is_first, _fill_lists, _keep))


class NumbaKernel:
    """A ``Kernel``; made, it is compiled.

    ``folder``: where compiled code is kept and looked for; None to keep none.
    """

    name = "numba"

    def __init__(self, folder: Path | None) -> None:
        before = numba.config.CACHE_DIR
        numba.config.CACHE_DIR = str(folder or before)
        self._of_thread = threading.local()
        how = {"nogil": True, "error_model": "numpy", "cache": folder is not None}
        try:
            self._ring = numba.njit(_RING, **how)(_ring)
            self._scan = numba.njit(_SCAN, **how)(_scan)
        finally:
            numba.config.CACHE_DIR = before

    def questions(self, values: bytes) -> Questions:
        """As they are: the loops shuffle them themselves, in less time than a call takes."""
        return np.frombuffer(values, np.uint8)

    def ring(self, bands: Bands, wanted: Questions, radius: int) -> Found:
        words, offsets, ids, nexts = bands
        return self._told(self._ring, words, offsets, ids, nexts, wanted, radius)

    def scan(self, columns: Words, size: int, wanted: Questions, radius: int) -> Found:
        return self._told(self._scan, columns, size, wanted, radius)

    def _told(self, search: Any, *arguments: Any) -> Found:
        """What a loop finds, with as much room as it takes."""
        asked, places, distances = self._room(_ROOM)
        found: int = search(*arguments, asked, places, distances)
        if found == 0:
            return NOTHING
        if found > len(places):
            asked, places, distances = np.empty((3, found), np.int64)
            search(*arguments, asked, places, distances)
        return Found(asked[:found].copy(), places[:found].copy(), distances[:found].copy())

    def _room(self, size: int) -> Sequence[Any]:
        """Columns for answers, of this thread alone."""
        room: Sequence[Any] | None = getattr(self._of_thread, "room", None)
        if room is None:
            room = self._of_thread.room = tuple(np.empty((3, size), np.int64))
        return room
