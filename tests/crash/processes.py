"""The product as real processes: started, found ready, killed, ended by their own numbers.

Each process leads a session of its own, so that killing its group reaches its children and
nothing else. What it says goes to a file of its own, where a named kill point leaves a line.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds: for a machine that others use too, never a measure
LEASE = 2  # seconds until the job of a killed worker is taken over
_PAUSE = 0.02
_METRIC = re.compile(r'^tipline_(?:jobs\{state="(\w+)"\}|ledger_(\w+)) (\S+)$', re.MULTILINE)
_KILLED = re.compile(r"^tipline: killed at (\S+)$", re.MULTILINE)


def wait_until(come: Callable[[], bool], what: str, *, patience: float = PATIENCE) -> None:
    """Look again and again until it has come; ``what`` is told when it never does."""
    until = time.monotonic() + patience
    while not come():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {patience:.0f} s in vain for {what}")
        time.sleep(_PAUSE)


def free_port() -> int:
    """A port that is free, below those that the kernel gives to outgoing connections."""
    while True:
        port = random.randint(15_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@dataclass(slots=True)
class Deployment:
    """One store, one database, one address. Everything on disk lies below ``folder``.

    ``accounts``: each sender's user name and secret. ``settings``: more of the environment.
    """

    folder: Path
    database_url: str
    accounts: dict[str, list[str]] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _started: int = 0

    def __post_init__(self) -> None:
        for part in (self.home, self.temporary, self.logs):
            part.mkdir(parents=True)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def temporary(self) -> Path:
        return self.folder / "tmp"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def on_disk(self) -> list[Path]:
        """Every folder that the product or its database writes to."""
        host = parse_qs(urlsplit(self.database_url).query).get("host", [])
        return [self.folder, *(Path(place) / part for place in host for part in ("data", "log"))]

    def environment(self, kill_at: str = "") -> dict[str, str]:
        kept = {name: word for name, word in os.environ.items() if not name.startswith("TIPLINE_")}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "tipline.config.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "TMPDIR": str(self.temporary),
            "TIPLINE_HOME": str(self.home),
            "TIPLINE_DATABASE_URL": self.database_url,
            "TIPLINE_PUBLIC_URL": self.url,
            **self.settings,
            **({"TIPLINE_KILL_AT": kill_at} if kill_at else {}),
        }

    def web(self, kill_at: str = "", *, with_worker: bool = False) -> Process:
        words = ["tipline", "serve", "--port", str(self.port), "--workers", "1"]
        return self._process("web", words + ([] if with_worker else ["--no-worker"]), kill_at)

    def web_again(self, kill_at: str) -> Process:
        """What ``serve`` turns into once it has checked and migrated: for one start of many."""
        words = ["tipline.doors.terminal.supervising", "127.0.0.1", str(self.port), "1", "0"]
        return self._process("web", words, kill_at)

    def worker(self, kill_at: str = "") -> Process:
        return self._process("worker", ["tipline", "worker", "--lease", str(LEASE)], kill_at)

    def product(self, *words: str, kill_at: str = "", given: Any = None) -> Process:
        """One of our own commands beside the product (see ``product.py``)."""
        return self._process(words[0], ["tests.crash.product", *words], kill_at, given)

    def tipline(self, *words: str) -> Process:
        return self._process(words[0], ["tipline", *words], "")

    def _process(self, name: str, words: list[str], kill_at: str, given: Any = None) -> Process:
        self._started += 1
        log = self.logs / f"{self._started:04d}-{name}"
        command = [sys.executable, "-P", "-m", *words]
        return Process(command, self.environment(kill_at), log, given)

    def get(self, path: str, *, patience: float = 5.0) -> tuple[int, bytes]:
        """One request without account; OSError or HTTPException when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def is_ready(self) -> bool:
        try:
            return self.get("/readyz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def waiting(self) -> dict[str, int]:
        """Jobs by state and ledger entries not yet sealed, as ``/metrics`` tells them."""
        text = self.get("/metrics", patience=PATIENCE)[1].decode()
        found = _METRIC.findall(text)
        return {state or ledger: int(float(count)) for state, ledger, count in found}

    def left(self) -> tuple[int, ...]:
        """Jobs that wait, jobs that run, ledger entries that are not sealed."""
        waiting = self.waiting()
        return waiting["queued"], waiting["running"], waiting["unsealed"]

    def wait_until_done(self) -> None:
        """Until nothing is left: for as long as something moves, however slowly, for an hour."""
        until = time.monotonic() + 30 * PATIENCE
        while any(left := self.left()):
            assert time.monotonic() < until, f"it does not come to an end: {left} left"
            wait_until(lambda seen=left: self.left() != seen, f"the worker: {left} left")

    def settle(self) -> None:
        """Have a fresh worker do all that waits, and all that recurs, and end by itself.

        That nothing waits is no sign that it has looked at what recurs: killed then, it would
        leave half of that. What it found there makes new work for another one.
        """
        while True:
            with self.worker() as worker:
                worker.wait_for_word("worker started")
                self.wait_until_done()
                worker.terminate()
                assert worker.code() == 0, worker.said()[-2000:]
            if not any(self.left()):
                return


class Process:
    """A started process and its children. Use it in a ``with``: none outlives the test."""

    def __init__(
        self, command: list[str], environment: Mapping[str, str], log: Path, given: Any
    ) -> None:
        self.log, self.out = log.with_suffix(".log"), log.with_suffix(".out")
        with self.log.open("wb") as errors, self.out.open("wb") as out:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.PIPE if given is not None else subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                env=dict(environment),
                cwd=ROOT,
                start_new_session=True,
            )
        if given is not None and self._popen.stdin:
            self._popen.stdin.write(json.dumps(given).encode())
            self._popen.stdin.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        return self._popen.pid

    def alive(self) -> bool:
        return self._popen.poll() is None

    def children(self) -> list[int]:
        """The children that this process itself started and that still live."""
        tasks = Path(f"/proc/{self.pid}/task")
        texts = [(task / "children").read_text() for task in tasks.glob("*")]
        return [int(pid) for text in texts for pid in text.split()]

    def kill(self) -> None:
        """SIGKILL to the process and all that is left of its group."""
        with suppress(ProcessLookupError):  # all of it has ended
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()

    def kill_child(self) -> None:
        """SIGKILL to one child: what a crash of it looks like to its parent."""
        child = self.children()[-1]
        os.kill(child, signal.SIGKILL)
        wait_until(lambda: child not in self.children(), "a killed child to be gone")

    def kill_alone(self) -> None:
        """SIGKILL to the process only: its children learn of it from the kernel."""
        self._popen.kill()
        self._popen.wait()

    def terminate(self) -> None:
        """SIGTERM to the process alone, as an operator or a supervisor sends it."""
        self._popen.send_signal(signal.SIGTERM)

    def code(self, patience: float = PATIENCE) -> int:
        """The exit code, once it has ended by itself."""
        return self._popen.wait(timeout=patience)

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def killed_at(self) -> list[str]:
        """The named points at which it or a child of it has died."""
        return _KILLED.findall(self.said())

    def answer(self) -> Any:
        """The last line of its output, once it has ended well."""
        assert self.code() == 0, self.said()[-2000:]
        return json.loads(self.out.read_text().splitlines()[-1])

    def wait_for_word(self, word: str) -> None:
        """Until it has said the word; AssertionError when it ends before."""

        def said() -> bool:
            if word in self.said():
                return True
            assert self.alive(), self.said()[-2000:]
            return False

        wait_until(said, f"{self.log.name} to say {word!r}")

    def wait_until_ready(self, deployment: Deployment) -> None:
        def ready() -> bool:
            assert self.alive(), self.said()[-2000:]
            return deployment.is_ready()

        wait_until(ready, "the server to be ready")
