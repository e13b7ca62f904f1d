"""The only writer of cases; answers to referrals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tipline.delivery.cases.models import Case, CaseReport
from tipline.delivery.routing import services as routing
from tipline.delivery.routing.models import Referral
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.ground.foundation.transactions import write_tx
from tipline.record.outcomes.models import Outcome
from tipline.record.outcomes.queries import answers_for
from tipline.record.outcomes.rules import check
from tipline.record.outcomes.services import record_outcome


def open_case(actor: Actor, row: Referral, title: str, *, retry_key: str = "") -> Case:
    """Open a case with this referral in it, and accept the referral by that."""
    actor.require(Permission.CASES_WORK)
    title = title.strip() or f"Report {row.report_id}"
    if len(title) > 200:
        raise Invalid("Give a title of at most 200 characters.", field="title")
    scoped = f"{actor.organisation_key}:{retry_key}"[:100] if retry_key else None
    with write_tx():
        if scoped and (known := Case.objects.filter(retry_key=scoped).first()):
            return known
        case = Case.objects.create(
            agency_id=actor.organisation_key,
            title=title,
            opened_by_id=actor.person_key,
            opened_at=clock.now(),
            retry_key=scoped,
        )
        record(actor, Verb.CASE_OPENED, f"case:{case.pk}")
        _add(actor, case, row)
    return case


def add_to_case(actor: Actor, case: Case, row: Referral) -> None:
    """Work one more referral in a case of the same agency."""
    actor.require(Permission.CASES_WORK)
    if case.state != Case.State.OPEN:
        raise Conflict("This case is closed.", field="case")
    with write_tx():
        _add(actor, case, row)


def _add(actor: Actor, case: Case, row: Referral) -> None:
    if row.agency_id != actor.organisation_key:
        raise Invalid("This referral belongs to another agency.", field="report")
    if row.state == Referral.State.REFUSED:
        raise Conflict("This referral was handed back.")
    _member, made = CaseReport.objects.get_or_create(
        referral=row, defaults={"case": case, "added_at": clock.now()}
    )
    if not made:
        raise Conflict("This report is worked in another case already.")
    routing.accept(actor, row)
    detail = {"report": row.report_id}
    record(actor, Verb.CASE_REPORT_ADDED, f"case:{case.pk}", detail=detail)


def take_back(actor: Actor, row: Referral) -> None:
    """Undo that a referral was accepted or handed back, while nothing hangs on it."""
    actor.require(Permission.CASES_WORK)
    with write_tx():
        if CaseReport.objects.filter(referral=row).exists():
            raise Conflict("This report is worked in a case already.")
        if answers_for(actor, [row.report_id]):
            raise Conflict("This report has been answered already.")
        routing.reopen(actor, row)


def answer(
    actor: Actor,
    row: Referral,
    form: Mapping[str, Any],
    *,
    release: bool = False,
    retry_key: str = "",
) -> Outcome:
    """Record what became of a referral, from the closed list. Accepts it if that is still open."""
    actor.require(Permission.OUTCOMES_RECORD)
    checked = check(form)
    with write_tx():
        routing.accept(actor, row)
        return record_outcome(actor, row.report, checked, release=release, retry_key=retry_key)
