"""How a segment lies on the disk: a header that says what is where, then plain arrays.

======== ============ =============================================================
array    of           holds
======== ============ =============================================================
words    (N, 4) u64   the hashes in the order of their keys, their bits shuffled
bases    i64          the key of every 256th entry
steps    (N,) u2/4/8  what each key is above the base of its 256
offsets  (T, L) u32   per table where each of its L lists begins; where the last one ends
ids      (T, N) u32   per table the entries, list by list
nexts    (T, N) u16   beside each id 16 bits that its list does not tell; 32 zeros
======== ============ =============================================================

in a large segment, and in a small one the last three are

======== ============ =============================================================
offsets  (T,) u32     the first line of each table; behind the last line of all
ids      (M, 32) u32  per line its entries, and above their 17 bits 15 more bits
nexts    (M, 32) u16  beside each id 16 bits; at the end where the list goes on
======== ============ =============================================================

A large segment has one table for each of the 16 bands. A list holds the entries whose band begins
with the same bits, all 16 or a few fewer; beside each stand the 16 bits of the band after, in a
circle. Who looks for one bit of difference looks into 17 lists of each table.

A small segment has four tables for each band, and each leaves out another quarter of the band's
bits. So one bit of difference is within what some table leaves out, and one list of each table is
enough: 64 places in memory instead of 272. Beside each entry stand the quarter that was left out
and the 12 lower bits of the band after; with its number the 4 other bits of that band and the 11
lower bits of the band after it.

Its lists have a line of the processor's cache each, where they are looked for without asking: the
first line of a table is that of list 0. A line holds up to 31 entries, and last which line of the
table goes on with the list, 0 for none. Places that are empty hold an entry that does not exist.

Little-endian, each array at a multiple of 64. Near-equal pictures, and flat ones, share runs of
bits: one fixed shuffle spreads them over all bands, so that no list gets long.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

BITS = 256
WORDS = 4
BANDS = 16
BAND_BITS = 16
#: Hashes within so many bits are found by the bands: one band of 16 has at most one of them.
FARTHEST = 31
PER_BASE = 256
#: So many entries of a list are compared at once: as many must be there behind the last one.
AT_ONCE = 32
#: Entries of a line: the last place tells where the list goes on.
OF_LINE = AT_ONCE - 1
#: With the number of an entry of a small segment stand so many bits of the bands after.
ID_BITS, FARTHER_BITS = 17, 15
#: The number of no entry: it stands where a line is empty.
NOBODY = (1 << ID_BITS) - 1
#: A segment of at most so many entries is a small one.
SMALL = NOBODY
QUARTERS, QUARTER_BITS = 4, 4
#: A list has so many entries, on average: at least in a large segment, at most in a small one,
#: so that few lists need a second line.
LIST, LIST_OF_SMALL = 2, 26

MAGIC = b"TIPLNEAR"
#: Of the list of segments, and of the segments of each kind: who makes a kind otherwise counts on.
FORMAT, FORMAT_OF_LARGE, FORMAT_OF_SMALL = 2, 2, 3
HEADER = 4096
_ALIGNED = 64
_DIGEST = 32
_FRAME = struct.Struct("<8sI")

Words = NDArray[np.uint64]


def _fixed_shuffle() -> NDArray[np.intp]:
    """Which bit goes where, in the order of the SHA-256 of its number: random, and for ever."""
    order = sorted(range(BITS), key=lambda bit: hashlib.sha256(b"bit %d" % bit).digest())
    return np.array(order, np.intp)


SHUFFLE = _fixed_shuffle()


def shuffled(values: bytes) -> Words:
    """(N, 4) words of N hashes of 32 bytes each, every one with its bits in the fixed order.

    Distances are what they were.
    """
    bits = np.unpackbits(np.frombuffer(values, np.uint8)).reshape(-1, BITS)
    return np.packbits(bits.take(SHUFFLE, 1), axis=1).view(np.uint64)


@dataclass(frozen=True, slots=True)
class Part:
    """An array: where it begins in the file, how its items look, how many there are."""

    start: int
    kind: str
    items: int

    @property
    def size(self) -> int:
        return self.items * np.dtype(self.kind).itemsize


class Shape(NamedTuple):
    """``quarters``: tables for each band, 1 or 4. ``bits``: by so many bits they list."""

    quarters: int
    bits: int

    @property
    def tables(self) -> int:
        return BANDS * self.quarters

    @property
    def in_lines(self) -> bool:
        """Whether each list has its line, as in a small segment."""
        return self.quarters > 1


def shape_of(count: int) -> Shape:
    """How a segment with so many entries lists them."""
    if count <= SMALL:
        most = BAND_BITS - QUARTER_BITS
        return Shape(QUARTERS, min(most, ((count - 1) // LIST_OF_SMALL).bit_length()))
    return Shape(1, min(BAND_BITS, (count // LIST).bit_length() - 1))


def parts_of(count: int, step: str, lines: int = 0) -> dict[str, Part]:
    """The arrays of a segment with ``count`` entries, whose steps are of the kind ``step``.

    ``lines``: how many a small one has.
    """
    shape = shape_of(count)
    lists = shape.tables if shape.in_lines else shape.tables << shape.bits
    listed = lines * AT_ONCE if shape.in_lines else shape.tables * count
    wanted = {
        "words": ("<u8", count * WORDS),
        "bases": ("<i8", -(-count // PER_BASE)),
        "steps": (step, count),
        "offsets": ("<u4", lists + 1),
        "ids": ("<u4", listed),
        "nexts": ("<u2", listed if shape.in_lines else listed + AT_ONCE),
    }
    parts, start = dict[str, Part](), HEADER
    for name, (kind, items) in wanted.items():
        parts[name] = Part(start, kind, items)
        start += -(-parts[name].size // _ALIGNED) * _ALIGNED
    return parts


def size_of(parts: Mapping[str, Part]) -> int:
    """How long the file is."""
    last = parts["nexts"]
    return last.start + -(-last.size // _ALIGNED) * _ALIGNED


class Damaged(Exception):  # noqa: N818 - what a file is, in the words of whoever reads it
    """A file is not what was written. It is left aside, and made again from the database."""


def header_of(told: Mapping[str, Any]) -> bytes:
    """The first 4,096 bytes: magic, length, JSON with its own digest, zeros."""
    said = {"format": _format_of(told["count"]), "shuffle": bytes(SHUFFLE.tolist()).hex()}
    text = json.dumps({**told, **said}).encode()
    head = _FRAME.pack(MAGIC, len(text)) + text
    return (head + hashlib.sha256(head).digest()).ljust(HEADER, b"\0")


def told_by(header: bytes) -> dict[str, Any]:
    """What a header says. Raises :class:`Damaged` when one byte of it is not as written."""
    if len(header) != HEADER or not header.startswith(MAGIC):
        raise Damaged("This is no segment of the index.")
    _magic, length = _FRAME.unpack_from(header)
    end = _FRAME.size + length
    digest = hashlib.sha256(header[:end]).digest()
    if end + _DIGEST > HEADER or header[end:] != digest.ljust(HEADER - end, b"\0"):
        raise Damaged("The header was changed.")
    told: dict[str, Any] = json.loads(header[_FRAME.size : end])
    shuffle = bytes(SHUFFLE.tolist()).hex()
    if told["format"] != _format_of(told["count"]) or told["shuffle"] != shuffle:
        raise Damaged("The segment has another format than this version writes.")
    return told


def _format_of(count: int) -> int:
    return FORMAT_OF_SMALL if shape_of(count).in_lines else FORMAT_OF_LARGE
