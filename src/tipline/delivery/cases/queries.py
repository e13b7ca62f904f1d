"""Reads of cases, always for a named actor."""

from __future__ import annotations

from django.db.models import QuerySet

from tipline.delivery.cases.models import Case, CaseReport
from tipline.delivery.routing.models import Referral
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible


def cases_for(actor: Actor) -> QuerySet[Case]:
    if not actor.may(Permission.CASES_WORK):
        return Case.objects.none()
    rows = Case.objects.select_related("opened_by").filter(agency_id=actor.organisation_key)
    return rows.order_by("-pk")


def case_for(actor: Actor, case_id: int) -> Case:
    case = cases_for(actor).filter(pk=case_id).first()
    if case is None:
        raise NotVisible("There is no such case.")
    return case


def referrals_in(case: Case) -> list[Referral]:
    rows = CaseReport.objects.select_related("referral__report__sender").filter(case=case)
    return [row.referral for row in rows.order_by("pk")]


def case_of(row: Referral) -> Case | None:
    member = CaseReport.objects.select_related("case").filter(referral=row).first()
    return member.case if member else None
