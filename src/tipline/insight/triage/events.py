"""What triage announces. Ids only."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event


@dataclass(frozen=True, slots=True)
class NeighbourJoined(Event):
    """A report linked with this one has joined its bundle: it may be folded again."""

    report: int


@dataclass(frozen=True, slots=True)
class Judged(Event):
    """What people judged of a report has changed."""

    report: int
