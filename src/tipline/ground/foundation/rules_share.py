"""Where the true share lies of which some cases were counted. Pure."""

from __future__ import annotations

import math
from statistics import NormalDist


def wilson(hits: int, looks: int, confidence: float = 0.95) -> tuple[float, float]:
    """The Wilson score interval of a share; from 0 to 1 while nobody has looked.

    Wilson (1927): unlike the plain interval it holds for small counts and for none at all.
    """
    if not 0 <= hits <= looks:
        raise ValueError(f"{hits} of {looks} is no share")
    if looks == 0:
        return 0.0, 1.0
    low, high = wilson_of(hits / looks, looks, confidence)
    return (0.0 if hits == 0 else low), (1.0 if hits == looks else high)


def wilson_of(share: float, looks: float, confidence: float = 0.95) -> tuple[float, float]:
    """The same for a share of weighted cases; ``looks``: how many plain ones they are worth."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    scale = 1 + z * z / looks
    centre = share + z * z / (2 * looks)
    spread = z * math.sqrt(share * (1 - share) / looks + z * z / (4 * looks * looks))
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
