"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event


@dataclass(frozen=True, slots=True)
class OpeningRecorded(Event):
    """A file of this report was opened by a warrant, consent or exigency."""

    report: int
