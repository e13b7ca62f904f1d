"""Which frames of a video are shown as stills. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

#: A strip of three rows of four: enough to tell what a film is, and nothing moves.
MOST_STILLS: Final = 12


def chosen(times: Sequence[int], most: int = MOST_STILLS) -> tuple[int, ...]:
    """So many of these times at most, evenly spread, the first among them.

    ``times``: milliseconds of frames, ascending, each once.
    """
    if len(times) <= most:
        return tuple(times)
    return tuple(times[len(times) * place // most] for place in range(most))


def clock_words(at_ms: int) -> str:
    """A time in a film as people write it: ``1:05``, ``1:00:05``."""
    seconds = at_ms // 1000
    minutes, hours = seconds // 60, seconds // 3600
    if hours:
        return f"{hours}:{minutes % 60:02}:{seconds % 60:02}"
    return f"{minutes}:{seconds % 60:02}"
