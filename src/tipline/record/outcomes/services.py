"""The only writer of outcomes."""

from __future__ import annotations

import hashlib
from typing import Any

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.transactions import write_tx
from tipline.record.outcomes.events import OutcomeRecorded
from tipline.record.outcomes.models import Outcome, SenderRecord
from tipline.record.outcomes.rules import Answer
from tipline.record.reports.models import Report


def record_outcome(
    actor: Actor, report: Report, answer: Answer, *, release: bool = False, retry_key: str = ""
) -> Outcome:
    """Keep an agency's answer. ``release``: the sender may learn it for this report.

    The caller has made sure that the report was referred to the actor's agency.
    """
    actor.require(Permission.OUTCOMES_RECORD)
    scoped = _scoped(actor, report, retry_key) if retry_key else None
    said = _columns(answer)
    with write_tx():
        if scoped and (known := Outcome.objects.filter(retry_key=scoped).first()):
            return _same_answer(
                known, {**said, **({"released_to_sender": True} if release else {})}
            )
        _add_up(actor, report, answer.useful)
        outcome = Outcome.objects.create(
            **said,
            released_to_sender=release,
            report=report,
            agency_id=actor.organisation_key,
            recorded_by_id=actor.person_key,
            at=clock.now(),
            retry_key=scoped,
        )
        detail = {"outcome": outcome.pk, "status": answer.status}
        record(actor, Verb.OUTCOME_RECORDED, f"report:{report.pk}", detail=detail)
        announce(OutcomeRecorded(report.pk, outcome.pk), lane=report.lane)
    kill_point("outcome.committed")
    return outcome


def _add_up(actor: Actor, report: Report, useful: bool | None) -> None:
    """Count the answer for its sender, in place of what the agency said of the report before."""
    if useful is None or report.sender_id is None:
        return
    SenderRecord.objects.get_or_create(sender_id=report.sender_id)
    total = SenderRecord.objects.select_for_update().get(sender_id=report.sender_id)
    said = Outcome.objects.filter(
        report=report, agency_id=actor.organisation_key, useful__isnull=False
    )
    before = said.order_by("-pk").values_list("useful", flat=True).first()
    total.useful += (useful is True) - (before is True)
    total.not_useful += (useful is False) - (before is False)
    total.save(update_fields=["useful", "not_useful"])


def _scoped(actor: Actor, report: Report, retry_key: str) -> str:
    key = f"{actor.organisation_key}:{report.pk}:{retry_key}"
    return hashlib.sha256(key.encode()).hexdigest()


def _columns(answer: Answer) -> dict[str, Any]:
    return {
        "status": answer.status.value,
        "closing_reason": answer.closing_reason or "",
        "child_identified": answer.child_identified,
        "additional_victims": answer.additional_victims,
        "self_production": answer.self_production,
        "useful": answer.useful,
        "not_useful_reason": answer.not_useful_reason or "",
    }


def _same_answer(known: Outcome, said: dict[str, Any]) -> Outcome:
    if any(getattr(known, name) != value for name, value in said.items()):
        raise Conflict("This retry key came with another answer before.", field="Idempotency-Key")
    return known
