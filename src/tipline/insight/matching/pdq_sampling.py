"""Blur and sampling of PDQ by matrices: from pixels to 64 x 64 samples, read four ways.

The reference blurs the luma with two passes of a running box each way and keeps 64 x 64 samples.
Both are linear and separable, so one narrow band of weights for each kept row and column does
the same without touching the whole picture four times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]
Floats = NDArray[np.float32]

KEPT = 64
#: What red, green and blue weigh in the luma.
COLOURS = (0.299, 0.587, 0.114)
_LUMA = np.array(COLOURS, np.float32)
# Values that are blurred at once: 1 MB of them.
_AT_ONCE = 1 << 18
# Rows that are turned on their side at once.
_FEW = 16


class _Band(NamedTuple):
    """The part of an axis that goes into one sample, and with which weights."""

    start: int
    stop: int
    weights: Floats


def window(length: int) -> tuple[int, int]:
    """Width of the box for a side, and how far it reaches right of its centre (exclusive)."""
    width = (length + 2 * KEPT - 1) // (2 * KEPT)
    return width, (width + 2) // 2


def centres(length: int) -> list[int]:
    return [(2 * kept + 1) * length // (2 * KEPT) for kept in range(KEPT)]


def _weights(centre: int, length: int) -> _Band:
    """What two box passes mix into one sample; the second averages first boxes, all cut off
    at the border.
    """
    width, ahead = window(length)
    behind = width - ahead
    low, high = max(centre - behind, 0), min(centre + ahead, length)
    start, stop = max(low - behind, 0), min(high - 1 + ahead, length)
    weights = np.zeros(stop - start)
    for inner in range(low, high):
        left, right = max(inner - behind, 0), min(inner + ahead, length)
        weights[left - start : right - start] += 1 / ((high - low) * (right - left))
    return _Band(start, stop, weights.astype(np.float32))


def _enlarged(length: int) -> list[_Band]:
    """What two box passes mix of an axis enlarged to twice its length, each place between its
    two nearest: the sampler then errs by half of what it errs on the axis as it stands.
    """
    found = []
    for centre in centres(2 * length):
        long = _weights(centre, 2 * length)
        at = (np.arange(long.start, long.stop) - 0.5) / 2
        low = np.floor(at).astype(np.intp)
        share = at - low
        low, high = (low + more for more in (0, 1))
        start, stop = max(int(low[0]), 0), min(int(high[-1]), length - 1) + 1
        weights = np.zeros(stop - start)
        for places, part in ((low, 1 - share), (high, share)):
            np.add.at(weights, np.clip(places, 0, length - 1) - start, long.weights * part)
        found.append(_Band(start, stop, weights.astype(np.float32)))
    return found


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
        for first in range(0, KEPT, step):
            group = slice(first, first + step)
            yield group, self.starts[group, None] + np.arange(width)


@lru_cache(maxsize=128)
def _sampler(length: int, enlarged: bool = False) -> _Sampler:
    if enlarged:
        bands = _enlarged(length)
    else:
        bands = [_weights(centre, length) for centre in centres(length)]
    pairs = list(zip(bands, _mirrored(bands, length)[::-1], strict=True))
    width = max(max(b.stop for b in pair) - min(b.start for b in pair) for pair in pairs)
    starts = np.array([min(*(b.start for b in pair), length - width) for pair in pairs])
    weights = np.zeros((KEPT, 2, width), np.float32)
    for kept, pair in enumerate(pairs):
        for way, band in enumerate(pair):
            into = slice(band.start - starts[kept], band.stop - starts[kept])
            weights[kept, way, into] = band.weights
    return _Sampler(starts, weights)


def planes(pixels: Pixels, *, enlarged: bool = False) -> Floats:
    """The 64 x 64 samples by (rows read backwards, columns read backwards).

    ``enlarged``: of the picture enlarged to twice its size.
    """
    height, width = pixels.shape[:2]
    rows = _blurred(pixels.reshape(height, -1), _sampler(height, enlarged))
    if pixels.ndim > 2:
        rows = rows.reshape(-1, 3) @ _LUMA
    columns = _on_its_side(rows.reshape(2 * KEPT, width))
    kept = _blurred(columns, _sampler(width, enlarged)).reshape(KEPT, 2, KEPT, 2)
    both = kept.transpose(3, 1, 2, 0)
    found = np.ascontiguousarray(both)
    found[1] = both[1, :, ::-1]
    found[:, 1] = found[:, 1, :, ::-1].copy()
    return found


def _blurred(lines: Pixels, sampler: _Sampler) -> Floats:
    """Blur and sample downwards: (height, values) to (64, 2, values), forwards and backwards.

    The samples read backwards come in the order of the axis, the last one first.
    """
    kept = np.empty((KEPT, 2, lines.shape[1]), np.float32)
    for group, places in sampler.groups(lines.shape[1]):
        alone = len(places) == 1  # then a view will do
        window = lines[places[0, 0] : places[0, -1] + 1][None] if alone else lines[places]
        np.matmul(sampler.weights[group], window.astype(np.float32, copy=False), out=kept[group])
    return kept


def _on_its_side(rows: Floats) -> Floats:
    """The transpose, a few rows at a time: all at once, each would push the others out."""
    turned = np.empty(rows.shape[::-1], np.float32)
    for first in range(0, len(rows), _FEW):
        turned[:, first : first + _FEW] = rows[first : first + _FEW].T
    return turned
