"""What stands beside an entry: bits that the list which holds it does not tell. See ``layout``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.index.layout import (
    BAND_BITS,
    ID_BITS,
    QUARTER_BITS,
    Shape,
)

Parts = NDArray[np.uint16]

_SHIFTS = np.arange(0, BAND_BITS, QUARTER_BITS, dtype=np.uint16)
_BACK = np.uint16(BAND_BITS) - _SHIFTS
#: A quarter that was left out stands above so many bits of the next band.
_NEXT = BAND_BITS - QUARTER_BITS
_NEXT_BITS = np.uint16((1 << _NEXT) - 1)
#: The others of the next band stand below so many bits of the one after it.
_AFTER_BITS = np.uint32((1 << (32 - ID_BITS - QUARTER_BITS)) - 1)


def turned_to(own: Parts, quarter: int | slice) -> Parts:
    """A band with a quarter of its bits at the low end, where no list looks; of several, each."""
    return (own >> _SHIFTS[quarter]) | (own << _BACK[quarter])


def beside(turned: Parts, following: Parts, shape: Shape) -> Parts:
    """16 bits, by the band as it was turned and the next band."""
    if not shape.in_lines:
        return following
    return (turned << np.uint16(_NEXT)) | (following & _NEXT_BITS)


def farther(following: Parts, after: Parts) -> NDArray[np.uint32]:
    """15 bits of the next band and the band after, which stand above the number of an entry."""
    low = (following >> np.uint16(_NEXT)).astype(np.uint32)
    high = (after & _AFTER_BITS) << np.uint32(QUARTER_BITS)
    return (low | high) << np.uint32(ID_BITS)
