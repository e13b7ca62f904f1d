"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event


@dataclass(frozen=True, slots=True)
class AgencyChanged(Event):
    """An agency is responsible for other areas than before, or for its first ones."""

    organisation: int
