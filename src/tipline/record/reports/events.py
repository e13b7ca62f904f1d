"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ReportFinished(Event):
    """The sender has said that the report is complete; it is filed now."""

    report: int
