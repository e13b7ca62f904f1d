"""Several processes, one table: each finds what another has committed, whoever writes the files.

And they may die while they write them (promises T1 and T2 for what is derived: it comes back).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.matching.planted import clustered, flipped, near_each

ROOT = Path(__file__).resolve().parents[2]
INDEX_POINTS = ["index.written", "index.renamed", "index.listed", "index.replaced"]


class Searching:
    """A process of ``searching.py``; calls are its verbs."""

    def __init__(self, database: str, home: Path, kill_at: str = "") -> None:
        kept = {name: word for name, word in os.environ.items() if not name.startswith("TIPLINE_")}
        environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "tipline.config.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "TIPLINE_HOME": str(home),
            "TIPLINE_DATABASE_URL": database,
            **({"TIPLINE_KILL_AT": kill_at} if kill_at else {}),
        }
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.matching.searching"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=ROOT,
            text=True,
        )
        assert self._line() == "ready"

    def __getattr__(self, verb):
        return lambda *words: self.call(verb, *words)

    def send(self, verb: str, *words: str) -> None:
        self._popen.stdin.write(json.dumps([verb, *words]) + "\n")
        self._popen.stdin.flush()

    def call(self, verb: str, *words: str):
        self.send(verb, *words)
        return self._line()

    def _line(self):
        line = self._popen.stdout.readline()
        return json.loads(line) if line else None

    def died(self) -> bool:
        """Whether it was ended by SIGKILL."""
        return self._popen.wait(timeout=120) == -signal.SIGKILL

    def kill(self) -> None:
        self._popen.kill()
        self._popen.wait()
        self._popen.stdin.close()
        self._popen.stdout.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def start(empty_database: str, home: Path) -> Iterator:
    """Starts processes on one database and one home folder; the first makes the table."""
    started = []

    def start(kill_at: str = "") -> Searching:
        started.append(Searching(empty_database, home, kill_at))
        if len(started) == 1:
            started[0].make()
        return started[-1]

    yield start
    for one in started:
        one.kill()


def hexed(values) -> list[str]:
    return [value.hex() for value in values]


@pytest.mark.both_databases
def test_what_one_commits_the_others_find_with_their_next_search(start):
    one, other, third = start(), start(), start()
    values, keys = hexed(clustered(24, 3)), []
    for turn, value in enumerate(values):
        writer, reader = (one, other) if turn % 2 else (other, one)
        keys += writer.keep(value)
        for asked in (reader, third, writer):
            assert [keys[-1], 0] in asked.search(value)[0]
        if turn % 10 == 5:
            assert writer.join()
    rows = [(key, bytes.fromhex(value)) for key, value in zip(keys, values, strict=True)]
    for asked in (one, other, third, start()):
        found = asked.search(*values)
        assert found == [
            [list(pair) for pair in near] for near in near_each([v for _k, v in rows], rows, 31)
        ]


@pytest.mark.both_databases
def test_files_written_while_somebody_has_not_committed_yet(start, empty_database):
    """On PostgreSQL the late row has a key far below those in the files. SQLite has no such rows:
    there the file is written before anyone else can insert.
    """
    one, other = start(), start()
    late, early = hexed(clustered(2, 5)), hexed(clustered(40, 6))
    one.keep(*early[:20])
    one.begin()
    keys = one.keep(*late)
    if empty_database.startswith("postgres"):
        other.keep(*early[20:])
        assert other.search(late[0], early[-1])[0] == []
    assert other.join()
    assert other.search(late[0])[0] == []
    one.end()
    for asked in (other, one, start()):
        assert [[keys[0], 0], [keys[1], 0]] == [
            pair
            for pair in sorted(asked.search(late[0])[0] + asked.search(late[1])[0])
            if pair[1] == 0
        ]
    assert other.join()
    fresh = start()
    assert [keys[1], 0] in fresh.search(late[1])[0]
    assert fresh.held()["tail"] == 0


@pytest.mark.both_databases
def test_a_table_that_nobody_searches_loads_nothing(start):
    one = start()
    one.keep(*hexed(clustered(3, 1)))
    assert one.imported() == []
    one.search("00" * 32)
    assert one.imported() == ["numpy"]


class TestKilled:
    def test_at_each_named_point(self, start, home):
        one, other, rows = start(), start(), []
        other.search("00" * 32)
        for turn, point in enumerate(INDEX_POINTS):
            values = clustered(150, turn)
            rows += zip(one.keep(*hexed(values)), values, strict=True)
            dying = start(point)
            dying.send("join")
            assert dying.died()
            one.renew()
            assert self.are_right([one, other], rows)
        assert one.join()
        one.renew()
        assert self.are_right([one], rows)
        assert one.held() == {"files": len(rows), "tail": 0}
        assert self.is_clean(home)

    @pytest.mark.parametrize("seed", [1])
    def test_at_any_moment(self, start, home, seed):
        self.at_random(start, home, seed, 2)

    @pytest.mark.proof
    @pytest.mark.parametrize("seed", range(5))
    def test_at_any_moment_a_hundred_times(self, start, home, seed):
        self.at_random(start, home, seed, 100)

    def at_random(self, start, home, seed: int, times: int) -> None:
        dice, rows = random.Random(seed), []
        one, other = start(), start()
        for turn in range(times):
            values = clustered(200, 1000 * seed + turn)
            rows += zip(one.keep(*hexed(values)), values, strict=True)
            dying = start()
            dying.send("join")
            time.sleep(dice.uniform(0, 0.25))
            dying.kill()
            one.renew()
            assert self.are_right([one, other], rows)
        assert one.join()
        assert one.check()
        assert self.is_clean(home)

    def are_right(self, readers: Sequence[Searching], rows) -> bool:
        """For every fortieth row, and for something as far from it as it may be."""
        asked = [value for _key, value in rows[::40]]
        asked += [flipped(value, range(0, 248, 8)) for value in asked]
        expected = [[list(pair) for pair in near] for near in near_each(asked, rows, 31)]
        return all(reader.search(*hexed(asked)) == expected for reader in readers)

    def is_clean(self, home: Path) -> bool:
        """Nothing lies in the folder but what the list names."""
        folder = home / "index" / "test"
        listed = json.loads((folder / "segments.json").read_text().partition("\n")[2])
        named = {name["file"] for name in listed["names"]}
        return {path.name for path in folder.iterdir()} == {
            *named,
            "segments.json",
            "writer.lock",
        }
