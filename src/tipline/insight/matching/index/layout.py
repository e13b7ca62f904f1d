"""How a segment lies on the disk: a header that says what is where, then plain arrays.

======== ============ =============================================================
array    of           holds
======== ============ =============================================================
words    (N, 4) u64   the hashes in the order of their keys, their bits shuffled
bases    i64          the key of every 256th entry
steps    (N,) u2/4/8  what each key is above the base of its 256
offsets  (16, L) u32  per band where each of its L lists begins; where the last one ends
ids      (16, N) u32  per band the entries, by their 16 bits
nexts    (16, N) u16  beside each id the 16 bits of the band after, in a circle; 32 zeros
======== ============ =============================================================

A list holds the entries whose band begins with the same bits: all 16 of them in a large segment,
fewer in a small one, so that it has not many more lists than entries.
Little-endian, each array at a multiple of 64. Near-equal pictures, and flat ones, share runs of
bits: one fixed shuffle spreads them over all bands, so that no list gets long.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
#: A list has at least so many entries, on average. Compiled loops like them twice as long, and
#: numpy half as long.
LIST = 4

MAGIC = b"TIPLNEAR"
FORMAT = 1
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
    bits = np.unpackbits(np.frombuffer(values, np.uint8).reshape(-1, BITS // 8), axis=1)
    return np.packbits(bits.take(SHUFFLE, axis=1), axis=1).view("<u8").astype(np.uint64, copy=False)


@dataclass(frozen=True, slots=True)
class Part:
    """An array: where it begins in the file, how its items look, how many there are."""

    start: int
    kind: str
    items: int

    @property
    def size(self) -> int:
        return self.items * np.dtype(self.kind).itemsize


def list_bits(count: int) -> int:
    """By how many bits of a band the entries of a segment are listed."""
    return min(BAND_BITS, max(0, (count // LIST).bit_length() - 1))


def parts_of(count: int, step: str) -> dict[str, Part]:
    """The arrays of a segment with ``count`` entries, whose steps are of the kind ``step``."""
    wanted = {
        "words": ("<u8", count * WORDS),
        "bases": ("<i8", -(-count // PER_BASE)),
        "steps": (step, count),
        "offsets": ("<u4", (BANDS << list_bits(count)) + 1),
        "ids": ("<u4", BANDS * count),
        "nexts": ("<u2", BANDS * count + AT_ONCE),
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
