"""The benchmarks of the checkout, in a process of their own: no part of what is deployed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tipline.doors.terminal.starting import stop

ROOT = Path(__file__).resolve().parents[4]


def run_bench(words: Sequence[str]) -> int:
    """Run ``python -m benchmarks`` with these words; its exit code."""
    if not (ROOT / "benchmarks" / "__main__.py").exists():
        stop("The benchmarks are part of the source: run this in a checkout.")
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    ended = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-P", "-m", "benchmarks", *words],
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    return ended.returncode
