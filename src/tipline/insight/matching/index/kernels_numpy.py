"""Searching with numpy alone: what always works."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Found = tuple[NDArray[np.int64], NDArray[np.int64]]

WORDS = 4
#: So many rows at once: what is made on the way stays in the processor's cache.
_AT_ONCE = 1 << 15


def scan(columns: Words, wanted: Words, radius: int) -> Found:
    """Places and distances of all within ``radius``. ``columns``: (4, N), ``wanted``: (4,).

    The first half of a hash decides about nearly all that do not belong together.
    """
    places, distances = list[NDArray[np.int64]](), list[NDArray[np.int64]]()
    for start in range(0, columns.shape[1], _AT_ONCE):
        block = columns[:, start : start + _AT_ONCE]
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
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(places), np.concatenate(distances)
