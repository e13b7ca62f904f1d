"""Beginning a check and taking it to its end, as a job or here and now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock, jobs
from tipline.ground.foundation.actor import SYSTEM, Actor, Permission
from tipline.ground.foundation.errors import Conflict
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.transactions import write_tx
from tipline.record.evidence.checking import rules, steps
from tipline.record.evidence.checking.queries import KIND, under_way
from tipline.record.evidence.models import EvidenceFile, VaultRun

__all__ = ["KIND", "ask", "ask_daily", "begin", "run_here", "step", "task"]
LANE = "vault"
DAILY = timedelta(hours=24)


def begin(actor: Actor, *, full: bool = False, sweep_many: bool = False) -> VaultRun:
    """A run that the caller takes to its end with :func:`step`, in a transaction of its own.

    ``full`` opens every object instead of the day's share. ``sweep_many``: delete objects
    without a row although they are suspiciously many.
    """
    actor.require(Permission.VAULT_CHECK)
    return VaultRun.objects.create(
        kind=VaultRun.Kind.FULL if full else VaultRun.Kind.DAILY,
        asked_by=actor.reference,
        sweep_many=sweep_many,
        started_at=clock.now(),
    )


def ask(actor: Actor, *, full: bool = False) -> VaultRun:
    """Have a worker do it. Conflict while one is under way."""
    actor.require(Permission.VAULT_CHECK)
    with write_tx():
        if under_way():
            raise Conflict("A check is under way already.")
        run = begin(actor, full=full)
        _go_on(run)
    return run


def ask_daily() -> bool:
    """Have a worker do the day's run, unless there was one or one is under way.

    The first one waits until there is something that is a day old.
    """
    since = VaultRun.objects.order_by("-pk").values_list("started_at", flat=True).first()
    since = (
        since or EvidenceFile.objects.order_by("pk").values_list("received_at", flat=True).first()
    )
    if since is None or since > clock.now() - DAILY:
        return False
    try:
        ask(SYSTEM)
    except Conflict:
        return False
    return True


def _go_on(run: VaultRun) -> None:
    jobs.enqueue(KIND, {"run": run.pk}, lane=LANE, dedup_key=str(run.pk))


def task(payload: dict[str, Any]) -> None:
    """One step as a job, and the request for the next in the same transaction."""
    run = VaultRun.objects.get(pk=payload["run"])
    step(run, then=_go_on)


def run_here(run: VaultRun, tell: Callable[[VaultRun], None]) -> VaultRun:
    """All that is left of it in this process. Unavailable when the store is away."""
    while step(run):
        tell(run)
    return run


def step(run: VaultRun, then: Callable[[VaultRun], None] = lambda _run: None) -> bool:
    """One step; False when that was the last. ``run`` is brought up to date.

    ``then`` is called in the step's transaction while there is more to do.
    """
    if run.phase == VaultRun.Phase.DONE:
        return False
    done = steps.PHASES[run.phase](run)
    phase, figures = done.then or run.phase, rules.added(run.figures, done.more)
    more = phase != VaultRun.Phase.DONE
    with write_tx():
        moved = VaultRun.objects.filter(pk=run.pk, phase=run.phase, cursor=run.cursor).update(
            phase=phase, cursor=done.cursor, figures=figures, ended_at=None if more else clock.now()
        )
        if moved:  # else another process took this very step: it counts once
            done.write()
            if more:
                then(run)
            else:
                _note_end(run, figures)
        kill_point("vault.before_commit")
    run.refresh_from_db()
    return run.phase != VaultRun.Phase.DONE


def _note_end(run: VaultRun, figures: dict[str, int]) -> None:
    detail = {"kind": run.kind, "asked_by": run.asked_by, **figures}
    record(SYSTEM, Verb.VAULT_CHECKED, f"vault-check:{run.pk}", detail=detail)
