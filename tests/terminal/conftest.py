from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The machine's answer: the last line of stdout."""
        return json.loads(self.out.splitlines()[-1])


@dataclass(frozen=True)
class Shell:
    """Runs real commands on a store of its own."""

    home: Path

    def __call__(self, *words: str, stdin: str = "", **settings: str) -> Ended:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TIPLINE", "DJANGO"))}
        wanted = {"TIPLINE_HOME": str(self.home), "PYTHONPATH": str(SOURCE), **settings}
        done = subprocess.run(
            [sys.executable, "-m", "tipline", *words],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={**kept, **wanted},
        )
        return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def tipline(tmp_path_factory):
    """A store with the ESP Harborline in it, whose secret was generated."""
    shell = Shell(tmp_path_factory.mktemp("terminal"))
    made = shell("esp", "add", "Harborline", "--username", "harborline")
    assert made.code == 0, made.err
    return shell
