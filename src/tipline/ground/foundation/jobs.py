"""The job table: asked for in the same commit, leased, retried, dead-lettered.

Delivery is at least once, so every task is idempotent. A lane is a sender: workers take
lanes in turn, so a flood from one starves nobody. The attempt number fences: a worker whose
lease ran out cannot overwrite what the next one did.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count

from tipline.ground.foundation import clock
from tipline.ground.foundation.adding import add, add_or_set
from tipline.ground.foundation.models import Job
from tipline.ground.foundation.transactions import NO_WAIT, derived_statement, write_tx

LEASE = timedelta(seconds=60)
#: Priorities: the smaller comes first. A person in danger does not wait behind a flood.
URGENT = 0
USUAL = 5
_BACKOFF_START = 1.0
_BACKOFF_LIMIT = 600.0

Task = Callable[[dict[str, Any]], None]
_TASKS: dict[str, Task] = {}


def task(kind: str) -> Callable[[Task], Task]:
    """Register the function that does jobs of this kind. One kind, one function."""

    def register(function: Task) -> Task:
        if _TASKS.setdefault(kind, function) is not function:
            raise ValueError(f"two tasks for the job kind {kind!r}")
        return function

    return register


def task_for(kind: str) -> Task | None:
    return _TASKS.get(kind)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job in the hands of one worker, until its lease ends."""

    id: int
    kind: str
    lane: str
    payload: dict[str, Any]
    attempts: int
    max_attempts: int
    worker: str


def enqueue(
    kind: str,
    payload: Mapping[str, Any],
    *,
    lane: str = "",
    dedup_key: str | None = None,
    delay: timedelta = timedelta(0),
    priority: int = USUAL,
) -> None:
    """Ask for a job in the current transaction; it exists exactly if that commits.

    With a ``dedup_key`` that still waits, that job serves this request too. The waiting row
    is touched all the same: the touch locks it until we commit, so that no worker starts it
    on what was true before our change.
    """
    now = clock.now()
    row = Job(
        kind=kind,
        lane=lane,
        payload=dict(payload),
        dedup_key=None if dedup_key is None else f"{kind}:{dedup_key}",
        run_at=now + delay,
        created_at=now,
        priority=priority,
    )
    if dedup_key is None:
        add([row])
    else:
        add_or_set([row], "dedup_key", "run_at")


_LANES = """
WITH RECURSIVE lanes(lane) AS (
    SELECT (SELECT lane FROM foundation_job {index} WHERE state IN ('queued', 'running')
             ORDER BY lane LIMIT 1)
    UNION ALL
    SELECT (SELECT lane FROM foundation_job {index}
             WHERE state IN ('queued', 'running') AND lane > lanes.lane ORDER BY lane LIMIT 1)
      FROM lanes WHERE lanes.lane IS NOT NULL
)
SELECT lane, (SELECT priority FROM foundation_job {index}
               WHERE foundation_job.lane = lanes.lane
                 AND state IN ('queued', 'running')
                 AND ((state = 'queued' AND run_at <= %s)
                      OR (state = 'running' AND lease_until < %s))
               ORDER BY priority, id LIMIT 1) AS first
  FROM lanes WHERE lane IS NOT NULL
"""


def ready_lanes(now: datetime) -> list[str]:
    """Lanes that have something to do at this instant, those with the most urgent job first.

    One look into the index for each lane: a hundred thousand jobs that wait in one of them
    cost the others nothing.
    """
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_LANES.format(index=_index()), [adapt(now), adapt(now)])
        found = [(first, lane) for lane, first in cursor.fetchall() if first is not None]
    return [lane for _first, lane in sorted(found)]


def _index() -> str:
    """Left to itself, SQLite takes the index on the state and reads all that waits."""
    return "INDEXED BY job_ready" if connection.vendor == "sqlite" else ""


def _no_wait() -> str:
    return NO_WAIT if connection.vendor == "postgresql" else "0"


_CLAIM = """
UPDATE foundation_job
   SET state = 'running', worker = %s, lease_until = %s, attempts = attempts + 1, dedup_key = NULL
 WHERE id = (SELECT id FROM foundation_job {index}
              WHERE lane = %s AND state IN ('queued', 'running')
                AND ((state = 'queued' AND run_at <= %s)
                     OR (state = 'running' AND lease_until < %s))
              ORDER BY priority, id LIMIT 1 {lock})
RETURNING id, kind, lane, payload, attempts, max_attempts, {no_wait}
"""
_FINISH = """
DELETE FROM foundation_job WHERE id = %s AND state = 'running' AND worker = %s AND attempts = %s
RETURNING {no_wait}
"""


def claim(lane: str, worker: str, *, lease: timedelta = LEASE) -> Claimed | None:
    """Take the next job of a lane, or None.

    A job whose worker died comes back when its lease ends; one that used up its attempts by
    killing its workers goes to the dead ones instead. Neither this nor :func:`finish` waits for
    the disk: what a power cut undoes of them is done again.
    """
    now = clock.now()
    lock = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    adapt = connection.ops.adapt_datetimefield_value
    with derived_statement(), connection.cursor() as cursor:
        cursor.execute(
            _CLAIM.format(lock=lock, index=_index(), no_wait=_no_wait()),
            [worker, adapt(now + lease), lane, adapt(now), adapt(now)],
        )
        rows = cursor.fetchall()  # to the end: only then has SQLite committed
    if not rows:
        return None
    job_id, kind, lane_, payload, attempts, max_attempts, _waits = rows[0]
    job = Claimed(job_id, kind, lane_, json.loads(payload), attempts, max_attempts, worker)
    if attempts <= max_attempts:
        return job
    with write_tx():
        _mine(job).update(state=Job.State.DEAD, last_error="its workers died", lease_until=None)
    return None


def _mine(job: Claimed) -> Any:
    return Job.objects.filter(
        pk=job.id, state=Job.State.RUNNING, worker=job.worker, attempts=job.attempts
    )


def heartbeat(job: Claimed, *, lease: timedelta = LEASE) -> bool:
    """Lengthen the lease; False when the job is no longer ours."""
    with write_tx():
        return bool(_mine(job).update(lease_until=clock.now() + lease))


def finish(job: Claimed) -> bool:
    """The job is done; False when it was taken over meanwhile (nothing is changed then)."""
    with derived_statement(), connection.cursor() as cursor:
        statement = _FINISH.format(no_wait=_no_wait())
        cursor.execute(statement, [job.id, job.worker, job.attempts])
        return bool(cursor.fetchall())


def backoff(attempts: int, jitter: float) -> timedelta:
    """How long to wait after the given attempt: doubling, bounded, ``jitter`` in [0, 1)."""
    seconds = min(_BACKOFF_LIMIT, _BACKOFF_START * float(2 ** max(0, attempts - 1)))
    return timedelta(seconds=seconds * (0.75 + 0.5 * jitter))


def fail(job: Claimed, error: str) -> bool:
    """The job failed: again later, or dead when its attempts are used up.

    ``error`` is the name of the error only: messages may hold personal values.
    """
    dead = job.attempts >= job.max_attempts
    with write_tx():
        return bool(
            _mine(job).update(
                state=Job.State.DEAD if dead else Job.State.QUEUED,
                run_at=clock.now() + backoff(job.attempts, random.random()),  # noqa: S311 - spreads retries only
                lease_until=None,
                worker="",
                last_error=error[:200],
            )
        )


def requeue(job_ids: Iterable[int]) -> int:
    """Give dead jobs a fresh set of attempts."""
    with write_tx():
        return Job.objects.filter(pk__in=list(job_ids), state=Job.State.DEAD).update(
            state=Job.State.QUEUED, run_at=clock.now(), attempts=0, worker="", lease_until=None
        )


def counts() -> dict[str, int]:
    """Jobs per state; what is absent is zero."""
    rows = Job.objects.values_list("state").annotate(n=Count("id"))
    return dict(rows)


def payloads(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """State and payload of each job of this kind that is not done, the oldest first."""
    return list(Job.objects.filter(kind=kind).order_by("pk").values_list("state", "payload"))


def waiting_in(lane: str, kind: str) -> int:
    """Jobs of this kind that are queued or running in a lane."""
    rows = Job.objects.filter(lane=lane, kind=kind)
    return rows.exclude(state=Job.State.DEAD).count()


def dead(limit: int = 500) -> list[dict[str, Any]]:
    """The jobs that gave up, newest first: id, kind, lane, attempts and the error's name."""
    rows = Job.objects.filter(state=Job.State.DEAD).order_by("-pk")[:limit]
    wanted = rows.values("id", "kind", "lane", "attempts", "last_error")
    return [dict(row) for row in wanted]


def waiting() -> int:
    """Jobs that are queued or running."""
    return Job.objects.exclude(state=Job.State.DEAD).count()
