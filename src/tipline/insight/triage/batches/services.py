"""The only writer of batch acts: begun once, done in bounded steps, undone likewise.

Each step is one transaction: it claims the act's row, does what is left to so many reports,
and writes down what they were. A process that dies between steps leaves an act that says
itself what is left; :func:`resume_due` goes on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from tipline.ground.accounts.queries import actor_for
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.ground.foundation.reasons import Reason
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.batches.queries import act_for, held_of, refused, waiting
from tipline.insight.triage.batches.rules import (
    MOST_AT_ONCE,
    STOPPED,
    Act,
    Hand,
    Held,
    after,
    why_kept,
)
from tipline.insight.triage.models import BatchAct, QueueEntry
from tipline.insight.triage.queue import CLAIM

STEP = 100
"""Reports in one transaction."""
LEFT_BEHIND = timedelta(minutes=1)
"""After which another process goes on with an act."""
MOST_REASON = 300

_LEDGER = {
    Act.DONE: (Verb.QUEUE_DONE, Verb.QUEUE_REOPENED),
    Act.MEME: (Verb.QUEUE_DONE, Verb.QUEUE_REOPENED),
    Act.CLAIM: (Verb.QUEUE_CLAIMED, Verb.QUEUE_RELEASED),
    Act.RELEASE: (Verb.QUEUE_RELEASED, Verb.QUEUE_CLAIMED),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What was previewed: the form's token, the act, the reports in their order, and why."""

    token: str
    act: Act
    numbers: tuple[int, ...]
    reason: str = ""


def do(actor: Actor, plan: Plan) -> BatchAct:
    """Do it to all of them, or go on with it; the same plan again does nothing more."""
    row = _begun(actor, plan)
    _walk(row.pk, _step)
    return act_for(actor, row.pk)


def _begun(actor: Actor, plan: Plan) -> BatchAct:
    actor.require(Permission.QUEUE_WORK)
    reason = " ".join(plan.reason.split())
    if not 1 <= len(plan.numbers) <= MOST_AT_ONCE:
        raise Invalid(f"Choose 1 to {MOST_AT_ONCE} reports.", field="number")
    if len(reason) > MOST_REASON or (plan.act is Act.DONE and not reason):
        raise Invalid(f"Say why, in 1 to {MOST_REASON} characters.", field="reason")
    now = clock.now()
    values: dict[str, Any] = {
        "verb": plan.act.value,
        "by_id": actor.person_key,
        "at": now,
        "touched_at": now,
        "reason": reason,
        "state": BatchAct.State.DOING,
        "wanted": list(dict.fromkeys(plan.numbers)),
        "before": {},
    }
    with write_tx():
        row, _made = BatchAct.objects.get_or_create(token=plan.token, defaults=values)
    if row.by_id != actor.person_key:
        raise NotVisible("There is no such act of yours.")
    return row


def undo(actor: Actor, act_id: int) -> BatchAct:
    """Restore what the act changed, as far as nobody has changed it since. Once is enough."""
    actor.require(Permission.QUEUE_WORK)
    with write_tx():
        row = BatchAct.objects.select_for_update().filter(pk=act_id).first()
        if row is None:
            raise NotVisible("There is no such act.")
        if row.state == BatchAct.State.DOING:
            raise Conflict("It is still being done: wait a minute, or go on with it.")
        if row.state == BatchAct.State.DONE:
            row.state, row.undone_by_id = BatchAct.State.UNDOING, actor.person_key
            row.undone_at = row.touched_at = clock.now()
            row.save()
    _walk(act_id, _undo_step)
    return act_for(actor, act_id)


def go_on(act_id: int) -> None:
    """Go on with an act or an undo that was cut off; nothing to do for one that is whole."""
    _walk(act_id, _step)
    _walk(act_id, _undo_step)


def resume_due() -> int:
    """Go on with what no process has touched for a while; how many acts there were."""
    left = BatchAct.objects.filter(
        state__in=[BatchAct.State.DOING, BatchAct.State.UNDOING],
        touched_at__lte=clock.now() - LEFT_BEHIND,
    )
    found = list(left.order_by("touched_at").values_list("pk", flat=True))
    for act_id in found:
        go_on(act_id)
    return len(found)


def _walk(act_id: int, step: Callable[[BatchAct], bool]) -> None:
    """Steps, each in a transaction of its own, until one says that nothing is left."""
    left = True
    while left:
        with write_tx():
            left = step(BatchAct.objects.select_for_update().get(pk=act_id))


def _step(row: BatchAct) -> bool:
    """The next reports; True while there are more. The act's row is held by the caller."""
    if row.state != BatchAct.State.DOING:
        return False
    left = waiting(row.wanted, row.before, row.skipped)
    actor = actor_for(row.by)
    _do(row, actor, left[:STEP])
    row.touched_at = clock.now()
    if finished := len(left) <= STEP:
        row.state = BatchAct.State.DONE
        counts = {"act": row.verb, "changed": len(row.before), "left": len(row.skipped)}
        record(actor, Verb.BATCH_DONE, f"batch:{row.pk}", detail=counts)
    row.save()
    return not finished


def _do(row: BatchAct, actor: Actor, numbers: Sequence[int]) -> None:
    act, now, places = Act(row.verb), clock.now(), _held_places(numbers)
    hand = Hand(row.by_id, row.at, CLAIM)
    may = actor.may(Permission.QUEUE_WORK)
    for number in numbers:
        place = places.get(number)
        why = refused(act, place, row.by_id, now) if may else STOPPED
        if why or place is None:
            row.skipped[str(number)] = _stored(why)
            continue
        before = held_of(place)
        row.before[str(number)] = before.as_json()
        _write(number, after(act, before, hand))
        _note(row, actor, number, _LEDGER[act][0])


def _held_places(numbers: Sequence[int]) -> dict[int, QueueEntry]:
    """The places of these reports, held until the step ends; in one order, so that two steps
    never wait for each other.
    """
    rows = QueueEntry.objects.select_for_update(of=("self",)).select_related("assessment")
    return {row.report_id: row for row in rows.filter(pk__in=numbers).order_by("pk")}


def _write(number: int, held: Held) -> None:
    values: dict[str, Any] = asdict(held)
    values["claimed_by_id"] = values.pop("claimed_by")
    values["done_by_id"] = values.pop("done_by")
    QueueEntry.objects.filter(pk=number).update(**values)


def _note(row: BatchAct, actor: Actor, number: int, verb: Verb, **more: bool) -> None:
    record(actor, verb, f"report:{number}", detail={"batch": row.pk, **more})


def _stored(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [reason.as_json() for reason in reasons]


def _undo_step(row: BatchAct) -> bool:
    """The next reports of an undo; True while there are more."""
    if row.state != BatchAct.State.UNDOING or row.undone_by is None:
        return False
    left = waiting(map(int, row.before), row.restored, row.kept)
    actor = actor_for(row.undone_by)
    _restore(row, actor, left[:STEP])
    row.touched_at = clock.now()
    if finished := len(left) <= STEP:
        row.state = BatchAct.State.UNDONE
        counts = {"act": row.verb, "restored": len(row.restored), "left": len(row.kept)}
        record(actor, Verb.BATCH_UNDONE, f"batch:{row.pk}", detail=counts)
    row.save()
    return not finished


def _restore(row: BatchAct, actor: Actor, numbers: Sequence[int]) -> None:
    act, places = Act(row.verb), _held_places(numbers)
    hand = Hand(row.by_id, row.at, CLAIM)
    for number in numbers:
        place = places.get(number)
        before = Held.from_json(row.before[str(number)])
        why = why_kept(held_of(place) if place else None, after(act, before, hand))
        if why:
            row.kept[str(number)] = _stored(why)
            continue
        _write(number, before)
        row.restored.append(number)
        _note(row, actor, number, _LEDGER[act][1], undone=True)
