"""What `serve` turns into: the process that keeps the web and job processes running.

It holds the port's options and its children, nothing else. Django, the rooms and their
libraries are loaded by the children, each for itself, so this module and what it imports need
the standard library only, and Granian when it starts.

``python -m tipline.doors.terminal.supervising HOST PORT WORKERS JOB_WORKERS``
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from importlib import import_module
from typing import Any

from tipline.doors.terminal.starting import staying
from tipline.ground.foundation.parents import end_with_parent

THREADS = 4
#: How our own commands are started: without the present folder on the path.
PYTHON = (sys.executable, "-P", "-m")
_WORKING = "tipline.doors.terminal.working"
_APPLICATION = "tipline.config.wsgi:application"


def main(host: str, port: str, workers: str, job_workers: str) -> int:
    """Serve until SIGTERM or SIGINT, with so many processes of each kind; the exit code."""
    os.register_at_fork(after_in_child=_end_when_told)
    words = (*PYTHON, _WORKING, str(os.getpid()))
    kept = [Kept(words) for _number in range(int(job_workers))]
    try:
        _serve(host, int(port), int(workers))
    except (RuntimeError, ValueError) as error:  # what Granian makes of an address it cannot have
        reason = str(error).partition("\n")[0]
        print(f"tipline: {host} port {port} cannot be served: {reason}.", file=sys.stderr)
        return 2
    finally:
        for one in kept:
            one.ask_to_end()
        for one in kept:
            one.wait()
    return 0


def _serve(host: str, port: int, workers: int) -> None:
    from granian import Granian  # noqa: PLC0415 - of all commands this one only
    from granian.constants import Interfaces  # noqa: PLC0415

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


def _end_when_told() -> None:
    """Have a web process end at once on SIGTERM and SIGINT until it serves.

    It is forked with this process's handlers, which note the signal for a loop that only
    this process has: a server that was ended while it started would wait 30 seconds for it.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def _application() -> Any:
    """The WSGI application, loaded in each web process; that process ends with `serve`."""
    end_with_parent()
    module, _, name = _APPLICATION.partition(":")
    with staying():
        return getattr(import_module(module), name)


class Kept:
    """A child process that is started again when it dies, until it is asked to end."""

    def __init__(self, command: tuple[str, ...]) -> None:
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

    def ask_to_end(self) -> None:
        self._ending.set()
        self._child.terminate()

    def wait(self) -> None:
        """Until it has ended: its job is finished first."""
        try:
            self._child.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._child.kill()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
