"""What stops a look, other than the gate."""

from __future__ import annotations

from tipline.ground.foundation.errors import NotAllowed
from tipline.insight.care.rules import Stopped


class LimitReached(NotAllowed):
    """Enough for now: ``stopped`` says of what, and until when. Other work goes on."""

    code = "limit_reached"

    def __init__(self, stopped: Stopped) -> None:
        super().__init__("You have reached a limit of looking; other work goes on.")
        self.stopped = stopped
