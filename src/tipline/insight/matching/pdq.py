"""PDQ: 256 bits that stay nearly the same when a picture is re-encoded or resized.

The hash is that of Meta's published algorithm (the hashing paper and the C++ reference of
the ThreatExchange project), bit for bit as ``pdqhash`` 0.2.8 computes it. The reference
blurs the luma with two passes of a running box each way, keeps 64 x 64 samples, takes 16 x
16 cosine coefficients and asks of each whether it lies above their median.

Blur and sampling are linear and separable, so one narrow band of weights per kept row and
column does the same work without touching the whole picture four times: the matrix route.
It differs from the reference only in rounding. Rounding decides a bit when two coefficients
at the median nearly tie (flat areas, ramps and symmetric drawings mostly do; one photograph
in fifteen comes close enough to be doubted), so a near tie is settled by replaying the
reference's own sequence of 32-bit additions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.hashes import HASH_BYTES, Orientation

# The reference answers zero bits and quality 0 below this (MIN_HASHABLE_DIM).
SMALLEST_SIDE = 5

Pixels = NDArray[Any]
Floats = NDArray[np.float32]
Band = tuple[int, int, Floats]

_KEPT = 64
_SLOTS = 16
_RED, _GREEN, _BLUE = 0.299, 0.587, 0.114
_LUMA = np.array([_RED, _GREEN, _BLUE], np.float32)
# Coefficients closer than this at the median are replayed. Near the median the two routes
# were seen to differ by 0.009 at most on drawings and by 0.0013 on photographs (anywhere: by
# 0.033, on a diagonal ramp of 128 x 128). A tie must be told from twice that.
_TIE = 0.03
# A gradient this close to a whole number (of hundredths of the luma range) may round either
# way; the largest difference seen is 0.0004.
_EDGE = 0.001
# Above this many pixels only the upright hash is replayed: eight replays would take seconds.
_REPLAY_ALL_BELOW = 1_000_000
_BLOCK = 1024


# orientation: (rows reversed, columns reversed, then transposed)
_TURNS = {
    Orientation.UPRIGHT: (False, False, False),
    Orientation.ROTATE_90: (False, True, True),
    Orientation.ROTATE_180: (True, True, False),
    Orientation.ROTATE_270: (True, False, True),
    Orientation.FLIP_X: (True, False, False),
    Orientation.FLIP_Y: (False, True, False),
    Orientation.FLIP_PLUS: (False, False, True),
    Orientation.FLIP_MINUS: (True, True, True),
}


@dataclass(frozen=True, slots=True)
class Pdq:
    """A hash of 32 bytes and its quality, 0 (flat) to 100."""

    hash: bytes
    quality: int

    def hex(self) -> str:
        """64 lower-case digits, as the PDQ reference prints them."""
        return self.hash.hex()


def fingerprint(pixels: Pixels) -> Pdq:
    """The PDQ of a picture as it stands.

    ``pixels``: uint8 of shape (height, width, 3), red green blue; or a luma plane of shape
    (height, width), uint8 or float32, 0 to 255. Never raises for sides of at least 1.
    """
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        return Pdq(bytes(HASH_BYTES), 0)
    plane = _across(_down(pixels, _bands(pixels.shape[0])), _bands(pixels.shape[1]))
    return _settled(plane, partial(_replay, pixels, Orientation.UPRIGHT))


def orientations(pixels: Pixels) -> dict[Orientation, Pdq]:
    """The PDQ of the picture turned each of eight ways, upright first.

    Each equals :func:`fingerprint` of the turned array; only near ties in pictures of more
    than a million pixels are left unsettled for the seven turned ones.
    """
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        return dict.fromkeys(Orientation, Pdq(bytes(HASH_BYTES), 0))
    planes = _four_planes(pixels)
    small = pixels.shape[0] * pixels.shape[1] <= _REPLAY_ALL_BELOW
    found = {}
    for orientation, (rows, columns, transposed) in _TURNS.items():
        plane = planes[rows, columns]
        settle = small or orientation is Orientation.UPRIGHT
        found[orientation] = _settled(
            np.ascontiguousarray(plane.T) if transposed else plane,
            partial(_replay, pixels, orientation) if settle else None,
        )
    return found


def turned(pixels: Pixels, orientation: Orientation) -> Pixels:
    """The pixels turned, as a view."""
    rows, columns, transposed = _TURNS[orientation]
    pixels = pixels[:: -1 if rows else 1, :: -1 if columns else 1]
    return pixels.swapaxes(0, 1) if transposed else pixels


def luma(pixels: Pixels) -> Floats:
    """A luma plane, float32, with the reference library's own rounding.

    Red, green and blue are weighed in 64 bits and rounded once; block by block, so that the
    64-bit values never stand in memory as a whole.
    """
    if pixels.ndim == 2:
        return np.array(pixels, np.float32, order="C")
    plane = np.empty(pixels.shape[:2], np.float32)
    for top in range(0, len(pixels), _KEPT):
        block = pixels[top : top + _KEPT]
        weighed = block[:, :, 0] * _RED
        weighed += block[:, :, 1] * _GREEN
        weighed += block[:, :, 2] * _BLUE
        plane[top : top + _KEPT] = weighed
    return plane


# --- the matrix route


def _window(length: int) -> tuple[int, int]:
    """Width of the box for a side, and how far it reaches right of its centre (exclusive)."""
    width = (length + 2 * _KEPT - 1) // (2 * _KEPT)
    return width, (width + 2) // 2


def _centres(length: int) -> list[int]:
    return [(2 * kept + 1) * length // (2 * _KEPT) for kept in range(_KEPT)]


@lru_cache(maxsize=128)
def _bands(length: int) -> tuple[Band, ...]:
    """Per kept sample: start, stop and weights of what two box passes mix into it.

    Weights of samples away from the border are all alike, and shared.
    """
    width, ahead = _window(length)
    behind = width - ahead
    middle: Floats | None = None
    bands = []
    for centre in _centres(length):
        start, stop = centre - 2 * behind, centre + 2 * ahead - 1
        if start < 0 or stop > length:
            bands.append(_weights(centre, length))
        else:
            middle = _weights(centre, length)[2] if middle is None else middle
            bands.append((start, stop, middle))
    return tuple(bands)


def _weights(centre: int, length: int) -> Band:
    """The second box averages first boxes, each cut off at the border."""
    width, ahead = _window(length)
    behind = width - ahead
    low, high = max(centre - behind, 0), min(centre + ahead, length)
    start, stop = max(low - behind, 0), min(high - 1 + ahead, length)
    weights = np.zeros(stop - start)
    for inner in range(low, high):
        left, right = max(inner - behind, 0), min(inner + ahead, length)
        weights[left - start : right - start] += 1 / ((high - low) * (right - left))
    return start, stop, weights.astype(np.float32)


def _mirrored(bands: tuple[Band, ...], length: int) -> list[Band]:
    """The bands that read an axis backwards."""
    return [(length - stop, length - start, weights[::-1].copy()) for start, stop, weights in bands]


def _down(pixels: Pixels, bands: tuple[Band, ...] | list[Band]) -> Floats:
    """Blur and sample downwards, then weigh the colours: (height, width, 3?) to (64, width)."""
    rows = pixels.reshape(len(pixels), -1)
    kept = np.empty((_KEPT, rows.shape[1]), np.float32)
    for into, (start, stop, weights) in zip(kept, bands, strict=True):
        np.dot(weights, rows[start:stop].astype(np.float32), out=into)
    if pixels.ndim == 2:
        return kept
    return (kept.reshape(-1, 3) @ _LUMA).reshape(_KEPT, -1)


def _across(rows: Floats, bands: tuple[Band, ...] | list[Band]) -> Floats:
    """Blur and sample sideways: (64, width) to (64, 64)."""
    kept = np.empty((_KEPT, _KEPT), np.float32)
    for into, (start, stop, weights) in zip(kept, bands, strict=True):
        np.dot(rows[:, start:stop], weights, out=into)
    return np.ascontiguousarray(kept.T)


def _four_planes(pixels: Pixels) -> dict[tuple[bool, bool], Floats]:
    """The 64 x 64 planes by (rows read backwards, columns read backwards)."""
    height, width = pixels.shape[:2]
    downward, sideways = _bands(height), _bands(width)
    planes = {}
    for rows_back, down in ((False, downward), (True, _mirrored(downward, height))):
        rows = _down(pixels, down)
        planes[rows_back, False] = _across(rows, sideways)
        planes[rows_back, True] = _across(rows, _mirrored(sideways, width))
    return planes


# --- from 64 x 64 samples to bits


def _cosines() -> Floats:
    # Computed as the reference does: a 32-bit scale times a 64-bit cosine, rounded once.
    scale = float(np.float32(math.sqrt(2 / _KEPT)))
    step = math.pi / 2 / _KEPT
    return np.array(
        [
            [scale * math.cos(step * (slot + 1) * (2 * at + 1)) for at in range(_KEPT)]
            for slot in range(_SLOTS)
        ],
        np.float32,
    )


_COSINES = _cosines()


def _settled(plane: Floats, replay: Callable[[], Floats] | None) -> Pdq:
    """Hash and quality of a plane; of the replayed one where rounding could decide."""
    coefficients = (_COSINES @ plane @ _COSINES.T).astype(np.float32, copy=False)
    quality, certain = _quality(plane)
    if replay is not None and not (certain and _gap(coefficients) > _TIE):
        plane = replay()
        coefficients = _in_order(_in_order(_COSINES, plane), _COSINES.T)
        quality, _ = _quality(plane)
    return Pdq(_bits(coefficients), quality)


def _gap(coefficients: Floats) -> float:
    """How far the lowest bit that is set lies above the median."""
    half = coefficients.size // 2
    parted = np.partition(coefficients, (half - 1, half), axis=None)
    return float(parted[half] - parted[half - 1])


def _bits(coefficients: Floats) -> bytes:
    """One bit per coefficient above the lower median; the first coefficient comes last."""
    flat = coefficients.ravel()
    median = np.partition(flat, flat.size // 2 - 1)[flat.size // 2 - 1]
    return np.packbits((flat > median)[::-1]).tobytes()


def _quality(plane: Floats) -> tuple[int, bool]:
    """Quality 0..100, and whether rounding could not have changed it.

    The sum of the whole hundredths of the luma range between neighbours, over 90, at most
    100 (the reference's own heuristic).
    """
    steps = np.concatenate([np.diff(plane, axis=0).ravel(), np.diff(plane, axis=1).ravel()])
    hundredths = np.abs(steps) * np.float32(100) / np.float32(255)
    low, exact, high = (
        min(int((hundredths + np.float32(edge)).astype(np.int32).sum()) // 90, 100)
        for edge in (-_EDGE, 0, _EDGE)
    )
    return exact, low == high


# --- the replay of the reference's 32-bit arithmetic


def _in_order(left: Floats, right: Floats) -> Floats:
    """A matrix product whose terms are added one by one, in 32 bits."""
    total = np.zeros((left.shape[0], right.shape[1]), np.float32)
    for column, row in zip(left.T, right, strict=True):
        total += column[:, None] * row
    return total


def _replay(pixels: Pixels, orientation: Orientation) -> Floats:
    return _replayed(luma(turned(pixels, orientation)))


def _replayed(plane: Floats) -> Floats:
    """The reference's 64 x 64 samples of a luma plane, which is used up.

    Rows, columns, rows, columns; of the last pass only the columns that are kept.
    """
    height, width = plane.shape
    if (height, width) == (_KEPT, _KEPT):
        return plane
    _box_rows(plane)
    for left in range(0, width, _BLOCK):
        columns = plane[:, left : left + _BLOCK]
        columns[:] = _boxed(np.ascontiguousarray(columns))
    _box_rows(plane)
    return _boxed(plane[:, _centres(width)])[_centres(height)]


def _box_rows(plane: Floats) -> None:
    for top in range(0, len(plane), _BLOCK):
        rows = plane[top : top + _BLOCK]
        rows[:] = _boxed(np.ascontiguousarray(rows.T)).T


def _boxed(lines: Floats) -> Floats:
    """A running box down the lines: add what enters, take off what leaves, divide."""
    length = len(lines)
    width, ahead = _window(length)
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
    counts = [min(c + ahead, length) - max(c + ahead - width, 0) for c in range(length)]
    sums /= np.array(counts, np.float32)[:, None]
    return sums
