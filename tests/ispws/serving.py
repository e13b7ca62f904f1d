"""A real server for tests: its own home and database, ended by its pid."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
from tests import migrated

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60.0
ESPS = ("harborline", "quillnet")
SECRET = "a-long-generated-secret"


@dataclass
class Server:
    """A running server: its address, its folder and its accounts."""

    base: str
    home: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.base.removeprefix("http://").partition(":")
        return host, int(port)

    def tipline(self, *words: str) -> Any:
        """The last line of a command's output, which is its answer as JSON."""
        return json.loads(_run(self.environment, "tipline", *words).splitlines()[-1])

    def books(self) -> Any:
        return self.tipline("books", "--files", "--json")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Straight from its database: quicker than a command."""
        url = self.environment["TIPLINE_DATABASE_URL"]
        if url.startswith("postgres"):
            with psycopg.connect(url) as connection:
                return connection.execute(query).fetchall()
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite://"))) as connection:
            return connection.execute(query).fetchall()

    def objects(self) -> list[str]:
        """Every file below the store, the temporary ones too."""
        store = self.home / "objects"
        return sorted(str(path.relative_to(store)) for path in store.rglob("*") if path.is_file())

    def processes(self) -> list[psutil.Process]:
        main = psutil.Process(self.process.pid)
        return [main, *main.children(recursive=True)]


def _run(environment: Mapping[str, str], module: str, *words: str) -> str:
    """What a module prints when it is run as a command."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout.strip():
        raise RuntimeError(f"{module} {words}: {done.stderr[-1000:]}")
    return done.stdout.strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(
    folder: Path, *, worker: bool = False, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """A server with the ESPs ``harborline`` and ``quillnet``, each with one machine account."""
    port = free_port()
    (folder / "temporary").mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TIPLINE_", "DJANGO_"))}
    with migrated.database(folder, "wire") as url:
        environment = kept | {
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "TMPDIR": str(folder / "temporary"),
            "TIPLINE_HOME": str(folder / "home"),
            "TIPLINE_DATABASE_URL": url,
            "TIPLINE_PUBLIC_URL": f"http://127.0.0.1:{port}",
            **(settings or {}),
        }
        _run(environment, "tests.ispws.accounts", *ESPS)
        words = [sys.executable, "-m", "tipline", "serve", "--port", str(port), "--workers", "1"]
        with (folder / "serve.log").open("wb") as log:
            process = subprocess.Popen(
                [*words, "--job-workers", "1" if worker else "0"],
                env=environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        server = Server(f"http://127.0.0.1:{port}", folder / "home", environment, process)
        try:
            _wait_until_ready(server, folder / "serve.log")
            yield server
        finally:
            _end(server)


def _wait_until_ready(server: Server, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.process.poll() is None:
        try:
            if httpx.get(f"{server.base}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


def _end(server: Server) -> None:
    """Ask it to end; whatever is left of its own processes is killed, by its pid."""
    if server.process.poll() is not None:
        return
    family = server.processes()
    server.process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.process.wait(timeout=40)
    _gone, left = psutil.wait_procs(family, timeout=5)
    for process in left:
        process.kill()
    server.process.wait(timeout=10)
