"""``python -m tipline``: the command line."""

from __future__ import annotations

from tipline.doors.terminal.main import run

if __name__ == "__main__":
    run()
