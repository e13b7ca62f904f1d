"""The job process: `tipline worker`, and those that `serve` keeps.

``python -m tipline.doors.terminal.working PARENT`` is how `serve` starts it: it does without
the command line's libraries, and ends when its parent has.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import types
from datetime import timedelta

from tipline.doors.terminal.starting import check_start, load
from tipline.ground.foundation.parents import end_with_parent

LEASE = 60.0  # seconds until the job of a dead worker is taken over


def do_jobs(lease: float = LEASE, *, parent: int | None = None) -> None:
    """Do what waits until SIGTERM or SIGINT, or until ``parent`` has ended. A job is finished."""
    if parent is not None:
        end_with_parent()
    load()
    check_start()
    from tipline.ground.foundation.worker import work  # noqa: PLC0415 - needs the settings

    ended = threading.Event()

    def end(_signal: int, _frame: types.FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if parent is not None and os.getppid() != parent:  # it died before the kernel could be asked
        return
    work(ended, lease=timedelta(seconds=lease))


if __name__ == "__main__":
    do_jobs(parent=int(sys.argv[1]))
