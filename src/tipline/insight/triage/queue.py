"""Working the queue: order, claims by lease, done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict
from tipline.ground.foundation.reasons import words
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.bundles.queries import carried
from tipline.insight.triage.models import BAND_RANK, Assessment, QueueEntry
from tipline.insight.triage.queue_filter import ORDER, Asking, QueueFilter, narrowed
from tipline.insight.triage.why_no_meme import why_no_meme

CLAIM = timedelta(minutes=30)
MOST_ASSESSMENTS = 50


def queue_for(actor: Actor, wanted: QueueFilter) -> QuerySet[QueueEntry]:
    """The queue in its order: danger band and step, then the stored deadline."""
    if not actor.may(Permission.QUEUE_WORK):
        return QueueEntry.objects.none()
    rows = QueueEntry.objects.select_related("report", "assessment", "claimed_by")
    asking = Asking(actor.person_key if wanted.mine else 0, clock.now())
    return narrowed(rows, wanted, asking).order_by(*ORDER)


def claim(actor: Actor, number: int) -> None:
    """Take a report for half an hour; taking it again lengthens the lease."""
    actor.require(Permission.QUEUE_WORK)
    now = clock.now()
    with write_tx():
        taken = QueueEntry.objects.filter(_free_for(actor, now), report_id=number).update(
            claimed_by_id=actor.person_key, claimed_until=now + CLAIM
        )
        if not taken:
            raise Conflict("Somebody else has claimed this report.")
        record(actor, Verb.QUEUE_CLAIMED, f"report:{number}")


def _free_for(actor: Actor, now: datetime) -> Q:
    """Nobody else's at this instant."""
    mine = Q(claimed_by_id=actor.person_key)
    return Q(claimed_by__isnull=True) | Q(claimed_until__lte=now) | mine


def release(actor: Actor, number: int) -> None:
    """Give a report back. One that is not claimed by the actor stays as it is."""
    actor.require(Permission.QUEUE_WORK)
    with write_tx():
        mine = QueueEntry.objects.filter(report_id=number, claimed_by_id=actor.person_key)
        if mine.update(claimed_by=None, claimed_until=None):
            record(actor, Verb.QUEUE_RELEASED, f"report:{number}")


def mark_done(actor: Actor, number: int, *, done: bool, seen: str = "") -> None:
    """Take a report out of the open queue, or put it back (undo); not while another has it.

    Those that are folded under it are done, and open again, with it: the ledger counts them.
    ``seen``: the danger band that the person saw; nothing is done when it is a higher one now.
    """
    actor.require(Permission.QUEUE_WORK)
    now = clock.now()
    with write_tx():
        rows = QueueEntry.objects.filter(report_id=number, done_at__isnull=done)
        free = rows.filter(_free_for(actor, now))
        moved = free.filter(band_rank__gte=BAND_RANK.get(seen, 0)).update(
            done_at=now if done else None,
            done_by_id=actor.person_key if done else None,
            done_how="",
            claimed_by=None,
            claimed_until=None,
            reopened_at=None,
            reopened_for=[],
        )
        if moved:
            verb = Verb.QUEUE_DONE if done else Verb.QUEUE_REOPENED
            record(actor, verb, f"report:{number}", detail=carried(number))
        elif free.exists():
            raise Conflict("It has become more dangerous since this page was shown. Look again.")
        elif rows.exists():
            raise Conflict("Somebody else has claimed this report.")


def close_as_meme(actor: Actor, number: int) -> None:
    """Done, as a meme that everybody has seen; :class:`Conflict` says why it may not be.

    Asked again while the place is held: a cue or an escalation may have come meanwhile.
    """
    actor.require(Permission.QUEUE_WORK)
    now = clock.now()
    with write_tx():
        held = QueueEntry.objects.select_for_update(of=("self",)).select_related("assessment")
        row = held.filter(_free_for(actor, now), report_id=number).first()
        if row is None:
            raise Conflict("Somebody else has claimed this report.")
        if row.done_at is not None:
            return
        if why := why_no_meme(row):
            said = " ".join(words(reason) for reason in why)
            raise Conflict(f"It cannot be closed as a meme. {said}")
        row.done_at, row.done_by_id, row.done_how = now, actor.person_key, "meme"
        row.claimed_by = row.claimed_until = None
        row.save(update_fields=["done_at", "done_by", "done_how", "claimed_by", "claimed_until"])
        record(actor, Verb.QUEUE_DONE, f"report:{number}", detail={"how": "meme"})


def newest_assessment(number: int) -> Assessment | None:
    return Assessment.objects.filter(report_id=number).order_by("-pk").first()


def entry_of(number: int) -> QueueEntry | None:
    rows = QueueEntry.objects.select_related("assessment", "claimed_by", "done_by")
    return rows.filter(report_id=number).first()


def entries_of(numbers: Iterable[int]) -> dict[int, QueueEntry]:
    """The places of these reports, with their assessments. The caller has checked its actor."""
    rows = QueueEntry.objects.select_related("assessment").filter(report_id__in=list(numbers))
    return {row.report_id: row for row in rows}


def entries_with_people(numbers: Iterable[int]) -> dict[int, QueueEntry]:
    """As :func:`entries_of`, with who has them or finished them."""
    rows = QueueEntry.objects.select_related("assessment", "report", "claimed_by", "done_by")
    return {row.report_id: row for row in rows.filter(report_id__in=list(numbers))}


def ranked_reports() -> int:
    return QueueEntry.objects.count()


def assessments_of(number: int) -> list[Assessment]:
    """What triage made of a report, the newest first; the caller has checked its actor."""
    return list(Assessment.objects.filter(report_id=number).order_by("-pk")[:MOST_ASSESSMENTS])
