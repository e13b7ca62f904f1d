"""Where a picture's flat borders end: letterbox bars, frames, the paper around a scan.

A border is a run of rows or columns from the edge inwards in which nearly every value is that
of the edge. Lossy saving blurs it: a few values may be off by a little everywhere, and in the
last eight rows by more, where a block holds some of the picture too. So a line may hold a few
odd values, and what counts is how far the line is off as a whole.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]
#: First and last row (exclusive), first and last column (exclusive).
Box = tuple[int, int, int, int]

# A line of a border is off by at most this on the average, of 255; ringing after JPEG at
# quality 60 stays below, a dim line of a picture is above.
_OFF = 5.0
# And at most this share of it is off by more than a fifth of the range.
_ODD, _FAR = 0.02, 50
# Lines over which colour may bleed.
_BLED = 3
#: A border thinner than this share of the side is not worth a second hash.
LEAST = 0.004
#: What is left must be at least this share of each side.
_LEFT = 0.3


def content_box(pixels: Pixels) -> Box | None:
    """The part within the flat borders; None when there are none, or hardly anything else.

    ``pixels``: uint8, (height, width) or (height, width, 3). Looks at four lines when there is
    no border.
    """
    height, width = pixels.shape[:2]
    top, bottom = _run(pixels), height - _run(pixels[::-1])
    if bottom - top < _LEFT * height:
        return None
    inner = pixels[top:bottom].swapaxes(0, 1)
    left, right = _run(inner), width - _run(inner[::-1])
    if right - left < _LEFT * width:
        return None
    thin = max(top, height - bottom) < LEAST * height and max(left, width - right) < LEAST * width
    return None if thin else (top, bottom, left, right)


def _run(lines: Pixels) -> int:
    """How many lines at the start are border."""
    colour = np.median(lines[0], axis=0).astype(np.int16)
    if not _flat(lines[:1], colour)[0]:
        return 0
    done, step = 1, 8
    while done < len(lines):
        flat = _flat(lines[done : done + step], colour)
        if not flat.all():
            return _edge(lines, done + int(flat.argmin()), colour)
        done, step = done + step, step * 2
    return len(lines)


def _flat(lines: Pixels, colour: Any) -> NDArray[np.bool_]:
    """Of each line, whether it is all of one colour, as far as saving leaves that."""
    off = _off(lines, colour)
    near: NDArray[np.bool_] = (off.mean(axis=1) <= _OFF) & ((off > _FAR).mean(axis=1) <= _ODD)
    return near


def _edge(lines: Pixels, first: int, colour: Any) -> int:
    """Where the border ends, from the first line that is no border any more.

    Colour is saved at half the size and bleeds over the edge by a line or two: the edge is
    where most changes at once.
    """
    off = _off(lines[first - 1 : first + _BLED], colour).mean(axis=1)
    return first + int(np.diff(off).argmax())


def _off(lines: Pixels, colour: Any) -> NDArray[np.int16]:
    off: NDArray[np.int16] = np.abs(lines.astype(np.int16) - colour)
    return np.max(off, axis=2) if off.ndim > 2 else off
