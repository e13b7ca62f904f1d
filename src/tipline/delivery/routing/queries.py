"""Reads of referrals, always for a named actor."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from tipline.delivery.routing.models import Referral, ReporterRelease
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


def referral_in(number: int, referral_id: int) -> Referral:
    """One hand-over of a report. The caller has checked its actor."""
    rows = Referral.objects.select_related("report", "agency")
    row = rows.filter(report_id=number, pk=referral_id).first()
    if row is None:
        raise NotVisible("There is no such referral.")
    return row


def referrals_of(number: int) -> list[Referral]:
    """All hand-overs of a report (section D). The caller has checked its actor."""
    return list(Referral.objects.select_related("agency").filter(report_id=number).order_by("pk"))


def releases_of(number: int) -> dict[int, list[ReporterRelease]]:
    """Per referral of a report who may know, or knew, who reported: the newest first."""
    rows = ReporterRelease.objects.select_related("released_by", "withdrawn_by")
    found: dict[int, list[ReporterRelease]] = {}
    for row in rows.filter(referral__report_id=number).order_by("-pk"):
        found.setdefault(row.referral_id, []).append(row)
    return found


def releases_in_force(referrals: Iterable[Referral]) -> dict[int, ReporterRelease]:
    """By referral, for those whose agency may know who reported. Not while it is handed back."""
    keys = [row.pk for row in referrals if row.state != Referral.State.REFUSED]
    rows = ReporterRelease.objects.filter(referral_id__in=keys, withdrawn_at__isnull=True)
    return {row.referral_id: row for row in rows}


def agencies_with(numbers: Iterable[int]) -> dict[int, frozenset[int]]:
    """Per report the agencies that have it; reports that none has are there, too."""
    rows = Referral.objects.filter(report_id__in=list(numbers)).values_list("report_id", "agency")
    found: dict[int, set[int]] = {number: set() for number in numbers}
    for number, agency in rows:
        found[number].add(agency)
    return {number: frozenset(keys) for number, keys in found.items()}


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
