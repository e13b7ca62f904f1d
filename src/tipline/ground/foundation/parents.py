"""What a child process owes to the one that started it."""

from __future__ import annotations

import ctypes
import signal
import sys

_PARENT_DEATH = 1  # PR_SET_PDEATHSIG of prctl(2)


def end_with_parent() -> None:
    """Have the kernel send SIGTERM to this process when its parent dies, however that comes.

    Else a `serve` that was killed would leave children behind, which go on serving the port
    and doing jobs beside those of the next one.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH, int(signal.SIGTERM), 0, 0, 0)
