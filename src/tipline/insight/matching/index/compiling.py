"""Compile what searches the index, in a process of its own: ``python -m THIS FOLDER``.

A compiler holds Python's lock for seconds at a time: in a worker, jobs would wait for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tipline.ground.foundation.parents import end_with_parent
from tipline.insight.matching.index.kernels import compiled

_PATIENCE = 10  # how far behind the work of others, as nice(2) counts


def compile_beside(folder: Path) -> None:
    """Have the kernel compiled into the folder; returns when that is done, or has failed."""
    subprocess.run(  # noqa: S603 - this very module
        [sys.executable, "-P", "-m", __name__, str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


if __name__ == "__main__":
    end_with_parent()
    os.nice(_PATIENCE)
    compiled(Path(sys.argv[1]))
