"""What a batch act would do, what it did, and to which reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.reasons import Reason
from tipline.insight.triage.batches.rules import MOST_AT_ONCE, Act, Held, Standing, why_not
from tipline.insight.triage.models import BAND_RANK, BatchAct, QueueEntry
from tipline.insight.triage.rules_types import Urgency
from tipline.insight.triage.why_no_meme import why_no_meme

MOST_ACTS = 50


@dataclass(frozen=True, slots=True)
class Previewed:
    """A report that was asked for: its place (None: there is none), and why it is left alone."""

    number: int
    entry: QueueEntry | None
    why_not: tuple[Reason, ...]


def preview(actor: Actor, act: Act, numbers: Sequence[int]) -> list[Previewed]:
    """What the act would do to which, as it stands now, in the order asked for. One query."""
    actor.require(Permission.QUEUE_WORK)
    rows = QueueEntry.objects.select_related("assessment", "claimed_by", "done_by", "report")
    found = {row.report_id: row for row in rows.filter(report_id__in=numbers)}
    now = clock.now()
    return [
        Previewed(number, found.get(number), refused(act, found.get(number), actor.person_key, now))
        for number in numbers
    ]


def refused(act: Act, row: QueueEntry | None, person: int, now: datetime) -> tuple[Reason, ...]:
    """Why the act leaves this row alone; asked for the preview and again when it is done."""
    return why_not(act, standing_of(row, meme=act is Act.MEME) if row else None, person, now)


def standing_of(row: QueueEntry, *, meme: bool) -> Standing:
    """The row as the rules see it; ``meme``: also whether it is one."""
    urgent = row.band_rank == BAND_RANK["urgent"] or Urgency(row.urgency).urgent
    return Standing(
        held=held_of(row),
        urgent=urgent,
        folded=row.folded_under_id is not None,
        no_meme=why_no_meme(row) if meme else (),
    )


def held_of(row: QueueEntry) -> Held:
    return Held(
        claimed_by=row.claimed_by_id,
        claimed_until=row.claimed_until,
        done_at=row.done_at,
        done_by=row.done_by_id,
        done_how=row.done_how,
    )


def first_numbers(rows: QuerySet[QueueEntry]) -> list[int]:
    """The numbers of a list from its beginning, as many as one act may take."""
    return list(rows.values_list("report_id", flat=True)[:MOST_AT_ONCE])


def act_for(actor: Actor, act_id: int) -> BatchAct:
    """A batch act; whoever works the queue sees what was done to it."""
    row = BatchAct.objects.select_related("by", "undone_by").filter(pk=act_id).first()
    if row is None or not actor.may(Permission.QUEUE_WORK):
        raise NotVisible("There is no such act.")
    return row


def acts_since(actor: Actor, since: datetime) -> list[BatchAct]:
    """The newest acts after this instant, at most :data:`MOST_ACTS`."""
    if not actor.may(Permission.QUEUE_WORK):
        return []
    rows = BatchAct.objects.select_related("by", "undone_by").filter(at__gt=since)
    return list(rows.order_by("-pk")[:MOST_ACTS])


def waiting(wanted: Iterable[int], *settled: Iterable[str | int]) -> list[int]:
    """Those that stand in none of the others, in their order."""
    gone = {int(number) for some in settled for number in some}
    return [number for number in wanted if number not in gone]
