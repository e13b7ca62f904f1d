"""Stores to measure in: each in a home of its own, on SQLite or a durable PostgreSQL."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.postgres import database, running

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Store:
    """A filled store; commands run in it by its environment."""

    environment: Mapping[str, str]
    loaded: Mapping[str, Any]

    def inside(self, verb: str, *words: object) -> dict[str, Any]:
        """Run a verb of :mod:`benchmarks.pipeline.inside`; its line of JSON."""
        said = run_inside(
            ["-m", "benchmarks.pipeline.inside", verb, *map(str, words)], self.environment
        )
        found: dict[str, Any] = json.loads(said.splitlines()[-1])
        return found


def run_inside(words: list[str], environment: Mapping[str, str]) -> str:
    """The command's stdout; its words go to a file in the store's home, shown when it fails."""
    log = Path(environment["TIPLINE_HOME"]) / "bench.log"
    with log.open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-P", *words],
            cwd=ROOT,
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=out,
            check=False,
            text=True,
        )
    if done.returncode:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}:\n{last}")
    return done.stdout


@contextmanager
def empty(kind: str) -> Iterator[dict[str, str]]:
    """The environment of a store of its own, without a table yet; removed afterwards.

    ``kind``: ``sqlite`` or ``postgresql``.
    """
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="tipline-bench-"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "TIPLINE_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "tipline.config.settings",
        }
        environment.pop("TIPLINE_DATABASE_URL", None)
        if kind == "postgresql":
            server = stack.enter_context(running(durable=True))
            environment["TIPLINE_DATABASE_URL"] = stack.enter_context(database(server, "bench"))
        yield environment


@contextmanager
def filled(kind: str, reports: int, pack: int) -> Iterator[Store]:
    """A store with so many reports, ``pack`` of them read by the pipeline; removed afterwards."""
    with empty(kind) as environment:
        words = ["-m", "tipline", "load", "--reports", str(reports), "--pack", str(pack)]
        yield Store(environment, json.loads(run_inside(words, environment).splitlines()[-1]))


@contextmanager
def serving(store: Store, job_workers: int | None = None) -> Iterator[str]:
    """The store's web and job processes, as `tipline serve` starts them; yields their address.

    ``job_workers``: None for as many as it starts by itself.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    words = ["-P", "-m", "tipline", "serve", "--port", str(port), "--workers", "1"]
    if job_workers is not None:
        words += ["--job-workers", str(job_workers)]
    environment = {**store.environment, "TIPLINE_PUBLIC_URL": base}
    with (Path(store.environment["TIPLINE_HOME"]) / "server.log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait_until_ready(base, child)
            yield base
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=90)


def _wait_until_ready(base: str, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and child.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the server was not ready in time")
