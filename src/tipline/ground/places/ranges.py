"""The vendored address ranges: packed, loaded when first needed, looked up by bisection.

A file holds, xz-compressed, little-endian: the starts of the ranges as differences (4 bytes
each for IPv4; for IPv6 8 bytes, the upper half of the address: a /64 counts as what its
first address is), then one 2-byte place number for each. A range ends where the next one
starts. Place 0 is "not known"; the others index ``places`` in ``manifest.json``, which also
holds counts, digests, the sources and the month of the data. Differences compress to 1.7 MB
where plain starts take 2.4 MB.
"""

from __future__ import annotations

import json
import lzma
import sys
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final

from tipline.ground.places.networks import Address

DATA: Final = Path(__file__).with_name("data")
_CODES: Final = {4: "I", 6: "Q"}
_SHIFTS: Final = {4: 0, 6: 64}


@dataclass(frozen=True, slots=True)
class Ranges:
    """Ascending starts and, for each, a place number."""

    starts: Sequence[int]
    numbers: Sequence[int]

    def number_at(self, point: int) -> int:
        """The place number that holds at a point; 0 before the first start."""
        index = bisect_right(self.starts, point) - 1
        return self.numbers[index] if index >= 0 else 0


def pack(ranges: Ranges, version: int) -> bytes:
    """The bytes of a file: for the maintainers' script and the tests."""
    steps = [ranges.starts[0], *(b - a for a, b in pairwise(ranges.starts))]
    raw = _bytes(array(_CODES[version], steps)) + _bytes(array("H", ranges.numbers))
    return lzma.compress(raw, preset=6 | lzma.PRESET_EXTREME)


def unpack(packed: bytes, version: int, count: int) -> Ranges:
    """Read what :func:`pack` wrote; a damaged file raises LZMAError or ValueError."""
    raw = memoryview(lzma.decompress(packed))
    steps, numbers = array(_CODES[version]), array("H")
    split = count * steps.itemsize
    if len(raw) != split + count * numbers.itemsize:
        raise ValueError("the file does not hold as many ranges as its manifest says")
    steps.frombytes(raw[:split])
    numbers.frombytes(raw[split:])
    if sys.byteorder == "big":
        steps.byteswap()
        numbers.byteswap()
    return Ranges(array(_CODES[version], accumulate(steps)), numbers)


def _bytes(values: array[int]) -> bytes:
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


@cache
def manifest() -> dict[str, Any]:
    """``data/manifest.json``: sources, month, place names, counts and digests."""
    read: dict[str, Any] = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    return read


@cache
def ranges(version: int) -> Ranges:
    """All ranges of IP version 4 or 6. The first call reads the file."""
    name = f"ipv{version}.xz"
    return unpack((DATA / name).read_bytes(), version, manifest()["files"][name]["ranges"])


def point_of(address: Address) -> int:
    """Where an address lies on the axis of its ranges."""
    return int(address) >> _SHIFTS[address.version]


def country_and_state(address: Address) -> tuple[str, str] | None:
    """(ISO country, two-letter US state or "") as the data has it, or None when it has none."""
    number = ranges(address.version).number_at(point_of(address))
    country, _, state = manifest()["places"][number].partition("-")
    return (country, state) if country else None
