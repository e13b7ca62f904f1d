"""The reference's own 32-bit arithmetic, addition by addition: where rounding decides a bit."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tipline.insight.matching.pdq_sampling import COLOURS, KEPT, Floats, Pixels, centres, window

_BLOCK = 1024


def luma(pixels: Pixels) -> Floats:
    """A luma plane, float32, with the reference library's own rounding.

    Red, green and blue are weighed in 64 bits and rounded once; block by block, so that the
    64-bit values never stand in memory as a whole.
    """
    if pixels.ndim == 2:
        return np.array(pixels, np.float32, order="C")
    plane = np.empty(pixels.shape[:2], np.float32)
    for top in range(0, len(pixels), KEPT):
        block = pixels[top : top + KEPT]
        red, green, blue = COLOURS
        weighed = block[:, :, 0] * red
        weighed += block[:, :, 1] * green
        weighed += block[:, :, 2] * blue
        plane[top : top + KEPT] = weighed
    return plane


def in_order(left: Floats, right: Floats) -> Floats:
    """A matrix product whose terms are added one by one, in 32 bits."""
    total = np.zeros((left.shape[0], right.shape[1]), np.float32)
    for column, row in zip(left.T, right, strict=True):
        total += column[:, None] * row
    return total


def replayed(plane: Floats) -> Floats:
    """The reference's 64 x 64 samples of a luma plane, which is used up.

    Rows, columns, rows, columns; of the last pass only the columns that are kept.
    """
    height, width = plane.shape
    if (height, width) == (KEPT, KEPT):
        return plane
    _box_rows(plane)
    for left in range(0, width, _BLOCK):
        columns = plane[:, left : left + _BLOCK]
        columns[:] = _boxed(np.ascontiguousarray(columns))
    _box_rows(plane)
    return _boxed(plane[:, centres(width)])[centres(height)]


def _box_rows(plane: Floats) -> None:
    for top in range(0, len(plane), _BLOCK):
        rows = plane[top : top + _BLOCK]
        rows[:] = _boxed(np.ascontiguousarray(rows.T)).T


def _boxed(lines: Floats) -> Floats:
    """A running box down the lines: add what enters, take off what leaves, divide."""
    length = len(lines)
    width, ahead = window(length)
    sums = np.empty_like(lines)
    read, written = list(lines), list(sums)
    running = np.zeros_like(lines[0])
    for entering in range(ahead - 1):
        running = running + read[entering]
    for centre in range(length):
        entering, leaving = centre + ahead - 1, centre + ahead - 1 - width
        if entering < length:
            running = np.add(running, read[entering], out=written[centre])
        if leaving >= 0:
            running = np.subtract(running, read[leaving], out=written[centre])
    sums /= _counts(length)
    return sums


@lru_cache(maxsize=128)
def _counts(length: int) -> Floats:
    """How many samples the box holds at each place, as a column."""
    width, ahead = window(length)
    ends = np.arange(length) + ahead
    counts = np.minimum(ends, length) - np.maximum(ends - width, 0)
    return counts.astype(np.float32)[:, None]
