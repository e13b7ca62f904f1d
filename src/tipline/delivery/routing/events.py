"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ReferralMade(Event):
    """A report was made available to an agency."""

    report: int
    agency: int


@dataclass(frozen=True, slots=True)
class ReferralRaised(Event):
    """A report that an agency has already has become urgent: it must hear of it."""

    report: int
    agency: int
