"""The only writer of cases; answers to referrals."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from tipline.delivery.cases.events import CaseJoined
from tipline.delivery.cases.models import Case, CaseReport
from tipline.delivery.routing import services as routing
from tipline.delivery.routing.models import Referral
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.ground.foundation.events import announce
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
    scoped = _scoped(actor, retry_key) if retry_key else None
    with write_tx():
        referral = _own(actor, row)
        if scoped and (known := Case.objects.filter(retry_key=scoped).first()):
            return _same_case(known, referral)
        case = Case.objects.create(
            agency_id=actor.organisation_key,
            title=title,
            opened_by_id=actor.person_key,
            opened_at=clock.now(),
            retry_key=scoped,
        )
        record(actor, Verb.CASE_OPENED, f"case:{case.pk}")
        _add(actor, case, referral)
    return case


def _scoped(actor: Actor, retry_key: str) -> str:
    return hashlib.sha256(f"{actor.organisation_key}:{retry_key}".encode()).hexdigest()


def _same_case(known: Case, row: Referral) -> Case:
    if not CaseReport.objects.filter(case=known, referral=row).exists():
        raise Conflict("This retry key opened another case before.", field="Idempotency-Key")
    return known


def _own(actor: Actor, row: Referral) -> Referral:
    """The agency's referral as it stands, held until the caller's transaction ends."""
    rows = Referral.objects.select_for_update(of=("self",)).select_related("report")
    found = rows.filter(pk=row.pk, agency_id=actor.organisation_key).first()
    if found is None:
        raise NotVisible("There is no such referral.")
    return found


def add_to_case(actor: Actor, case: Case, row: Referral) -> None:
    """Work one more referral in a case of the same agency."""
    actor.require(Permission.CASES_WORK)
    if case.agency_id != actor.organisation_key:
        raise NotVisible("There is no such case.")
    with write_tx():
        referral = _own(actor, row)
        if not Case.objects.filter(pk=case.pk, state=Case.State.OPEN).exists():
            raise Conflict("This case is closed.", field="case")
        _add(actor, case, referral)


def _add(actor: Actor, case: Case, row: Referral) -> None:
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
    announce(CaseJoined(row.report_id))


def take_back(actor: Actor, row: Referral) -> None:
    """Undo that a referral was accepted or handed back, while nothing hangs on it."""
    actor.require(Permission.CASES_WORK)
    with write_tx():
        _own(actor, row)
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
        referral = _own(actor, row)
        routing.accept(actor, referral)
        report = referral.report
        return record_outcome(actor, report, checked, release=release, retry_key=retry_key)
