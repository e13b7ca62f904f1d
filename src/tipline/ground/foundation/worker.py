"""The worker: takes lanes in turn, runs tasks, keeps leases alive, does what recurs."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import Error, close_old_connections, connection

from tipline.ground.foundation import clock, jobs
from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.killpoints import kill_point

log = structlog.get_logger(__name__)
_AWAY = 1.0
#: Lanes of jobs that speak to other machines. They have a thread of their own: nobody in danger
#: waits for a server somewhere that does not answer.
OUTWARD = "outward:"
_OUTWARD_IDLE = 1.0
#: A request under way is given up when the worker ends; its job comes back with its lease.
_LONGEST_GOODBYE = 5.0


def worker_name() -> str:
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{random_hex(4)}"


class _Heart:
    """Lengthens the lease of a job that runs long, from a thread of its own."""

    def __init__(self, job: jobs.Claimed, lease: timedelta) -> None:
        self._job = job
        self._lease = lease
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._stop.wait(self._lease.total_seconds() / 3):
                self._lengthen()
        finally:
            connection.close()

    def _lengthen(self) -> None:
        try:
            jobs.heartbeat(self._job, lease=self._lease)
        except Error as error:  # the next beat may come through; the lease is three beats long
            log.warning("heartbeat failed", job=self._job.id, error=type(error).__name__)
            connection.close()


def run_job(job: jobs.Claimed, *, lease: timedelta = jobs.LEASE) -> bool:
    """Run one claimed job to its end; True when it was done."""
    kill_point("job.claimed")
    task = jobs.task_for(job.kind)
    if task is None:
        jobs.fail(job, "no task of this kind")
        return False
    try:
        with _Heart(job, lease):
            task(job.payload)
    except Exception as error:  # noqa: BLE001 - whatever a task raises, the job is retried and seen
        jobs.fail(job, type(error).__name__)
        log.warning(
            "job failed",
            kind=job.kind,
            job=job.id,
            attempt=job.attempts,
            error=type(error).__name__,
        )
        return False
    kill_point("job.done_before_finish")
    return jobs.finish(job)


def run_ready(
    worker: str, *, lease: timedelta = jobs.LEASE, stop: Callable[[], bool] = lambda: False
) -> int:
    """Run rounds until none finds anything; how many jobs were tried."""
    tried = 0
    while not stop() and (found := run_round(worker, lease=lease, stop=stop)):
        tried += found
    return tried


def _every_lane(_lane: str) -> bool:
    return True


def outward(lane: str) -> bool:
    """Whether the jobs of this lane speak to other machines, and so may wait for them."""
    return lane.startswith(OUTWARD)


def run_round(
    worker: str,
    *,
    lease: timedelta = jobs.LEASE,
    stop: Callable[[], bool] = lambda: False,
    takes: Callable[[str], bool] = _every_lane,
) -> int:
    """Take one job of each ready lane, urgent lanes first; how many were tried."""
    tried = 0
    for lane in filter(takes, jobs.ready_lanes(clock.now())):
        if stop():
            break
        job = jobs.claim(lane, worker, lease=lease)
        if job is not None:
            run_job(job, lease=lease)
            tried += 1
    return tried


class Recurring:
    """Calls that are made every so often by whichever worker comes by; each is idempotent."""

    def __init__(self) -> None:
        self._calls: list[tuple[str, timedelta, Callable[[], object]]] = []
        self._due: dict[str, datetime] = {}

    def add(self, name: str, every: timedelta, call: Callable[[], object]) -> None:
        self._calls.append((name, every, call))

    def run(self, now: datetime) -> None:
        for name, every, call in self._calls:
            if self._due.get(name, now) > now:
                continue
            self._due[name] = now + every
            try:
                call()
            except Exception as error:  # noqa: BLE001 - one that fails must not stop the others
                log.warning("recurring call failed", name=name, error=type(error).__name__)


recurring = Recurring()


def work(stop: threading.Event, *, idle: float = 0.1, lease: timedelta = jobs.LEASE) -> None:
    """Work until ``stop`` is set. A running job is finished first."""
    name = worker_name()
    log.info("worker started", worker=name)

    def ended() -> bool:
        # Between jobs as well: what recurs must wait neither for a flood nor for a long round.
        recurring.run(clock.now())
        return stop.is_set()

    away = threading.Thread(target=_work_outward, args=(f"{name}-o", stop, lease), daemon=True)
    away.start()
    while not ended():
        busy = _round(name, stop, lease, ended, takes=lambda lane: not outward(lane))
        stop.wait(0 if busy else idle)
    away.join(_LONGEST_GOODBYE)


def _work_outward(name: str, stop: threading.Event, lease: timedelta) -> None:
    """The same, for lanes that wait for others; nothing recurs here."""
    try:
        while not stop.is_set():
            busy = _round(name, stop, lease, stop.is_set, takes=outward)
            stop.wait(0 if busy else _OUTWARD_IDLE)
    finally:
        connection.close()


def _round(
    name: str,
    stop: threading.Event,
    lease: timedelta,
    ended: Callable[[], bool],
    *,
    takes: Callable[[str], bool],
) -> bool:
    """One round; whether there was anything to do."""
    close_old_connections()
    try:
        return run_round(name, lease=lease, stop=ended, takes=takes) > 0
    except Error as error:  # the database is away: what was claimed comes back with its lease
        log.warning("no database", error=type(error).__name__)
        stop.wait(_AWAY)
        return False
