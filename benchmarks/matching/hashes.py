"""Hashes to search: random ones, neighbours planted among them, and clusters as pictures make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.hashes import HASH_BYTES
from tipline.insight.matching.index.layout import BANDS, SHUFFLE

Values = NDArray[np.uint8]

FARTHEST = 31
_EACH = 32
_WORST = 128
_SIDE = 96


@dataclass(frozen=True, slots=True)
class Planted:
    """A question, the row that must be found, and how far it is."""

    value: bytes
    row: int
    distance: int


def random_values(count: int, seed: int) -> Values:
    return np.random.default_rng(seed).integers(0, 256, (count, HASH_BYTES), np.uint8)


def planted(values: Values, seed: int) -> list[Planted]:
    """32 questions at each distance from 0 to 31 from some row; then 128 of the worst kind."""
    dice = np.random.default_rng(seed)
    rows = dice.choice(len(values), (FARTHEST + 1) * _EACH + _WORST, replace=False).tolist()
    worst, others = rows[:_WORST], rows[_WORST:]
    found = [
        _planted(values, row, dice.choice(256, place % (FARTHEST + 1), replace=False))
        for place, row in enumerate(others)
    ]
    return found + [_planted(values, row, _worst_bits(dice)) for row in worst]


def _planted(values: Values, row: int, bits: NDArray[np.intp]) -> Planted:
    unpacked = np.unpackbits(values[row])
    unpacked[bits] ^= 1
    return Planted(np.packbits(unpacked).tobytes(), row, len(bits))


def _worst_bits(dice: np.random.Generator) -> NDArray[np.intp]:
    """Two of each band's 16 bits, of one band a single one: nothing nearer leads there."""
    single = dice.integers(BANDS)
    chosen = [
        band * 16 + dice.choice(16, 1 if band == single else 2, replace=False)
        for band in range(BANDS)
    ]
    return SHUFFLE[np.concatenate(chosen)]


def clustered_values(count: int, seed: int) -> Values:
    """Around the hashes of generated pictures: copies some 20 bits away, 1 to 300 of each."""
    dice = np.random.default_rng(seed)
    centres = np.concatenate([_centres(dice) for _picture in range(min(200, count // 50))])
    sizes = dice.zipf(1.5, 4 * count).clip(1, 300)
    of_centre = np.repeat(np.arange(len(sizes)), sizes)[:count]
    # More clusters than pictures: each beyond the first is a picture's hash with half its bits new.
    base = centres[of_centre % len(centres)] ^ _thinned(dice, len(sizes), 128)[of_centre]
    return base ^ _thinned(dice, count, 20)


def _thinned(dice: np.random.Generator, count: int, bits: int) -> Values:
    """About so many set bits in each row."""
    found = np.empty((count, HASH_BYTES), np.uint8)
    for start in range(0, count, 1 << 16):
        chances = dice.random((min(1 << 16, count - start), 8 * HASH_BYTES), np.float32)
        found[start : start + (1 << 16)] = np.packbits(chances < bits / 256, axis=1)
    return found


def _centres(dice: np.random.Generator) -> Values:
    """Hashes of a smooth made-up picture and of some crops of it."""
    from tipline.insight.matching.pdq import fingerprint  # noqa: PLC0415 - the bench only

    spectrum = np.fft.rfft2(dice.normal(size=(_SIDE, _SIDE)))
    falling = np.hypot(*np.meshgrid(np.fft.fftfreq(_SIDE), np.fft.rfftfreq(_SIDE), indexing="ij"))
    picture = np.fft.irfft2(spectrum / (falling + 1 / _SIDE) ** 1.5, s=(_SIDE, _SIDE))
    luma = (255 * (picture - picture.min()) / np.ptp(picture)).astype(np.uint8)
    crops = [luma[edge : _SIDE - edge, edge : _SIDE - edge] for edge in (0, 1, 2, 4, 8)]
    hashes = [fingerprint(np.ascontiguousarray(crop)).hash for crop in crops]
    return np.frombuffer(b"".join(hashes), np.uint8).reshape(-1, HASH_BYTES)


def questions(count: int, seed: int) -> Iterator[bytes]:
    """Random hashes that are near to nothing."""
    dice = np.random.default_rng(seed)
    for _question in range(count):
        yield dice.bytes(HASH_BYTES)
