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

# A line of a border is off by at most this on the average, of 255, whatever the first line is
# like; and by at most twice as much as that and a little, so that a dim picture does not go
# with the black bar beside it.
_OFF = 5.0
_LITTLE = 1.5
# And at most this share of it is off by more than a fifth of the range.
_ODD, _FAR = 0.02, 50
# A border ends in an edge: a change of at least this much from one line to the next. A clear
# sky has none; a bar beside the night has none either, but is itself cleaner than any sky.
_EDGE = 4.0
_CLEAN = 0.6
# Lines over which the picture may bleed into its border: a block of colour saved at half size.
_BLED = 16
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
    noise = float(_off(lines[:1], colour).mean())
    most = min(_OFF, 2 * noise + _LITTLE)
    if not _flat(lines[:1], colour, most)[0]:
        return 0
    done, step = 1, 8
    while done < len(lines):
        flat = _flat(lines[done : done + step], colour, most)
        if not flat.all():
            first = done + int(flat.argmin())
            edge = _edge(lines, first, colour)
            return edge or (first if noise <= _CLEAN else 0)
        done, step = done + step, step * 2
    return len(lines)


def _flat(lines: Pixels, colour: Any, most: float) -> NDArray[np.bool_]:
    """Of each line, whether it is all of one colour, as far as saving leaves that."""
    off = _off(lines, colour)
    near: NDArray[np.bool_] = (off.mean(axis=1) <= most) & ((off > _FAR).mean(axis=1) <= _ODD)
    return near


def _edge(lines: Pixels, first: int, colour: Any) -> int:
    """Where the border ends, from the first line that is no border any more; 0 without an edge.

    Blocks of lines hold some of both, so the border may end a little later: at the first change
    that is among the largest.
    """
    steps = np.diff(_off(lines[first - 1 : first + _BLED], colour).mean(axis=1))
    large = steps >= max(_EDGE, steps.max() / 2)
    return first + int(large.argmax()) if large.any() else 0


def _off(lines: Pixels, colour: Any) -> NDArray[np.int16]:
    off: NDArray[np.int16] = np.abs(lines.astype(np.int16) - colour)
    return np.max(off, axis=2) if off.ndim > 2 else off
