"""Several processes on one store: an upgrade, and rotations while others seal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.both_databases


@contextmanager
def starting(database, tmp_path):
    """``start(module, *words)``: a process of ours, with its stdin and stdout open."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIPLINE_")}
    environment = {
        **kept,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "TIPLINE_HOME": str(tmp_path / "home"),
        "TIPLINE_DATABASE_URL": database,
    }
    running = []

    def begin(module: str, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", f"tests.custody.{module}", *words],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    try:
        yield begin
    finally:
        for process in running:
            process.kill()
            process.wait()


@pytest.fixture
def start(own_database, tmp_path):
    with starting(own_database, tmp_path) as start:
        yield start


@pytest.fixture
def start_empty(empty_database, tmp_path):
    with starting(empty_database, tmp_path) as start:
        yield start


def answer(process: subprocess.Popen[str], given: str = "") -> dict:
    out, _ = process.communicate(given, timeout=120)
    assert process.returncode == 0
    return json.loads(out.strip().rpartition("\n")[2] or "null")


def test_an_upgrade_keeps_what_was_sealed_and_every_secret(start_empty):
    answer(start_empty("old_keys", "old"))
    said = answer(start_empty("old_keys", "new"))
    fine = {"opens": True, "matches": True, "other": False}
    assert said["upgraded"] == {**fine, "unnamed": 1, "waiting": 1, "keys": 1}
    assert said["rotated"] == {**fine, "unnamed": 0, "waiting": 0, "keys": 1}


def test_nothing_is_lost_while_keys_change_under_busy_processes(start):
    makers = [start("busy", "make") for _each in range(2)]
    for maker in makers:
        assert maker.stdout.readline() == "ready\n"
    said = answer(start("busy", "rotate", "8"))
    made: dict[str, str] = {}
    for maker in makers:
        made |= answer(maker, "end\n")
    assert said["waiting"] < len(made)
    assert said["retired"] > 0
    assert len(made) > 20
    assert answer(start("busy", "open"), json.dumps(made)) == []
