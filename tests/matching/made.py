"""Harmless pictures made by integer arithmetic: the same on every machine and numpy."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image


def picture(kind: str, height: int, width: int, seed: int = 1) -> np.ndarray:
    """An RGB picture, uint8 of shape (height, width, 3)."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    planes = [_plane(kind, y, x, seed * 31 + channel * 7) for channel in range(3)]
    return np.ascontiguousarray(np.stack(planes, axis=-1).astype(np.uint8))


def encoded(pixels: np.ndarray, kind: str = "PNG", **options) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind, **options)
    return out.getvalue()


def chunks(data: bytes, size: int = 50_000):
    return (data[at : at + size] for at in range(0, len(data), size))


def _plane(kind, y, x, seed):
    return _PLANES[kind](y, x, y[-1, 0] + 1, x[0, -1] + 1, seed)


def _noise(y, x, _height, _width, seed):
    return _mixed(y, x, seed)


def _flat(y, _x, _height, _width, seed):
    return np.full(y.shape, 40 + seed * 11 % 190)


def _ramp(y, x, height, width, seed):
    return x * 255 // max(width - 1, 1) if seed % 2 else y * 255 // max(height - 1, 1)


def _diagonal(y, x, height, width, seed):
    return (x * (200 - seed % 60) // width + y * 55 // height) % 256


def _disc(y, x, height, width, seed):
    inside = (2 * x - width) ** 2 * height**2 + (2 * y - height) ** 2 * width**2
    return np.where(inside * 9 < 4 * (height * width) ** 2, 200 - seed % 90, 20 + seed % 40)


def _checks(y, x, _height, _width, seed):
    return (x // (3 + seed % 9) + y // (2 + seed % 7)) % 2 * (150 + seed % 100)


def _tiles(y, x, height, width, seed):
    return _mixed(y * 9 // height, x * 7 // width, seed)


def _waves(y, x, height, width, seed):
    return (_wave(x * (3 + seed % 4), width) + _wave(y * (2 + seed % 5), height)) // 2


def _dot(y, x, height, width, _seed):
    return np.where((y == height // 3) & (x == width // 2), 255, 3)


def _scene(y, x, height, width, seed):
    """Tiles, a disc, waves and grain laid over each other: about what a photograph has."""
    parts = (_tiles, _disc, _waves, _diagonal)
    laid = sum(part(y, x, height, width, seed + at) for at, part in enumerate(parts)) // 4
    return np.clip(laid + _mixed(y, x, seed) % 9 - 4, 0, 255)


_PLANES = {
    "noise": _noise,
    "flat": _flat,
    "ramp": _ramp,
    "diagonal": _diagonal,
    "disc": _disc,
    "checks": _checks,
    "tiles": _tiles,
    "waves": _waves,
    "dot": _dot,
    "scene": _scene,
}
KINDS = tuple(_PLANES)


def _wave(steps, length):
    """A triangle wave 0..255."""
    return np.abs(steps * 510 // length % 510 - 255)


def _mixed(y, x, seed):
    """A byte per place that looks random (a 32-bit integer hash)."""
    value = (y * 374761393 + x * 668265263 + seed * 2246822519) & 0xFFFFFFFF
    value = ((value ^ (value >> 13)) * 1274126177) & 0xFFFFFFFF
    value = ((value ^ (value >> 16)) * 2654435769) & 0xFFFFFFFF
    return value >> 24
