"""New tips on the subject of an open case: reports that are linked to one of the case's.

Only links that count tell anybody: made by policy, or confirmed by a person. The agency that
works the case reads of it until somebody there has seen it; it gets the report itself by its
route. A tip whose link no longer counts goes again, unless it was seen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tipline.delivery.cases.models import Case, CaseReport, CaseTip
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM, Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.entities.queries import counted_neighbours
from tipline.record.reports.models import Report
from tipline.record.reports.services import hold

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case of an agency, and the report in it."""

    agency: int
    agency_name: str
    case: int
    member: int
    opened: datetime


def open_cases_with(numbers: Collection[int]) -> list[OpenCase]:
    """The open cases in which these reports are worked, the oldest first."""
    if not numbers:
        return []
    rows = CaseReport.objects.select_related("case__agency", "referral").filter(
        referral__report_id__in=numbers, case__state=Case.State.OPEN
    )
    return [
        OpenCase(
            agency=row.case.agency_id,
            agency_name=row.case.agency.name,
            case=row.case_id,
            member=row.referral.report_id,
            opened=row.case.opened_at,
        )
        for row in rows.order_by("case_id", "referral__report_id")
    ]


def tell(number: int) -> int:
    """Bring what agencies are told up to date with this report's links; how many are new.

    The report may be the new one, or one of a case's: both ends of a link tell the same.
    """
    report = Report.objects.filter(pk=number, state=Report.State.FINISHED).first()
    if report is None or report.is_test:
        return 0
    with write_tx():
        hold(report)
        wanted = _wanted(number, counted_neighbours(number))
        rows = CaseTip.objects.filter(Q(report=number) | Q(member=number))
        there = {(row.case_id, row.report_id): row for row in rows}
        for key, row in there.items():
            if key not in wanted and row.seen_at is None:
                row.delete()
        new = [(key, member) for key, member in wanted.items() if key not in there]
        return sum(_tell(case, tip, member) for (case, tip), member in new)


def _wanted(number: int, neighbours: Sequence[int]) -> dict[tuple[int, int], int]:
    """By case and new report, the report of the case that it is linked to."""
    cases = open_cases_with({number, *neighbours})
    members = {(one.case, one.member) for one in cases}
    wanted: dict[tuple[int, int], int] = {}
    for one in cases:
        for tip in neighbours if one.member == number else (number,):
            if (one.case, tip) not in members:
                wanted.setdefault((one.case, tip), one.member)
    return wanted


def _tell(case: int, tip: int, member: int) -> bool:
    """False where the other end of the link told it at the same moment."""
    _row, new = CaseTip.objects.get_or_create(
        case_id=case, report_id=tip, defaults={"member_id": member, "at": clock.now()}
    )
    if new:
        record(SYSTEM, Verb.CASE_TIP_TOLD, f"report:{tip}", detail={"case": case})
    return new


def tips_for(actor: Actor) -> QuerySet[CaseTip]:
    """What an agency was told and nobody there has seen, the newest first."""
    if not actor.may(Permission.CASES_WORK):
        return CaseTip.objects.none()
    rows = CaseTip.objects.select_related("case")
    mine = rows.filter(case__agency_id=actor.organisation_key, case__state=Case.State.OPEN)
    return mine.filter(seen_at__isnull=True).order_by("-at", "-pk")[:MOST_SHOWN]


def tips_on(case: Case) -> list[CaseTip]:
    """All that the agency was told of a case, seen or not, without what is worked in it by now."""
    worked = CaseReport.objects.filter(case=case).values("referral__report_id")
    rows = CaseTip.objects.select_related("case").filter(case=case).exclude(report__in=worked)
    return list(rows.order_by("-at", "-pk")[:MOST_SHOWN])


def acknowledge(actor: Actor, tip_id: int) -> bool:
    """Somebody at the agency knows of it now; True when this call said so."""
    actor.require(Permission.CASES_WORK)
    mine = CaseTip.objects.filter(case__agency_id=actor.organisation_key)
    row = mine.filter(pk=tip_id).first()
    if row is None:
        raise NotVisible("There is no such tip.")
    with write_tx():
        unseen = CaseTip.objects.filter(pk=row.pk, seen_at__isnull=True)
        if not unseen.update(seen_at=clock.now(), seen_by_id=actor.person_key):
            return False
        record(actor, Verb.CASE_TIP_SEEN, f"report:{row.report_id}", detail={"case": row.case_id})
    return True
