"""A PDQ hash as everything but the hasher knows it: its name, its length, its turns and cuts.

Plain values: whoever reads or compares them does without the libraries that make them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

HASHER = "pdq-matrix"
VERSION = "2"
HASH_BYTES = 32
#: Pixels.
SMALL_SIDE = 512


def is_small(width: int, height: int) -> bool:
    """Whether a picture of so many pixels is looked for enlarged to twice its size, too."""
    return max(width, height) <= SMALL_SIDE


class Orientation(StrEnum):
    """The eight ways to turn a picture, named as the PDQ reference names them.

    Turns are counter-clockwise; ``FLIP_X`` exchanges top and bottom, ``FLIP_Y`` mirrors,
    ``FLIP_PLUS`` exchanges lower left and upper right, ``FLIP_MINUS`` the other two corners.
    """

    UPRIGHT = "upright"
    ROTATE_90 = "rotate_90"
    ROTATE_180 = "rotate_180"
    ROTATE_270 = "rotate_270"
    FLIP_X = "flip_x"
    FLIP_Y = "flip_y"
    FLIP_PLUS = "flip_plus"
    FLIP_MINUS = "flip_minus"


WHOLE = ""
"""The variant that is the picture as it stands."""
TRIMMED = "trimmed"
"""Without its flat borders; every picture that has some gets this one."""
FRAME = "frame"
"""One frame of a video."""

_SIDES = {"left": (1, 0, 0, 0), "top": (0, 1, 0, 0), "right": (0, 0, 1, 0), "bottom": (0, 0, 0, 1)}
_CORNERS = {
    f"{up}-{side}": tuple(map(sum, zip(_SIDES[up], _SIDES[side], strict=True)))
    for up in ("top", "bottom")
    for side in ("left", "right")
}
_CENTRE = {"centre": (0.5, 0.5, 0.5, 0.5)}

Cut = tuple[float, float, float, float]


def _cuts(ways: Mapping[str, tuple[float, ...]], percents: tuple[int, ...]) -> dict[str, Cut]:
    return {
        f"{name}-{percent}": (
            way[0] * percent / 100,
            way[1] * percent / 100,
            way[2] * percent / 100,
            way[3] * percent / 100,
        )
        for name, way in ways.items()
        for percent in percents
    }


CUTS: Mapping[str, Cut] = MappingProxyType(
    _cuts(_CENTRE, (2, 4, 6, 8, 10, 12)) | _cuts(_SIDES, (5, 10)) | _cuts(_CORNERS, (3, 6, 10))
)
"""Variants of confirmed material, cut as copies often are: shares of width and height taken off
left, top, right and bottom. ``centre-8`` leaves 92 percent of each side, ``top-left-6`` takes
six percent off both. Cut from the picture without its flat borders."""
VARIANTS = frozenset({WHOLE, TRIMMED, FRAME, *CUTS})
