"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event


@dataclass(frozen=True, slots=True)
class FileMatched(Event):
    """A file of this report turned out to be like one that was filed before it."""

    report: int
