"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event


@dataclass(frozen=True, slots=True)
class OutcomeRecorded(Event):
    """An agency has answered."""

    report: int
    outcome: int
