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

A large segment has one table for each of the 16 bands. A list holds the entries whose band begins
with the same bits, all 16 or a few fewer; beside each stand the 16 bits of the band after, in a
circle. Who looks for one bit of difference looks into 17 lists of each table.

A small segment has four tables for each band, and each leaves out another quarter of the band's
bits. So one bit of difference is within what some table leaves out, and one list of each table is
enough: 64 places in memory instead of 272, for three times the room. Beside each entry stand the
quarter that was left out and the 12 lower bits of the band after.

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
#: A segment of at most so many entries is a small one.
SMALL = 1 << 17
QUARTERS, QUARTER_BITS = 4, 4
#: A list has at least so many entries, on average, in a large segment and in a small one: what is
#: read at once is 32 of them.
LIST, LIST_OF_SMALL = 2, 16

MAGIC = b"TIPLNEAR"
FORMAT = 2
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


def shape_of(count: int) -> Shape:
    """How a segment with so many entries lists them."""
    if count <= SMALL:
        return Shape(QUARTERS, _bits(count // LIST_OF_SMALL, BAND_BITS - QUARTER_BITS))
    return Shape(1, _bits(count // LIST, BAND_BITS))


def _bits(lists: int, most: int) -> int:
    return min(most, max(0, lists.bit_length() - 1))


def parts_of(count: int, step: str) -> dict[str, Part]:
    """The arrays of a segment with ``count`` entries, whose steps are of the kind ``step``."""
    shape = shape_of(count)
    wanted = {
        "words": ("<u8", count * WORDS),
        "bases": ("<i8", -(-count // PER_BASE)),
        "steps": (step, count),
        "offsets": ("<u4", (shape.tables << shape.bits) + 1),
        "ids": ("<u4", shape.tables * count),
        "nexts": ("<u2", shape.tables * count + AT_ONCE),
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
    text = json.dumps({**told, "format": FORMAT, "shuffle": bytes(SHUFFLE.tolist()).hex()}).encode()
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
    if told["format"] != FORMAT or told["shuffle"] != bytes(SHUFFLE.tolist()).hex():
        raise Damaged("The segment has another format than this version writes.")
    return told
