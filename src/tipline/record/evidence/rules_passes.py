"""Is a pass for evidence bytes still good? Pure; the legal gate is another question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: From the act that made it to the picture on the screen a browser needs a second or two; a
#: person who is asked where to save a file needs longer.
GOOD_FOR: Final = timedelta(seconds=60)


class Kind(StrEnum):
    """What a pass hands out: a small grey blurred picture, a large one in colour, the bytes."""

    PREVIEW = "preview"
    REVEAL = "reveal"
    ORIGINAL = "original"


class Refusal(StrEnum):
    """Why a pass hands out nothing; ``FOREIGN``: shown by somebody or something else."""

    FOREIGN = "foreign"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Presented:
    """A pass as it stands, how it was shown, and when; all times are aware.

    ``at_home``: its person may still open evidence, and it was shown as our pages would have.
    """

    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    at_home: bool
    now: datetime


def refusal(shown: Presented) -> Refusal | None:
    """Why not; None when it is good. A foreign one is told nothing else about itself."""
    if not shown.at_home:
        return Refusal.FOREIGN
    if shown.used_at is not None:
        return Refusal.USED
    if not shown.made_at <= shown.now < shown.ends_at:
        return Refusal.EXPIRED
    return None
