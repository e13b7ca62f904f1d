"""What people do with bundles: take a report out of its own for good, and put it back."""

from __future__ import annotations

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.reasons import Reason
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.bundles.services import stand_alone
from tipline.insight.triage.models import Bundle, BundleMember, QueueEntry
from tipline.insight.triage.services import assess
from tipline.record.reports.models import Report
from tipline.record.reports.services import hold


def release(actor: Actor, number: int) -> None:
    """Take a report out of its bundle: it is listed by itself and is never folded again.

    Taken out twice has one effect. Taking out the one that leads lets the next one lead.
    """
    actor.require(Permission.QUEUE_WORK)
    with write_tx():
        member = _held(number)
        if member.released_at is not None:
            return
        stand_alone(member)
        member.released_by_id, member.released_at = actor.person_key, clock.now()
        member.differs = [Reason("triage.bundle.released").as_json()]
        member.save()
        QueueEntry.objects.filter(report=number).update(folded_under=None)
        record(
            actor,
            Verb.MEMBER_RELEASED,
            f"report:{number}",
            detail={"bundle": member.bundle_id},
        )


def put_back(actor: Actor, number: int) -> None:
    """Undo :func:`release`: the rules decide again whether the report is folded."""
    actor.require(Permission.QUEUE_WORK)
    with write_tx():
        member = _held(number)
        if member.released_at is None:
            return
        member.released_by, member.released_at = None, None
        member.save(update_fields=["released_by", "released_at"])
        record(
            actor,
            Verb.MEMBER_RETURNED,
            f"report:{number}",
            detail={"bundle": member.bundle_id},
        )
    assess(Report.objects.select_related("sender", "profile", "key").get(pk=number))


def _held(number: int) -> BundleMember:
    """The membership of a report, held with its bundle in the order in which all take them."""
    rows = BundleMember.objects.select_related("bundle").filter(report=number)
    if not rows.exists():
        raise NotVisible("This report is in no bundle.")
    hold(Report(pk=number))
    member = rows.get()
    Bundle.objects.select_for_update(no_key=True).get(pk=member.bundle_id)
    return rows.get()
