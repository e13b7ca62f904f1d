"""Which segments are written anew together with the tail: a pure rule."""

from __future__ import annotations

from collections.abc import Sequence

#: A tail of so many is worth a file.
LEAST = 4_096
#: While a table is read for the first time, files of so many keep memory small.
PIECE = 500_000
#: Files at most so many times as large as what is joined to them are joined too. So a million
#: entries lie in at most three files, and each is written again a few times in its life.
RATIO = 16


def joined(sizes: Sequence[int], tail: int) -> int:
    """How many of the smallest segments are joined with the tail. ``sizes``: rising."""
    total = tail
    for count, size in enumerate(sizes):
        if size > total * RATIO:
            return count
        total += size
    return len(sizes)
