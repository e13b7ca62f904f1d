from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests import migrated
from tests.filing import world

__all__ = ["world"]
ROOT = Path(__file__).resolve().parents[2]


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
        return self._run("tipline", *words, stdin=stdin, settings=settings)

    def several(self, *commands: tuple[list[str], str]) -> list[Ended]:
        """The same in one process: (words, stdin) of each command, what each left behind."""
        done = self._run("tests.terminal.several", stdin=json.dumps(commands), settings={})
        return [Ended(*one) for one in json.loads(done.out)]

    def _run(self, module: str, *words: str, stdin: str, settings: dict[str, str]) -> Ended:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TIPLINE", "DJANGO"))}
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            env={**kept, "TIPLINE_HOME": str(self.home), "PYTHONPATH": path, **settings},
        )
        return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def signed_in(world):
    """``signed_in("silas")``: a browser of that person, on the test's own store."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(world.people[name])
        return client

    return sign_in


@pytest.fixture(scope="session")
def tipline(tmp_path_factory):
    """A store with the ESP Harborline in it, whose secret was generated."""
    shell = Shell(tmp_path_factory.mktemp("terminal"))
    migrated.copy_into(shell.home)
    made = shell("esp", "add", "Harborline", "--username", "harborline")
    assert made.code == 0, made.err
    return shell
