"""The command as a shell runs it: over several processes, killed and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Store:
    """A store of made-up reports, and commands on it."""

    environment: dict[str, str]

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", *words],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> str:
        process = self.start(*words)
        out, err = process.communicate(timeout=600)
        assert process.returncode == 0, err
        return out

    def again(self, *words: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(
            self.run("tipline", "links", "again", "--json", *words).splitlines()[-1]
        )
        return answer

    def again_killed(self, lines: int, *words: str) -> bool:
        """Whether it was killed: after so many lines of its progress, if it says so many."""
        process = self.start("tipline", "links", "again", *words)
        for _line in range(lines):
            process.stderr.readline()
        killed = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        return killed


@pytest.fixture
def store(db, own_database: str, tipline_home: Path) -> Store:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TIPLINE", "DJANGO"))}
    return Store(
        {
            **kept,
            "TIPLINE_HOME": str(tipline_home),
            "TIPLINE_DATABASE_URL": own_database,
            "DJANGO_SETTINGS_MODULE": "tipline.config.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }
    )


def test_two_processes_find_what_one_finds_and_a_killed_run_goes_on(store):
    store.run("benchmarks.linking.filling", "300")
    store.again_killed(1, "--processes", "2")
    done = store.again("--processes", "2")
    assert done["links"] > 100
    once_more = store.again("--processes", "1")
    assert (once_more["links"], once_more["compared"]) == (done["links"], done["compared"])
    assert (once_more["reports_changed"], once_more["keys_new"], once_more["keys_gone"]) == (
        0,
        0,
        0,
    )


@pytest.mark.proof
@pytest.mark.sqlite_only
def test_spark_finds_what_is_there_and_leaves_no_folder(store, tipline_home):
    from tests import parts

    parts.need(parts.SPARK)
    store.run("benchmarks.linking.filling", "300")
    done = store.again("--engine", "spark", "--master", "local[2]")
    assert done["links"] > 100
    here = store.again("--processes", "1")
    assert (here["reports_changed"], here["keys_new"], here["keys_gone"]) == (0, 0, 0)
    assert not (tipline_home / "link-again").exists()


@pytest.mark.proof
def test_killed_again_and_again_it_ends_the_same(store):
    dice, killed = Random(6), 0
    store.run("benchmarks.linking.filling", "8000")
    while store.again_killed(dice.randrange(1, 6)) and killed < 40:
        killed += 1
    done = store.again()
    assert killed
    assert done["upto"] == 8000
    once_more = store.again()
    assert (once_more["reports_changed"], once_more["keys_new"], once_more["keys_gone"]) == (
        0,
        0,
        0,
    )
