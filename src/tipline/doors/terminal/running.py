"""The web and job processes."""

from __future__ import annotations

import os
import sys
from typing import Annotated, NoReturn

import typer

from tipline.doors.terminal import supervising, working
from tipline.doors.terminal.starting import check_start, load, migrate, say
from tipline.ground.foundation.origins import LOOPBACK


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Web processes.")] = 2,
    job_workers: Annotated[
        int, typer.Option(min=0, max=64, help="Job processes; more than one for more cores.")
    ] = 1,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="None of them: run `tipline worker` yourself.")
    ] = False,
) -> None:
    """Bring the database up to date, then serve the doors and do the jobs."""
    _name_address(host, port)
    load()
    check_start()
    migrate()
    say(f"Serving http://{host}:{port}/")
    jobs = 0 if no_worker else job_workers
    _become(supervising.__name__, host, str(port), str(workers), str(jobs))


def _name_address(host: str, port: int) -> None:
    """Where no address is set, it is this port of this machine: pages name it to browsers."""
    name = f"[{host}]" if host == "::1" else host if host in LOOPBACK else "127.0.0.1"
    os.environ.setdefault("TIPLINE_PUBLIC_URL", f"http://{name}:{port}")


def _become(module: str, *words: str) -> NoReturn:
    """Go on as another module in this very process: its number, its signals, its exit code.

    What was loaded to check and migrate goes out of memory. It would stay there as long as
    the server runs, and weigh as much as a web process, for nothing.
    """
    from django.db import connections  # noqa: PLC0415 - loaded by now

    connections.close_all()
    sys.stdout.flush()
    os.execv(sys.executable, [*supervising.PYTHON, module, *words])  # noqa: S606 - our own


def worker(
    lease: Annotated[
        float,
        typer.Option(min=1, max=3600, help="Seconds until the job of a dead worker is taken over."),
    ] = working.LEASE,
) -> None:
    """Do what waits: fingerprint, match, rank, route, seal the ledger. Ends on SIGTERM."""
    working.do_jobs(lease)
