"""Working the queue: order, claims by lease, done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.bundles.queries import carried
from tipline.insight.triage.models import BAND_RANK, OPEN, Assessment, QueueEntry
from tipline.insight.triage.rules_types import ALARM

CLAIM = timedelta(minutes=30)
MOST_ASSESSMENTS = 50


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to show: empty values do not narrow. ``mine``: claimed by the actor.

    ``alarm``: evidence is about to be lost, see :data:`ALARM`.
    """

    band: str = ""
    disposition: str = ""
    sender: str = ""
    number: str = ""
    mine: bool = False
    done: bool = False
    alarm: bool = False


def queue_for(actor: Actor, wanted: QueueFilter) -> QuerySet[QueueEntry]:
    """The queue in its order: danger band, then the stored deadline."""
    if not actor.may(Permission.QUEUE_WORK):
        return QueueEntry.objects.none()
    rows = QueueEntry.objects.select_related("report", "assessment", "claimed_by")
    rows = rows.filter(_listed(wanted))
    if wanted.band in BAND_RANK:
        rows = rows.filter(band_rank=BAND_RANK[wanted.band])
    if wanted.disposition:
        rows = rows.filter(disposition=wanted.disposition)
    if wanted.sender:
        rows = rows.filter(sender_name__icontains=wanted.sender)
    if wanted.number.isdecimal() and len(wanted.number) < 17:
        rows = rows.filter(report_id=int(wanted.number))
    if wanted.mine:
        rows = rows.filter(claimed_by_id=actor.person_key, claimed_until__gt=clock.now())
    if wanted.alarm:
        rows = rows.filter(alarm=ALARM)
    return rows.order_by("band_rank", "deadline", "report_id")


def _listed(wanted: QueueFilter) -> Q:
    """Folded reports are found by their number and by who has claimed them, and not listed."""
    if wanted.done:
        return Q(done_at__isnull=False)
    return Q(done_at__isnull=True) if wanted.number or wanted.mine else OPEN


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


def mark_done(actor: Actor, number: int, *, done: bool) -> None:
    """Take a report out of the open queue, or put it back (undo); not while another has it.

    Those that are folded under it are done, and open again, with it: the ledger counts them.
    """
    actor.require(Permission.QUEUE_WORK)
    now = clock.now()
    with write_tx():
        rows = QueueEntry.objects.filter(report_id=number, done_at__isnull=done)
        moved = rows.filter(_free_for(actor, now)).update(
            done_at=now if done else None,
            done_by_id=actor.person_key if done else None,
            claimed_by=None,
            claimed_until=None,
            reopened_at=None,
            reopened_for=[],
        )
        if moved:
            verb = Verb.QUEUE_DONE if done else Verb.QUEUE_REOPENED
            record(actor, verb, f"report:{number}", detail=carried(number))
        elif rows.exists():
            raise Conflict("Somebody else has claimed this report.")


def newest_assessment(number: int) -> Assessment | None:
    return Assessment.objects.filter(report_id=number).order_by("-pk").first()


def entry_of(number: int) -> QueueEntry | None:
    rows = QueueEntry.objects.select_related("assessment", "claimed_by", "done_by")
    return rows.filter(report_id=number).first()


def entries_of(numbers: Iterable[int]) -> dict[int, QueueEntry]:
    """The places of these reports, with their assessments. The caller has checked its actor."""
    rows = QueueEntry.objects.select_related("assessment").filter(report_id__in=list(numbers))
    return {row.report_id: row for row in rows}


def ranked_reports() -> int:
    return QueueEntry.objects.count()


def assessments_of(number: int) -> list[Assessment]:
    """What triage made of a report, the newest first; the caller has checked its actor."""
    return list(Assessment.objects.filter(report_id=number).order_by("-pk")[:MOST_ASSESSMENTS])
