"""From one shift to the next: what came, what is held, what runs out, and a few words.

The figures are counted when the page is asked for, from the last hand-over on; what is kept is
the text, who wrote it and who has read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.batches.queries import acts_since
from tipline.insight.triage.models import (
    BAND_RANK,
    OPEN,
    BatchAct,
    HandOver,
    Judgement,
    QueueEntry,
)
from tipline.insight.triage.queue_filter import ORDER

MOST_TEXT = 4_000
MOST_LISTED = 100
MOST_HISTORY = 10
DUE_SOON = timedelta(days=3)
#: The first shift of a house looks back so far.
FIRST_LOOK = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Shift:
    """What the next shift needs to know. ``since``: the last hand-over, or a day ago.

    While nobody has read the last hand-over, its own shift is still the one to know of.

    Lists end at :data:`MOST_LISTED`; the counts beside them do not.
    """

    since: datetime
    now: datetime
    came: dict[str, int]
    done: int
    urgent: list[QueueEntry]
    urgent_count: int
    claimed: list[QueueEntry]
    due: list[QueueEntry]
    due_count: int
    waiting: list[Judgement]
    acts: list[BatchAct]


def shift_for(actor: Actor) -> Shift:
    """The shift that ends now. Its number of queries does not grow."""
    actor.require(Permission.QUEUE_WORK)
    now = clock.now()
    last = newest()
    since = _beginning(last, now)
    rows = QueueEntry.objects.select_related("report", "assessment", "claimed_by", "done_by")
    urgent = rows.filter(OPEN, band_rank=BAND_RANK["urgent"]).order_by(*ORDER)
    due = rows.filter(OPEN, deadline__gt=now, deadline__lte=now + DUE_SOON)
    held = rows.filter(OPEN, claimed_by__isnull=False, claimed_until__gt=now)
    return Shift(
        since=since,
        now=now,
        came=_came(since),
        done=QueueEntry.objects.filter(done_at__gt=since).count(),
        urgent=list(urgent[:MOST_LISTED]),
        urgent_count=urgent.order_by().count(),
        claimed=list(held.order_by("claimed_by__name", "claimed_by_id", *ORDER)[:MOST_LISTED]),
        due=list(due.order_by("deadline", "report_id")[:MOST_LISTED]),
        due_count=due.order_by().count(),
        waiting=_waiting(),
        acts=acts_since(actor, since),
    )


def _beginning(last: HandOver | None, now: datetime) -> datetime:
    if last is None:
        return now - FIRST_LOOK
    return last.at if last.read_at else last.since


def _came(since: datetime) -> dict[str, int]:
    """Reports ranked since, by band; a band without any is zero."""
    found = QueueEntry.objects.filter(ranked_at__gt=since).order_by().values_list("band_rank")
    counts = dict(found.annotate(n=Count("pk")))
    return {band: counts.get(rank, 0) for band, rank in BAND_RANK.items()}


def _waiting() -> list[Judgement]:
    """Judgements that hold only once a second person has agreed."""
    rows = Judgement.objects.select_related("by").filter(
        needs_second=True, seconded_at__isnull=True, withdrawn_at__isnull=True
    )
    return list(rows.order_by("at", "pk")[:MOST_LISTED])


def newest() -> HandOver | None:
    """The last hand-over that counts. The caller has checked its actor."""
    rows = HandOver.objects.select_related("by", "read_by").filter(withdrawn_at__isnull=True)
    return rows.order_by("-pk").first()


def history() -> list[HandOver]:
    """The last hand-overs, the newest first. The caller has checked its actor."""
    rows = HandOver.objects.select_related("by", "read_by").filter(withdrawn_at__isnull=True)
    return list(rows.order_by("-pk")[:MOST_HISTORY])


def hand_over(actor: Actor, text: str, *, seen: int) -> HandOver:
    """Hand over to the next shift. ``seen``: the last hand-over that the writer saw (0: none).

    The same words once more, by the same person, are the same hand-over.
    """
    actor.require(Permission.QUEUE_WORK)
    plain = text.replace("\r\n", "\n").strip()
    if not plain or len(plain) > MOST_TEXT:
        raise Invalid(f"Write 1 to {MOST_TEXT} characters.", field="text")
    with write_tx():
        last = HandOver.objects.select_for_update().order_by("-pk").first()
        last = newest() if last else None
        if last and (last.by_id, last.text) == (actor.person_key, plain):
            return last
        if seen != (last.pk if last else 0):
            raise Conflict("Somebody has handed over meanwhile: read that first.")
        now = clock.now()
        row = HandOver.objects.create(
            since=last.at if last else now - FIRST_LOOK, text=plain, by_id=actor.person_key, at=now
        )
        record(actor, Verb.HAND_OVER_WRITTEN, f"hand-over:{row.pk}")
    return row


def withdraw(actor: Actor, row_id: int) -> None:
    """Undo by its author, while nobody has read it."""
    actor.require(Permission.QUEUE_WORK)
    with write_tx():
        mine = _one(row_id).filter(by_id=actor.person_key)
        if mine.filter(read_at__isnull=True).update(withdrawn_at=clock.now()):
            record(actor, Verb.HAND_OVER_WITHDRAWN, f"hand-over:{row_id}")
        elif mine.exists():
            raise Conflict("It has been read, so it stays.")
        else:
            raise NotVisible("There is no such hand-over of yours.")


def mark_read(actor: Actor, row_id: int, *, read: bool) -> None:
    """The next person has read it, or (undo) has not; whoever wrote it is not the next."""
    actor.require(Permission.QUEUE_WORK)
    with write_tx():
        rows = _one(row_id)
        others = rows.exclude(by_id=actor.person_key)
        if read:
            moved = others.filter(read_at__isnull=True).update(
                read_by_id=actor.person_key, read_at=clock.now()
            )
        else:
            mine = others.filter(read_by_id=actor.person_key)
            moved = mine.update(read_by=None, read_at=None)
        if moved:
            undone = {} if read else {"undone": True}
            record(actor, Verb.HAND_OVER_READ, f"hand-over:{row_id}", detail=undone)
        elif not rows.exists():
            raise NotVisible("There is no such hand-over.")
        elif not others.exists():
            raise Conflict("You wrote it: the next person marks it as read.")


def _one(row_id: int) -> QuerySet[HandOver]:
    return HandOver.objects.filter(pk=row_id, withdrawn_at__isnull=True)
