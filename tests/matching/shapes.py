"""Edits of generated pictures, as copies are made."""

from __future__ import annotations

import numpy as np
from PIL import Image
from tests.matching.made import encoded, picture


def scene(seed: int = 1, height: int = 384, width: int = 512) -> np.ndarray:
    """A generated picture of PDQ quality above 50, without a border."""
    return picture("scene", height, width, seed)


def halved(pixels: np.ndarray) -> np.ndarray:
    """Half as wide and high, as programs make pictures smaller."""
    height, width = pixels.shape[:2]
    small = Image.fromarray(pixels).resize((width // 2, height // 2), Image.Resampling.LANCZOS)
    return np.asarray(small)


def framed(pixels: np.ndarray, border: int, colour: int = 0) -> np.ndarray:
    """With a flat border all around."""
    edges = ((border, border), (border, border), (0, 0))
    return np.pad(pixels, edges, constant_values=colour)


def letterboxed(pixels: np.ndarray, bar: int) -> np.ndarray:
    """With black bars above and below."""
    return np.pad(pixels, ((bar, bar), (0, 0), (0, 0)))


def cropped(pixels: np.ndarray, left=0.0, top=0.0, right=0.0, bottom=0.0) -> np.ndarray:
    """Without these shares of the sides."""
    height, width = pixels.shape[:2]
    rows = slice(round(top * height), height - round(bottom * height))
    return pixels[rows, round(left * width) : width - round(right * width)]


def jpeg(pixels: np.ndarray, quality: int = 85) -> bytes:
    return encoded(np.ascontiguousarray(pixels), "JPEG", quality=quality)
