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
from dataclasses import dataclass

import numpy as np

from tipline.insight.matching import pdq_replay, pdq_sampling
from tipline.insight.matching.hashes import HASH_BYTES, Orientation
from tipline.insight.matching.pdq_sampling import KEPT, Floats, Pixels

__all__ = ["Floats", "Pdq", "Pixels", "enlarged", "fingerprint", "orientations", "turned"]

# The reference answers zero bits and quality 0 below this (MIN_HASHABLE_DIM).
SMALLEST_SIDE = 5

_SLOTS = 16
# Coefficients closer than this at the median are replayed. Near the median the two routes
# were seen to differ by 0.011 at most in 6,315 photographs and drawings (anywhere: by 0.033, on
# a diagonal ramp of 128 x 128). A tie must be told from twice that.
_TIE = 0.03
# A gradient this close to a whole number (of hundredths of the luma range) may round either
# way; the largest difference seen is 0.0004.
_EDGE = 0.001
# A turned hash may have so many bits that rounding decided.
MOST_DOUBTED = 4
# Above this many pixels only the upright hash is replayed: eight replays would take seconds.
_REPLAY_ALL_BELOW = 1_000_000


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
    plane = pdq_sampling.planes(pixels)[0, 0]
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
    planes = pdq_sampling.planes(pixels)
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


def enlarged(pixels: Pixels) -> list[bytes]:
    """The hashes of the picture enlarged to twice its size, in the order of :class:`Orientation`.

    The reference samples up to half a pixel off the middle and rounds its blur to whole pixels:
    of a small picture that is a good part of a sample, so that a thumbnail is far from the
    picture that it was made of. Nothing is rounded on the way, and no tie replayed.
    """
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        return [bytes(HASH_BYTES)] * len(_TURNS)
    coefficients = _coefficients(pdq_sampling.planes(pixels, enlarged=True))
    return _all_bits(np.stack([_turned_way(coefficients, *turn) for turn in _TURNS.values()]))


def _turned_way(coefficients: Floats, rows: bool, columns: bool, transposed: bool) -> Floats:
    way: Floats = coefficients[int(rows), int(columns)]
    return way.T if transposed else way


def turned(pixels: Pixels, orientation: Orientation) -> Pixels:
    """The pixels turned, as a view."""
    rows, columns, transposed = _TURNS[orientation]
    pixels = pixels[:: -1 if rows else 1, :: -1 if columns else 1]
    return pixels.swapaxes(0, 1) if transposed else pixels


# --- from 64 x 64 samples to bits


def _cosines() -> Floats:
    # Computed as the reference does: a 32-bit scale times a 64-bit cosine, rounded once.
    scale = float(np.float32(math.sqrt(2 / KEPT)))
    step = math.pi / 2 / KEPT
    return np.array(
        [
            [scale * math.cos(step * (slot + 1) * (2 * at + 1)) for at in range(KEPT)]
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


def _replay(pixels: Pixels, orientation: Orientation) -> Floats:
    return pdq_replay.replayed(pdq_replay.luma(turned(pixels, orientation)))


def _replayed_bits(plane: Floats) -> bytes:
    return _all_bits(pdq_replay.in_order(pdq_replay.in_order(_COSINES, plane), _COSINES.T)[None])[0]


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
