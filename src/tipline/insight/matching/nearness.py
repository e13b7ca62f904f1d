"""Hashes of 256 bits within a few bits of one: an exact scan, recall 100 %.

Every stored hash is looked at, so nothing is ever missed. :class:`NearIndex` is the shape
of the place where an index takes over that reads less and finds the same.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RADIUS = 31
HASH_BYTES = 32

Hashes = NDArray[np.uint8]
Neighbour = tuple[int, int]

_AT_ONCE = 1 << 16
_LEAST_ROOM = 1024


class NearIndex(Protocol):
    """Hashes under whole-number keys, searched by distance."""

    def add(self, key: int, value: bytes) -> None:
        """Keep a hash of 32 bytes; the next search finds it."""

    def search(self, value: bytes, radius: int = RADIUS) -> list[Neighbour]:
        """(key, distance) of every hash at most ``radius`` bits away, nearest first."""


def within(query: bytes, hashes: Hashes, radius: int = RADIUS) -> list[Neighbour]:
    """(index, distance) of every row of ``hashes`` at most ``radius`` bits from ``query``.

    ``hashes``: uint8 of shape (N, 32). Nearest first, equals by index. Raises ValueError
    when a hash is not 32 bytes long.
    """
    if len(query) != HASH_BYTES or hashes.ndim != 2 or hashes.shape[1] != HASH_BYTES:
        raise ValueError("A hash is 32 bytes long.")
    words = np.ascontiguousarray(hashes).view(np.uint64)
    wanted = np.frombuffer(query, np.uint64)
    found: list[Neighbour] = []
    for start in range(0, len(words), _AT_ONCE):
        differing = words[start : start + _AT_ONCE] ^ wanted
        distances = np.bitwise_count(differing).sum(axis=1, dtype=np.int16)
        near = np.flatnonzero(distances <= radius)
        found += zip((near + start).tolist(), distances[near].tolist(), strict=True)
    return sorted(found, key=lambda neighbour: (neighbour[1], neighbour[0]))


class ScanIndex:
    """A :class:`NearIndex` that scans. Room doubles as it fills; not for several threads."""

    def __init__(self) -> None:
        self._hashes: Hashes = np.zeros((_LEAST_ROOM, HASH_BYTES), np.uint8)
        self._keys: list[int] = []

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: int, value: bytes) -> None:
        """Keep a hash of 32 bytes; a key may stand for several. ValueError for another length."""
        if len(value) != HASH_BYTES:
            raise ValueError("A hash is 32 bytes long.")
        if len(self) == len(self._hashes):
            self._hashes = np.concatenate([self._hashes, np.zeros_like(self._hashes)])
        self._hashes[len(self)] = np.frombuffer(value, np.uint8)
        self._keys.append(key)

    def search(self, value: bytes, radius: int = RADIUS) -> list[Neighbour]:
        """(key, distance) of every hash at most ``radius`` bits away, nearest first."""
        found = within(value, self._hashes[: len(self)], radius)
        return [(self._keys[index], distance) for index, distance in found]
