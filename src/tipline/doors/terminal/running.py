"""The web and job processes."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import types
from datetime import timedelta
from importlib import import_module
from typing import Annotated, Any

import typer

from tipline.doors.terminal.starting import check_start, load, migrate, say

THREADS = 4
_APPLICATION = "tipline.config.wsgi:application"
_PARENT_DEATH = 1  # PR_SET_PDEATHSIG of prctl(2)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Web processes.")] = 2,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Run `tipline worker` yourself.")
    ] = False,
) -> None:
    """Bring the database up to date, then serve the doors and do the jobs."""
    load()
    check_start()
    migrate()
    from granian import Granian  # noqa: PLC0415 - only here
    from granian.constants import Interfaces  # noqa: PLC0415

    words = [sys.executable, "-m", "tipline", "worker", "--parent", str(os.getpid())]
    jobs = None if no_worker else Kept(words)
    say(f"Serving http://{host}:{port}/")
    try:
        Granian(
            _APPLICATION,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            websockets=False,
            log_access=False,
            log_enabled=False,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=30,
        ).serve(target_loader=_application, wrap_loader=False)
    finally:
        if jobs is not None:
            jobs.end()


def _application() -> Any:
    """The WSGI application, loaded in each web process; that process ends with `serve`."""
    _end_with_parent()
    module, _, name = _APPLICATION.partition(":")
    return getattr(import_module(module), name)


def _end_with_parent() -> None:
    """Have the kernel send SIGTERM to this process when its parent dies, however that comes.

    Else a `serve` that was killed would leave children behind, which go on serving the port
    and doing jobs beside those of the next one.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH, int(signal.SIGTERM), 0, 0, 0)


class Kept:
    """A child process that is started again when it dies, until :meth:`end`."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._ending = threading.Event()
        self._child = subprocess.Popen(command)  # noqa: S603 - our own command line
        threading.Thread(target=self._keep, daemon=True).start()

    def _keep(self) -> None:
        while not self._ending.is_set():
            self._child.wait()
            if not self._ending.wait(0.5):
                self._child = subprocess.Popen(self._command)  # noqa: S603
            if self._ending.is_set():  # while this one was being started
                self._child.terminate()

    def end(self) -> None:
        self._ending.set()
        self._child.terminate()
        try:
            self._child.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._child.kill()


def worker(
    lease: Annotated[
        float,
        typer.Option(min=1, max=3600, help="Seconds until the job of a dead worker is taken over."),
    ] = 60,
    parent: Annotated[int, typer.Option(hidden=True, help="End when this parent has.")] = 0,
) -> None:
    """Do what waits: fingerprint, match, rank, route, seal the ledger. Ends on SIGTERM."""
    if parent:
        _end_with_parent()
    load()
    check_start()
    from tipline.ground.foundation.worker import work  # noqa: PLC0415 - needs the settings

    ended = threading.Event()

    def end(_signal: int, _frame: types.FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if parent and os.getppid() != parent:  # it died before the kernel could be asked
        return
    work(ended, lease=timedelta(seconds=lease))
