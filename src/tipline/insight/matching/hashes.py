"""A PDQ hash as everything but the hasher knows it: its name, its length, its turns.

Plain values: whoever reads or compares them does without the libraries that make them.
"""

from __future__ import annotations

from enum import StrEnum

HASHER = "pdq-matrix"
VERSION = "1"
HASH_BYTES = 32


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
