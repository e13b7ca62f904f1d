"""Jobs as an administrator handles them: counted, seen when dead, requeued on the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import jobs
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.transactions import write_tx


def job_counts(actor: Actor) -> dict[str, int]:
    """Jobs by state; what is absent is zero."""
    actor.require(Permission.JOBS_MANAGE)
    return jobs.counts()


def dead_jobs(actor: Actor) -> list[dict[str, Any]]:
    """The newest jobs that gave up: id, kind, lane, attempts and the error's name."""
    actor.require(Permission.JOBS_MANAGE)
    return jobs.dead()


def requeue(actor: Actor, job_ids: Iterable[int]) -> int:
    """Give these dead jobs a fresh set of attempts; how many were still dead."""
    actor.require(Permission.JOBS_MANAGE)
    with write_tx():
        moved = [job_id for job_id in sorted(set(job_ids)) if jobs.requeue([job_id])]
        for job_id in moved:
            record(actor, Verb.JOB_REQUEUED, f"job:{job_id}")
    return len(moved)
