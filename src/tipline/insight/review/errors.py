"""What a person who works the queue of contents is told."""

from __future__ import annotations

from tipline.ground.foundation.errors import Conflict


class SaidMeanwhile(Conflict):
    """Somebody else has labelled the content since it came on the screen; nothing was changed."""

    code = "labelled_meanwhile"


class ClosedMeanwhile(Conflict):
    """The gate does not open the file any more; nothing was changed."""

    code = "closed_meanwhile"
