"""Reads of referrals, always for a named actor."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from tipline.delivery.routing.models import Referral
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.record.reports.models import Report


def referrals_for(actor: Actor) -> QuerySet[Referral]:
    """An agency's own referrals, the most dangerous first."""
    rows = Referral.objects.select_related("report__sender", "report__profile", "agency")
    if not actor.may(Permission.REFERRALS_READ):
        return rows.none()
    return rows.filter(agency_id=actor.organisation_key).order_by("band_rank", "pk")


def referral_for(actor: Actor, number: int) -> Referral:
    row = referrals_for(actor).filter(report_id=number).first()
    if row is None:
        raise NotVisible("There is no such referral.")
    return row


def referrals_of(number: int) -> list[Referral]:
    """All hand-overs of a report (section D). The caller has checked its actor."""
    return list(Referral.objects.select_related("agency").filter(report_id=number).order_by("pk"))


def unreferred() -> list[int]:
    """Filed reports that no agency has, because none was responsible when they came."""
    rows = Report.objects.filter(
        ~Exists(Referral.objects.filter(report=OuterRef("pk"))), state=Report.State.FINISHED
    )
    return list(rows.exclude(sender__test_only=True).values_list("pk", flat=True))


def referred_reports() -> int:
    """Reports with the disposition referral that at least one agency has."""
    rows = Referral.objects.filter(disposition="referral")
    return rows.values("report_id").distinct().count()
