"""What a change of policy announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event

#: Re-assessing under another policy has a lane of its own: no new report waits behind it.
LANE = "policy"


@dataclass(frozen=True, slots=True)
class PolicyPublished(Event):
    """Another policy is in force, by publication or by going back; ``act`` put it there."""

    act: int
