"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event


@dataclass(frozen=True, slots=True)
class CaseJoined(Event):
    """This report is worked in an open case from now on."""

    report: int
