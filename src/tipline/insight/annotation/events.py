"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ContentLabelled(Event):
    """The labels of some bytes changed, wherever they appear."""

    sha256: str
