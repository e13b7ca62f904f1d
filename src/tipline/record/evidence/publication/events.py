"""What a change of the gate's table announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event

#: Looking at reports again under another table has a lane of its own.
LANE = "gate-policy"


@dataclass(frozen=True, slots=True)
class GatePublished(Event):
    """Another table is in force, by publication or by going back; ``act`` put it there."""

    act: int
