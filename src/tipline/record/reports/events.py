"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ReportFinished(Event):
    """The sender has said that the report is complete; it is filed now."""

    report: int


@dataclass(frozen=True, slots=True)
class ReportDestroyed(Event):
    """The report ended unfiled, and the key to what was sent of it is gone."""

    report: int
