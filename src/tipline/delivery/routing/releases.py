"""Who reported from the public, released to one agency and withdrawn again: the only writer."""

from __future__ import annotations

from tipline.delivery.routing.models import Referral, ReporterRelease
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, NotVisible
from tipline.ground.foundation.transactions import write_tx
from tipline.record.reports.queries import has_identity
from tipline.record.reports.services import checked_reason


def release_reporter(actor: Actor, row: Referral, why: str) -> ReporterRelease:
    """Let the agency of this referral know who reported, with a reason. The same again is one."""
    actor.require(Permission.REPORTER_RELEASE)
    why = checked_reason(why)
    if not has_identity(row.report_id):
        raise NotVisible("Nothing is sealed of who reported this.")
    with write_tx():
        if _held(row).state == Referral.State.REFUSED:
            raise Conflict("This agency has handed the report back.")
        release, new = ReporterRelease.objects.get_or_create(
            referral=row,
            withdrawn_at=None,
            defaults={"why": why, "released_by_id": actor.person_key, "at": clock.now()},
        )
        if new:
            detail = {"agency": row.agency_id}
            subject = f"report:{row.report_id}"
            record(actor, Verb.REPORTER_RELEASED, subject, purpose=why, detail=detail)
    if not new and release.why != why:
        raise Conflict("This agency may know who reported already, for another reason.")
    return release


def withdraw_release(actor: Actor, row: Referral) -> bool:
    """From now on the agency may not know who reported; True when this call did it.

    What it has read or downloaded before stays with it.
    """
    actor.require(Permission.REPORTER_RELEASE)
    with write_tx():
        moved = ReporterRelease.objects.filter(referral=row, withdrawn_at__isnull=True).update(
            withdrawn_at=clock.now(), withdrawn_by_id=actor.person_key
        )
        if moved:
            detail = {"agency": row.agency_id}
            subject = f"report:{row.report_id}"
            record(actor, Verb.REPORTER_RELEASE_WITHDRAWN, subject, detail=detail)
    return bool(moved)


def _held(row: Referral) -> Referral:
    """The referral as it stands, held until the caller's transaction ends."""
    return Referral.objects.select_for_update(of=("self",)).get(pk=row.pk)
