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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.hashes import HASH_BYTES, Orientation

# The reference answers zero bits and quality 0 below this (MIN_HASHABLE_DIM).
SMALLEST_SIDE = 5

Pixels = NDArray[Any]
Floats = NDArray[np.float32]

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
# A turned hash may have so many bits that rounding decided.
MOST_DOUBTED = 4
# Above this many pixels only the upright hash is replayed: eight replays would take seconds.
_REPLAY_ALL_BELOW = 1_000_000
_BLOCK = 1024
# Values that are blurred at once: 1 MB of them.
_AT_ONCE = 1 << 18


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


def fingerprint(pixels: Pixels, *, settled: bool = True) -> Pdq:
    """The PDQ of a picture as it stands.

    ``pixels``: uint8 of shape (height, width, 3), red green blue; or a luma plane of shape
    (height, width), uint8 or float32, 0 to 255. Never raises for sides of at least 1.
    ``settled``: replay near ties; of no use where no other program decodes to these pixels.
    """
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        return Pdq(bytes(HASH_BYTES), 0)
    plane = _planes(pixels)[0, 0]
    return _settled(pixels, plane, _coefficients(plane), settled=settled)


def orientations(pixels: Pixels, *, settled: bool = True) -> dict[Orientation, Pdq]:
    """The PDQ of the picture turned each of eight ways, upright first; all of one quality.

    The upright one is :func:`fingerprint`. The others are there to be searched with: near ties
    in them are replayed only where more than a few bits hang on it and the picture is small, so
    each is within ``MOST_DOUBTED`` bits of the hash of the turned array, drawings of more than
    a million pixels left aside.
    """
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        return dict.fromkeys(Orientation, Pdq(bytes(HASH_BYTES), 0))
    planes = _planes(pixels)
    coefficients = _coefficients(planes)
    upright = _settled(pixels, planes[0, 0], coefficients[0, 0], settled=settled)
    ways = np.stack([_turned_way(coefficients, *turn) for turn in _TURNS.values()])
    found = {
        way: Pdq(hashed, upright.quality)
        for way, hashed in zip(_TURNS, _all_bits(ways), strict=True)
    }
    found[Orientation.UPRIGHT] = upright
    if settled and pixels.shape[0] * pixels.shape[1] <= _REPLAY_ALL_BELOW:
        for way, each in zip(_TURNS, ways, strict=True):
            if way is not Orientation.UPRIGHT and _doubted(each) > MOST_DOUBTED:
                found[way] = Pdq(_replayed_bits(_replay(pixels, way)), upright.quality)
    return found


def _turned_way(coefficients: Floats, rows: bool, columns: bool, transposed: bool) -> Floats:
    way: Floats = coefficients[int(rows), int(columns)]
    return way.T if transposed else way


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


class _Band(NamedTuple):
    """The part of an axis that goes into one sample, and with which weights."""

    start: int
    stop: int
    weights: Floats


def _window(length: int) -> tuple[int, int]:
    """Width of the box for a side, and how far it reaches right of its centre (exclusive)."""
    width = (length + 2 * _KEPT - 1) // (2 * _KEPT)
    return width, (width + 2) // 2


def _centres(length: int) -> list[int]:
    return [(2 * kept + 1) * length // (2 * _KEPT) for kept in range(_KEPT)]


def _weights(centre: int, length: int) -> _Band:
    """What two box passes mix into one sample; the second averages first boxes, all cut off
    at the border.
    """
    width, ahead = _window(length)
    behind = width - ahead
    low, high = max(centre - behind, 0), min(centre + ahead, length)
    start, stop = max(low - behind, 0), min(high - 1 + ahead, length)
    weights = np.zeros(stop - start)
    for inner in range(low, high):
        left, right = max(inner - behind, 0), min(inner + ahead, length)
        weights[left - start : right - start] += 1 / ((high - low) * (right - left))
    return _Band(start, stop, weights.astype(np.float32))


def _mirrored(bands: Sequence[_Band], length: int) -> list[_Band]:
    """The bands that read an axis backwards."""
    return [_Band(length - band.stop, length - band.start, band.weights[::-1]) for band in bands]


@dataclass(frozen=True, slots=True)
class _Sampler:
    """Blur and sampling of one axis, read forwards and backwards, as windows of one width.

    ``starts``: where each window begins; ``weights``: of shape (64, 2, width). The last sample
    of the axis read backwards lies about where the first one lies, and reads the same window;
    so both ways cost hardly more than one.
    """

    starts: NDArray[np.intp]
    weights: Floats

    def groups(self, size: int) -> Iterator[tuple[slice, NDArray[np.intp]]]:
        """Samples a few at a time, with the places that they read: (samples, width).

        ``size``: the values at each place; a group is as large as a cache likes it.
        """
        width = self.weights.shape[2]
        step = max(1, _AT_ONCE // (width * size))
        for first in range(0, _KEPT, step):
            group = slice(first, first + step)
            yield group, self.starts[group, None] + np.arange(width)


@lru_cache(maxsize=128)
def _sampler(length: int) -> _Sampler:
    bands = [_weights(centre, length) for centre in _centres(length)]
    pairs = list(zip(bands, _mirrored(bands, length)[::-1], strict=True))
    width = max(max(b.stop for b in pair) - min(b.start for b in pair) for pair in pairs)
    starts = np.array([min(*(b.start for b in pair), length - width) for pair in pairs])
    weights = np.zeros((_KEPT, 2, width), np.float32)
    for kept, pair in enumerate(pairs):
        for way, band in enumerate(pair):
            into = slice(band.start - starts[kept], band.stop - starts[kept])
            weights[kept, way, into] = band.weights
    return _Sampler(starts, weights)


def _planes(pixels: Pixels) -> Floats:
    """The 64 x 64 samples by (rows read backwards, columns read backwards)."""
    height, width = pixels.shape[:2]
    rows = _blurred(pixels.reshape(height, -1), _sampler(height))
    if pixels.ndim > 2:
        rows = rows.reshape(-1, 3) @ _LUMA
    columns = _on_its_side(rows.reshape(2 * _KEPT, width))
    both = _blurred(columns, _sampler(width)).reshape(_KEPT, 2, _KEPT, 2).transpose(3, 1, 2, 0)
    planes = np.ascontiguousarray(both)
    planes[1] = both[1, :, ::-1]
    planes[:, 1] = planes[:, 1, :, ::-1].copy()
    return planes


def _blurred(lines: Pixels, sampler: _Sampler) -> Floats:
    """Blur and sample downwards: (height, values) to (64, 2, values), forwards and backwards.

    The samples read backwards come in the order of the axis, the last one first.
    """
    kept = np.empty((_KEPT, 2, lines.shape[1]), np.float32)
    for group, places in sampler.groups(lines.shape[1]):
        alone = len(places) == 1  # then a view will do
        window = lines[places[0, 0] : places[0, -1] + 1][None] if alone else lines[places]
        np.matmul(sampler.weights[group], window.astype(np.float32, copy=False), out=kept[group])
    return kept


def _on_its_side(rows: Floats) -> Floats:
    """The transpose, a few rows at a time: all at once, each would push the others out."""
    turned = np.empty(rows.shape[::-1], np.float32)
    for first in range(0, len(rows), _SLOTS):
        turned[:, first : first + _SLOTS] = rows[first : first + _SLOTS].T
    return turned


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


def _coefficients(planes: Floats) -> Floats:
    return (_COSINES @ planes @ _COSINES.T).astype(np.float32, copy=False)


def _settled(pixels: Pixels, plane: Floats, coefficients: Floats, *, settled: bool) -> Pdq:
    """Hash and quality of a plane; of the replayed one where rounding could decide."""
    quality, certain = _quality(plane)
    if settled and not (certain and _gap(coefficients) > _TIE):
        plane = _replay(pixels, Orientation.UPRIGHT)
        quality, _ = _quality(plane)
        return Pdq(_replayed_bits(plane), quality)
    return Pdq(_all_bits(coefficients[None])[0], quality)


def _replayed_bits(plane: Floats) -> bytes:
    return _all_bits(_in_order(_in_order(_COSINES, plane), _COSINES.T)[None])[0]


def _gap(coefficients: Floats) -> float:
    """How far the lowest bit that is set lies above the median."""
    half = coefficients.size // 2
    parted = np.partition(coefficients, (half - 1, half), axis=None)
    return float(parted[half] - parted[half - 1])


def _doubted(coefficients: Floats) -> int:
    """How many bits rounding could turn over."""
    flat = coefficients.ravel()
    median = np.partition(flat, flat.size // 2 - 1)[flat.size // 2 - 1]
    return int((np.abs(flat - median) <= _TIE).sum()) - 1


def _all_bits(coefficients: Floats) -> list[bytes]:
    """One bit per coefficient above the lower median; the first coefficient comes last."""
    flat = coefficients.reshape(len(coefficients), -1)
    half = flat.shape[1] // 2 - 1
    median = np.partition(flat, half, axis=1)[:, half, None]
    packed = np.packbits((flat > median)[:, ::-1], axis=1)
    return [row.tobytes() for row in packed]


def _quality(plane: Floats) -> tuple[int, bool]:
    """Quality 0..100, and whether rounding could not have changed it.

    The sum of the whole hundredths of the luma range between neighbours, over 90, at most
    100 (the reference's own heuristic).
    """
    steps = np.concatenate([np.diff(plane, axis=0).ravel(), np.diff(plane, axis=1).ravel()])
    hundredths = np.abs(steps) * np.float32(100) / np.float32(255)
    exact = int(hundredths.astype(np.int32).sum())
    if exact - hundredths.size >= 100 * 90:
        return 100, True  # even if every one of them were rounded down
    low, high = (
        min(int((hundredths + np.float32(edge)).astype(np.int32).sum()) // 90, 100)
        for edge in (-_EDGE, _EDGE)
    )
    return min(exact // 90, 100), low == high


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
    sums /= _counts(length)
    return sums


@lru_cache(maxsize=128)
def _counts(length: int) -> Floats:
    """How many samples the box holds at each place, as a column."""
    width, ahead = _window(length)
    ends = np.arange(length) + ahead
    counts = np.minimum(ends, length) - np.maximum(ends - width, 0)
    return counts.astype(np.float32)[:, None]
