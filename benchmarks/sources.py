"""Public pictures that come inside packages, for benchmarks of fingerprints. Nothing is fetched.

From scikit-image (its own data folder: public domain, CC0, or free as its legal notes say) and
scikit-learn (CC BY 2.0). They are read where they are installed and never copied. Each is used
whole and in quarters, which are pictures of their own.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[Any]

#: Package, folder in it, files. Of a stereo pair and of the same scene one picture only.
_SHIPPED = (
    (
        "skimage",
        "data",
        (
            "astronaut.png",
            "brick.png",
            "camera.png",
            "cell.png",
            "chelsea.png",
            "clock_motion.png",
            "coffee.png",
            "coins.png",
            "color.png",
            "grass.png",
            "gravel.png",
            "hubble_deep_field.jpg",
            "ihc.png",
            "microaneurysms.png",
            "moon.png",
            "motorcycle_left.png",
            "page.png",
            "retina.jpg",
            "rocket.jpg",
            "text.png",
        ),
    ),
    ("sklearn", "datasets/images", ("china.jpg", "flower.jpg")),
)
_DRAWN = frozenset({"color.png", "page.png", "text.png"})
#: A part with a shorter side than this is a thumbnail, and left out.
LEAST_SIDE = 128
_QUARTERS = ("top-left", "top-right", "bottom-left", "bottom-right")


@dataclass(frozen=True, slots=True)
class Picture:
    """``source``: the file; parts of one source are related, all others are not."""

    source: str
    part: str
    pixels: Pixels

    @property
    def drawn(self) -> bool:
        """Drawn or printed, not photographed."""
        return self.source in _DRAWN

    @property
    def name(self) -> str:
        return f"{self.source} {self.part}".strip()


def whole_pictures() -> list[Picture]:
    """RGB pictures as they are shipped. ValueError when a package is not installed."""
    return [
        Picture(name, "", np.asarray(Image.open(_folder(package, folder) / name).convert("RGB")))
        for package, folder, names in _SHIPPED
        for name in names
    ]


def pictures() -> list[Picture]:
    """Whole pictures and their quarters, without thumbnails."""
    parts = (part for whole in whole_pictures() for part in (whole, *_quarters(whole)))
    return [part for part in parts if min(part.pixels.shape[:2]) >= LEAST_SIDE]


def _folder(package: str, folder: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ValueError(f"This benchmark needs the pictures in {package}: install the bench set.")
    return Path(found.origin).parent / folder


def _quarters(whole: Picture) -> Iterator[Picture]:
    height, width = (side // 2 for side in whole.pixels.shape[:2])
    for number, name in enumerate(_QUARTERS):
        top, left = number // 2 * height, number % 2 * width
        part = whole.pixels[top : top + height, left : left + width]
        yield Picture(whole.source, name, np.ascontiguousarray(part))
