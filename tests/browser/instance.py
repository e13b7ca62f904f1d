"""A Tipline of the browser tests' own: the real server on a free port, a store in a folder."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests import migrated

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60.0
SIMULATED = 40
SEED = 2026


class Hand:
    """A process that works on the store of an instance: ``tests.browser.world``.

    One for the whole run: to start a process for each deed takes longer than most deeds do.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def does(self, deed: str, *words: str) -> dict[str, Any]:
        """What ``tests.browser.world`` answers. Raises RuntimeError with its trouble."""
        said, told = self._process.stdin, self._process.stdout
        assert said is not None
        assert told is not None
        said.write(json.dumps([deed, *words]) + "\n")
        said.flush()
        ready, _, _ = select.select([told], [], [], PATIENCE)
        answer = told.readline() if ready else ""
        if not answer:
            raise RuntimeError(f"{deed} gave no answer within {PATIENCE:.0f} seconds")
        found: dict[str, Any] = json.loads(answer)
        if "trouble" in found:
            raise RuntimeError(f"{deed}: {found['trouble']}")
        return found


@dataclass(frozen=True)
class Instance:
    """Where it answers, and who and what is in it (see ``tests.browser.world``)."""

    url: str
    hand: Hand
    password: str
    reports: dict[str, int]

    def work(self) -> None:
        """Do all jobs that wait, as a worker would."""
        left = self.hand.does("work")
        assert left == {"waiting": 0, "dead": []}

    def put_on_list(self, name: str) -> None:
        """Have the files of this report stand on our own viral list."""
        self.hand.does("listed", str(self.reports[name]))

    def tire(self, username: str, name: str) -> None:
        """Have this person look at a file of this report until a break is due."""
        self.hand.does("tired", username, str(self.reports[name]))

    def fill_studio(self) -> None:
        """File what the journey through the studio labels, and have it read."""
        self.hand.does("studio")

    def propose_links(self) -> list[int]:
        """File pairs that may be one person; the keys of their proposals, which come first."""
        made = self.hand.does("links")
        assert set(made["states"]) == {"proposed"}
        return list(made["links"])

    def send_urgent(self) -> int:
        """One more urgent report, ranked; its number."""
        return int(self.hand.does("urgent")["number"])


def environment_of(home: Path, url: str) -> dict[str, str]:
    """This process's environment without its own deployment, but with this home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIPLINE_")}
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return {**kept, "PYTHONPATH": paths, "TIPLINE_HOME": str(home), "TIPLINE_PUBLIC_URL": url}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(home: Path) -> Iterator[Instance]:
    """Fill a store, serve it, send it a simulated stream, and let the pipeline read all of it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = environment_of(home, url)
    migrated.copy_into(home)
    with _hand(environment) as hand:
        made = hand.does("make")
        instance = Instance(url, hand, made["password"], made["reports"])
        with _served(port, environment, home / "server.log"):
            _simulate(url, made["secret"])
            instance.work()
            yield instance


@contextmanager
def _hand(environment: dict[str, str]) -> Iterator[Hand]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.world"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:  # closing what it reads from ends it
        yield Hand(process)


@contextmanager
def _served(port: int, environment: dict[str, str], log: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "tipline", "serve", "--workers", "1", "--no-worker"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*command, "--port", str(port)], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/readyz", server, log)
        yield
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start: {log.read_text(errors='replace')[-2000:]}")


def _simulate(url: str, secret: str) -> None:
    """A stream of reports over HTTP, all by one ESP, with events up to now."""
    from simulator.planning.plan import plan
    from simulator.wire.connections import Connections, Credential
    from simulator.wire.driver import Accounts, drive
    from simulator.world.profile_files import profile_named

    until = datetime.now(UTC).replace(second=0, microsecond=0)
    stream = plan(SEED, SIMULATED, replace(profile_named("demo"), until=until))
    accounts = Accounts(for_all=Credential("quillnet", secret))
    summary = drive(stream, Connections(url), accounts)
    assert summary.troubles == []
