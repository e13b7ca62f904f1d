# ruff: noqa: PLR0917 - compiled loops take what they need one by one
"""Searching with compiled loops (numba): the same answers, sooner. See ``kernels_numpy``.

Loaded only where ``kernels`` decides to, never by a request: compiling takes seconds once, and
loading what was compiled half a second in each process. All of it is one file, because numba uses
what it compiled before for as long as this file is the same.

A search of a million hashes waits for memory, not for the processor. So everything that will be
needed is touched in loops without a branch, as many lines of memory under way at once as the
processor can hold, and only then looked at; and what passes in a list is found by comparing 32
entries at once, since a branch for each would be guessed wrong. The fewer instructions such a loop
has, the more lines are under way: so numbers that arrays are asked by have no sign there (numba
would look for negative ones), and each loop does one thing.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import carray, int64, types, uint16, uint32, uint64
from numba.extending import intrinsic

from tipline.insight.matching.hashes import HASH_BYTES
from tipline.insight.matching.index.bands import Bands
from tipline.insight.matching.index.kernels_numpy import NOTHING, Found, Questions
from tipline.insight.matching.index.layout import AT_ONCE, SHUFFLE, WORDS, Words

#: What a thread works in: where lists begin and end (at most 17 for each band) and what passes in
#: them, the words of the question, what passed and its rows; then answers, in three columns.
_LISTS = 272
_PASSED = 512
_ENDS = _LISTS
_PASSING = 2 * _LISTS
_WORDS = 3 * _LISTS
_PASS = _WORDS + WORDS
_ROWS = _PASS + _PASSED + AT_ONCE
_MORE = _ENDS
_ANSWERS = _ROWS + _PASSED + AT_ONCE
_ROOM = _ANSWERS + 3 * 256


def _count_bits(_typing: Any, number: Any) -> Any:
    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return number(number), build


def _lowest_bit(_typing: Any, number: Any) -> Any:
    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return number(number), build


def _which_pass(
    _typing: Any, nexts: Any, _place: Any, _following: Any, _allowed: Any, _least: Any
) -> Any:
    """A bit for each of the 32 entries from a place on: set where few enough bits differ.

    ``least``: what the difference is at least, as a number; so the quarter that a table leaves
    out must differ where another table leaves out as much and more.
    """

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, place, following, allowed, least = arguments
        lanes = ir.VectorType(ir.IntType(16), AT_ONCE)
        data = context.make_array(signature.args[0])(context, builder, array).data
        entries = builder.load(builder.bitcast(builder.gep(data, [place]), lanes.as_pointer()))
        entries.align = 2
        difference = builder.xor(entries, _spread(builder, following, lanes))
        count = builder.call(_declared(builder.module, "llvm.ctpop.v32i16", lanes), [difference])
        few = builder.icmp_unsigned("<=", count, _spread(builder, allowed, lanes))
        enough = builder.icmp_unsigned(">=", difference, _spread(builder, least, lanes))
        return builder.bitcast(builder.and_(few, enough), ir.IntType(AT_ONCE))

    return types.uint32(nexts, types.int64, types.uint16, types.uint16, types.uint16), build


def _word_of(_typing: Any, values: Any, _start: Any, word: Any) -> Any:
    """One of the four words of a hash of 32 bytes, its bits in the order of the segments."""
    if not isinstance(word, types.IntegerLiteral):
        return None

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        lanes = ir.VectorType(ir.IntType(8), HASH_BYTES)
        place = builder.bitcast(builder.gep(data, [arguments[1]]), lanes.as_pointer())
        value = builder.load(place)
        value.align = 1
        # Bits are numbered from the high one of each byte, in a hash and in the bytes of a word.
        wanted = [64 * word.literal_value + (bit & 56) + 7 - (bit & 7) for bit in range(64)]
        bits = [int(bit) for bit in SHUFFLE[wanted]]
        spread = _constant([bit >> 3 for bit in bits], 32)
        bytes_of = builder.shuffle_vector(value, ir.Constant(lanes, ir.Undefined), spread)
        masked = builder.and_(bytes_of, _constant([1 << (7 - (bit & 7)) for bit in bits], 8))
        is_set = builder.icmp_unsigned("!=", masked, ir.Constant(masked.type, None))
        return builder.bitcast(is_set, ir.IntType(64))

    return types.uint64(values, types.int64, word), build


def _pointer(_typing: Any, _address: Any) -> Any:
    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())

    return types.voidptr(types.int64), build


def _constant(numbers: Sequence[int], width: int) -> Any:
    kind = ir.IntType(width)
    values = [ir.Constant(kind, number) for number in numbers]
    return ir.Constant(ir.VectorType(kind, len(values)), values)


def _declared(module: Any, name: str, kind: Any) -> Any:
    return module.globals.get(name) or ir.Function(module, ir.FunctionType(kind, [kind]), name)


def _spread(builder: Any, value: Any, lanes: Any) -> Any:
    """The same value in every lane."""
    nothing = ir.Constant(lanes, ir.Undefined)
    first = builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), lanes.count), None)
    return builder.shuffle_vector(first, nothing, zeros)


def _shuffle(values: Any, start: Any, words: Any) -> None:
    """The words of a hash, its bits in the order of the segments."""
    words[0] = word_of(values, start, 0)
    words[1] = word_of(values, start, 1)
    words[2] = word_of(values, start, 2)
    words[3] = word_of(values, start, 3)


def _band_of(words: Any, start: Any, band: Any) -> Any:
    band &= 15
    return int64((words[start + (band >> 2)] >> uint64((band & 3) * 16)) & uint64(0xFFFF))


def _differing(words: Any, start: Any, wanted: Any) -> Any:
    found = int64(0)
    for word in range(4):
        found += int64(bits(words[start + word] ^ wanted[word]))
    return found


def _first_table(words: Any, start: Any, wanted: Any, quarters: Any, radius: Any) -> Any:
    """The first table that finds the entry by the rule; from no other it is told."""
    one, two, three = radius // 16, 2 * radius // 16, 3 * radius // 16
    for band in range(16):
        own = band_of(words, start, band) ^ band_of(wanted, 0, band)
        if bits(own) <= one:
            following = band_of(words, start, band + 1) ^ band_of(wanted, 0, band + 1)
            after = band_of(words, start, band + 2) ^ band_of(wanted, 0, band + 2)
            differ = bits(own) + bits(following)
            if differ <= two and differ + bits(after) <= three:
                left_out = int64(lowest_bit(own)) >> 2 if own and quarters > 1 else int64(0)
                return band * quarters + left_out
    return int64(-1)


def _turned_to(own: Any, quarter: Any) -> Any:
    """As ``bands.turned_to``."""
    return ((own >> (4 * quarter)) | (own << (16 - 4 * quarter))) & 0xFFFF


def _fill_lists(offsets: Any, nexts: Any, wanted: Any, listed: Any, radius: Any, room: Any) -> Any:
    """The lists of a question, where each begins and ends and what passes in it; how many."""
    near, two, number = radius >= 16, 2 * radius // 16, uint64(0)
    each = uint64(listed + 1 if near else 1)
    for band in range(16):
        own = (band_of(wanted, 0, band) >> (16 - listed)) + (int64(band) << listed)
        passing = band_of(wanted, 0, band + 1) | two << 16
        room[number], room[_PASSING + number] = own, passing
        for flip in range(uint64(1), each):
            room[number + flip] = own ^ (int64(1) << flip >> 1)
            room[_PASSING + number + flip] = passing - (1 << 16)
        number += each
    for one in range(number):
        place = uint64(room[one])
        room[one], room[_ENDS + one] = offsets[place], offsets[place + uint64(1)]
    touched = int64(0)
    for one in range(number):
        place = uint64(room[one])
        touched += int64(nexts[place]) + int64(nexts[place + uint64(31)])
    room[_ROWS] = touched  # what is read for nothing else may not be left out
    return number


def _keep(
    words: Any, ids: Any, radius: Any, wanted: Any, room: Any, count: Any, question: Any, found: Any
) -> Any:
    """Look at the hashes of what passed and tell of those within the radius."""
    entries, touched = len(words) // 4, int64(0)
    passed, rows = room[_PASS:_ROWS], room[_ROWS:_ANSWERS]
    for number in range(uint64(count)):
        rows[number] = ids[uint64(passed[number])]
    for number in range(uint64(count)):
        touched += int64(words[uint64(4 * rows[number])])
    for number in range(uint64(count)):
        start = 4 * rows[number]
        distance = differing(words, start, wanted)
        if distance <= radius:
            table = passed[number] // entries
            if first_table(words, start, wanted, 1, radius) == table:
                found = tell(room, found, question, rows[number], distance)
    passed[0] = touched  # as above
    return found


def _fill_lines(starts: Any, nexts: Any, wanted: Any, listed: Any, each: Any, room: Any) -> Any:
    """The lines that a question looks into, and what passes in them; how many."""
    number, touched = uint64(0), int64(0)
    for band in range(16):
        own, following = band_of(wanted, 0, band), band_of(wanted, 0, band + 1) & 0xFFF
        for quarter in range(each):
            turned = turned_to(own, quarter)
            line = int64(starts[uint64(4 * band + quarter)]) + (turned >> (16 - listed))
            room[number] = 32 * line
            room[_PASSING + number] = (turned & 15) << 12 | following
            number += uint64(1)
    for one in range(number):
        touched += int64(nexts[uint64(room[one])])
    room[_ROWS] = touched  # what is read for nothing else may not be left out
    return number


def _look_into(
    nexts: Any, place: Any, passing: Any, two: Any, quarter: Any, number: Any, room: Any, count: Any
) -> Any:
    """Write down what passes in a line, by the number of its list; how many there are now.

    An entry whose band is the same lies in all four tables, and passes in the first only.
    """
    least = uint16(0x1000) if quarter else uint16(0)
    passed = which_pass(nexts, place, uint16(passing), uint16(two), least) & uint32(0x7FFFFFFF)
    while passed:
        room[_PASS + count] = int64(number) << 40 | (place + int64(lowest_bit(passed)))
        passed &= passed - uint32(1)
        count += 1
    return count


def _keep_of_lines(
    where: Any,
    words: Any,
    ids: Any,
    nexts: Any,
    radius: Any,
    each: Any,
    wanted: Any,
    room: Any,
    count: Any,
    question: Any,
    found: Any,
) -> Any:
    """Of what passed, look at the hashes of what is near by the bits that stand with it as well."""
    entries, three = where[4], 3 * radius // 16
    rows = room[_ROWS:_ANSWERS]
    for one in range(uint64(count)):
        rows[one] = ids[uint64(room[_PASS + one] & 0xFFFFFFFFFF)]
    for one in range(uint64(count)):
        number, place = room[_PASS + one] >> 40, uint64(room[_PASS + one] & 0xFFFFFFFFFF)
        table = number if each == 4 else 4 * number
        band = table >> 2
        farther = band_of(wanted, 0, band + 1) >> 12 | (band_of(wanted, 0, band + 2) & 0x7FF) << 4
        near = int64(nexts[place]) ^ room[_PASSING + number] | ((rows[one] >> 17) ^ farther) << 16
        row = rows[one] & 0x1FFFF
        if bits(near) <= three and row < entries:
            distance = differing(words, 4 * row, wanted)
            if distance > radius:
                continue
            if first_table(words, 4 * row, wanted, 4, radius) == table:
                found = tell(room, found, question, row, distance)
    return found


def _tell(room: Any, found: Any, question: Any, place: Any, distance: Any) -> Any:
    """One answer more, written where there is room for it."""
    most = (len(room) - _ANSWERS) // 3
    if found < most:
        room[_ANSWERS + found] = question
        room[_ANSWERS + most + found] = place
        room[_ANSWERS + 2 * most + found] = distance
    return found + 1


def _ring(values: Any, where: Any, room: Any, radius: Any) -> Any:
    """How many are near; the first of them are written as far as there is room.

    ``values``: bytes of all questions. ``where``: of ``bands.Bands``, of a large segment.
    """
    entries, listed = where[4], where[6]
    held = 16 * entries
    words = carray(pointer(where[0]), 4 * entries, np.uint64)
    offsets = carray(pointer(where[1]), (16 << listed) + 1, np.uint32)
    ids = carray(pointer(where[2]), held, np.uint32)
    nexts = carray(pointer(where[3]), held + AT_ONCE, np.uint16)
    wanted = room[_WORDS:_PASS].view(np.uint64)
    found = int64(0)
    for question in range(len(values) // 32):
        shuffle(values, 32 * question, wanted)
        count = int64(0)
        for one in range(fill_lists(offsets, nexts, wanted, listed, radius, room)):
            end, told = room[_ENDS + one], room[_PASSING + one]
            following, allowed = uint16(told), uint16(told >> 16)
            for place in range(room[one], end, AT_ONCE):
                passing = which_pass(nexts, place, following, allowed, uint16(0))
                if end - place < AT_ONCE:
                    passing &= uint32((int64(1) << (end - place)) - 1)
                while passing:
                    room[_PASS + count] = place + int64(lowest_bit(passing))
                    passing &= passing - uint32(1)
                    count += 1
                if count >= _PASSED:
                    found = keep(words, ids, radius, wanted, room, count, question, found)
                    count = int64(0)
        found = keep(words, ids, radius, wanted, room, count, question, found)
    return found


def _ring_of_lines(values: Any, where: Any, room: Any, radius: Any) -> Any:
    """The same for a small segment, whose lists are in lines."""
    words = carray(pointer(where[0]), 4 * where[4], np.uint64)
    starts = carray(pointer(where[1]), 65, np.uint32)
    held = 32 * int64(starts[64])
    ids = carray(pointer(where[2]), held, np.uint32)
    nexts = carray(pointer(where[3]), held, np.uint16)
    wanted = room[_WORDS:_PASS].view(np.uint64)
    found, each, two = int64(0), int64(4 if radius >= 16 else 1), 2 * radius // 16
    for question in range(len(values) // 32):
        shuffle(values, 32 * question, wanted)
        lists = fill_lines(starts, nexts, wanted, where[6], each, room)
        count, more = int64(0), uint64(0)
        for one in range(lists):
            place, quarter = room[one], one & uint64(each - 1)
            count = look_into(nexts, place, room[_PASSING + one], two, quarter, one, room, count)
            room[_MORE + more] = one
            more += uint64(nexts[uint64(place + 31)] > 0)
            if count >= _PASSED:
                found = keep_of_lines(
                    where, words, ids, nexts, radius, each, wanted, room, count, question, found
                )
                count = int64(0)
        for other in range(more):
            one = room[_MORE + other]
            start = int64(starts[uint64(one if each == 4 else 4 * one)])
            link = int64(nexts[uint64(room[one] + 31)])
            while link:
                place, quarter = 32 * (start + link), one & (each - 1)
                count = look_into(
                    nexts, place, room[_PASSING + one], two, quarter, one, room, count
                )
                link = int64(nexts[uint64(place + 31)])
                if count >= _PASSED:
                    found = keep_of_lines(
                        where, words, ids, nexts, radius, each, wanted, room, count, question, found
                    )
                    count = int64(0)
        found = keep_of_lines(
            where, words, ids, nexts, radius, each, wanted, room, count, question, found
        )
    return found


def _scan(values: Any, columns: Any, size: Any, room: Any, radius: Any) -> Any:
    """The same over the first of all columns."""
    found, wanted = int64(0), room[_WORDS:_PASS].view(np.uint64)
    for question in range(len(values) // 32):
        shuffle(values, 32 * question, wanted)
        for place in range(size):
            distance = int64(bits(columns[0, place] ^ wanted[0]))
            distance += int64(bits(columns[1, place] ^ wanted[1]))
            if distance > radius:
                continue
            distance += int64(bits(columns[2, place] ^ wanted[2]))
            distance += int64(bits(columns[3, place] ^ wanted[3]))
            if distance <= radius:
                found = tell(room, found, question, place, distance)
    return found


_VALUES = types.Bytes(types.uint8, 1, "C", readonly=True)
_NUMBERS = types.int64[::1]
_RING = types.int64(_VALUES, _NUMBERS, _NUMBERS, types.int64)
_SCAN = types.int64(_VALUES, types.uint64[:, ::1], types.int64, _NUMBERS, types.int64)

bits, lowest_bit, which_pass = map(intrinsic, (_count_bits, _lowest_bit, _which_pass))
word_of, pointer = intrinsic(_word_of), intrinsic(_pointer)
shuffle, band_of, differing, tell = map(numba.njit, (_shuffle, _band_of, _differing, _tell))
first_table, turned_to = map(numba.njit, (_first_table, _turned_to))
fill_lists, keep = map(numba.njit, (_fill_lists, _keep))
fill_lines, look_into = map(numba.njit, (_fill_lines, _look_into))
keep_of_lines = numba.njit(_keep_of_lines)


def _entry(dispatcher: Any) -> Any:
    """The compiled function itself: it has one signature, and to look that up takes a while."""
    [only] = dispatcher.overloads.values()
    return only.entry_point


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
            self._ring = _entry(numba.njit(_RING, **how)(_ring))
            self._ring_of_lines = _entry(numba.njit(_RING, **how)(_ring_of_lines))
            self._scan = _entry(numba.njit(_SCAN, **how)(_scan))
        finally:
            numba.config.CACHE_DIR = before

    def questions(self, values: bytes) -> Questions:
        """As they are: the loops shuffle them themselves, in less time than a call takes."""
        return values

    def ring(self, bands: Bands, wanted: Questions, radius: int) -> Found:
        search = self._ring_of_lines if bands.shape.in_lines else self._ring
        return self._told(search, (wanted, bands.where), radius)

    def scan(self, columns: Words, size: int, wanted: Questions, radius: int) -> Found:
        return self._told(self._scan, (wanted, columns, size), radius)

    def _told(self, search: Any, asked: tuple[Any, ...], radius: int) -> Found:
        """What a loop finds, with as much room as it takes."""
        try:
            room = self._of_thread.room
        except AttributeError:
            room = self._of_thread.room = np.zeros(_ROOM, np.int64)
        found: int = search(*asked, room, radius)
        if found == 0:
            return NOTHING
        if found > (_ROOM - _ANSWERS) // 3:
            room = np.zeros(_ANSWERS + 3 * found, np.int64)
            search(*asked, room, radius)
        answers = room[_ANSWERS:].reshape(3, -1)[:, :found].copy()
        return Found(*answers)
