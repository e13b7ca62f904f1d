"""Which links a second person looks at. Pure.

A draw follows from the numbers of the two reports, what is drawn from and the policy's version
alone, so nobody picks and a second try draws the same.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Final

_SALT: Final = "tipline-link-look-1"
_ALL: Final = 2**64


class Sample(StrEnum):
    """From what is drawn: what a person confirmed or rejected, what the machine linked itself."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    AUTOMATIC = "automatic"


def drawn(low: int, high: int, sample: Sample, version: str, percent: int) -> bool:
    """Whether the link between two reports is in the sample."""
    told = hashlib.sha256(f"{_SALT}:{version}:{sample}:{low}-{high}".encode()).digest()
    return int.from_bytes(told[:8]) * 100 < percent * _ALL
