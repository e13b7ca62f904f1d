"""Reads of cases and of an agency's referrals as its desk lists them, for a named actor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from tipline.delivery.cases.models import Case, CaseReport
from tipline.delivery.routing.models import Referral
from tipline.delivery.routing.queries import referrals_for
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.taxonomy.outcomes import OutcomeStatus
from tipline.insight.triage.models import BAND_RANK, QueueEntry
from tipline.record.outcomes.models import Outcome

#: What came since the evening before; and when a clock is close to its end.
OVERNIGHT = timedelta(hours=24)
SOON = timedelta(days=14)
_BANDS = {rank: band for band, rank in BAND_RANK.items()}
_FINAL = (OutcomeStatus.CONVICTION.value, OutcomeStatus.REFERRED.value, OutcomeStatus.CLOSED.value)


@dataclass(frozen=True, slots=True)
class ReferralFilter:
    """What the agency's list shows; empty values do not narrow.

    ``view``: one of :data:`VIEWS`. ``number``: a report number as typed.
    """

    view: str = ""
    state: str = ""
    disposition: str = ""
    band: str = ""
    number: str = ""


def _new(now: datetime) -> Q:
    since = now - OVERNIGHT
    return Q(made_at__gt=since) | Q(raised_at__gt=since)


def _unsettled() -> Q:
    """Neither handed back nor answered for good by this agency; what was answered before it
    became urgent says nothing of that.
    """
    final = Outcome.objects.filter(
        report=OuterRef("report"), agency=OuterRef("agency"), status__in=_FINAL
    )
    since = final.filter(at__gt=OuterRef("raised_at"))
    answered = Q(Exists(since)) | Q(Exists(final), raised_at__isnull=True)
    return ~answered & ~Q(state=Referral.State.REFUSED)


def _urgent(_now: datetime) -> Q:
    return Q(band_rank=BAND_RANK["urgent"]) & _unsettled()


def _expiring(now: datetime) -> Q:
    ending = QueueEntry.objects.filter(deadline__gt=now, deadline__lte=now + SOON)
    return Q(report_id__in=ending.values("report_id")) & _unsettled()


def _unanswered(_now: datetime) -> Q:
    """Not accepted or handed back yet, or accepted without an outcome of this agency."""
    answers = Outcome.objects.filter(report=OuterRef("report"), agency=OuterRef("agency"))
    accepted = Q(~Exists(answers), state=Referral.State.ACCEPTED)
    return Q(state=Referral.State.AVAILABLE) | accepted


VIEWS = {"new": _new, "urgent": _urgent, "expiring": _expiring, "waiting": _unanswered}


SORTS = {
    "danger": "band_rank",
    "number": "report_id",
    "came": "made_at",
    "deadline": "deadline",
}


def referrals_wanted(actor: Actor, wanted: ReferralFilter, now: datetime) -> QuerySet[Referral]:
    """The agency's referrals that a filter leaves, the most dangerous first."""
    rows = referrals_for(actor)
    if wanted.view in VIEWS:
        rows = rows.filter(VIEWS[wanted.view](now))
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.disposition:
        rows = rows.filter(disposition=wanted.disposition)
    if wanted.band in BAND_RANK:
        rows = rows.filter(band_rank=BAND_RANK[wanted.band])
    if wanted.number.isdecimal() and len(wanted.number) < 17:
        rows = rows.filter(report_id=int(wanted.number))
    return rows


def sorted_referrals(rows: QuerySet[Referral], sort: str) -> QuerySet[Referral]:
    """In the order of one of :data:`SORTS`, ``-`` before it for the reverse; else as they are.

    Reports whose clocks are not known yet come last, whichever way.
    """
    name, reverse = sort.removeprefix("-"), sort.startswith("-")
    if name not in SORTS:
        return rows
    deadline = QueueEntry.objects.filter(report=OuterRef("report")).values("deadline")[:1]
    column = F(SORTS[name])
    order = column.desc(nulls_last=True) if reverse else column.asc(nulls_last=True)
    return rows.annotate(deadline=Subquery(deadline)).order_by(order, "pk")


def band_of(row: Referral) -> str:
    """The danger band of a referral, as it was last brought up to date."""
    return _BANDS[row.band_rank]


def morning_counts(actor: Actor, now: datetime) -> dict[str, int]:
    """How many referrals stand in each of :data:`VIEWS`, counted at once."""
    counts = {name: Count("pk", filter=narrow(now)) for name, narrow in VIEWS.items()}
    found: dict[str, int] = referrals_for(actor).order_by().aggregate(**counts)
    return found


def cases_for(actor: Actor) -> QuerySet[Case]:
    if not actor.may(Permission.CASES_WORK):
        return Case.objects.none()
    rows = Case.objects.select_related("opened_by").filter(agency_id=actor.organisation_key)
    return rows.order_by("-pk")


def open_cases_for(actor: Actor) -> QuerySet[Case]:
    """Cases to which a report can still be added."""
    return cases_for(actor).filter(state=Case.State.OPEN)


def case_for(actor: Actor, case_id: int) -> Case:
    case = cases_for(actor).filter(pk=case_id).first()
    if case is None:
        raise NotVisible("There is no such case.")
    return case


def referrals_in(case: Case) -> list[Referral]:
    rows = CaseReport.objects.select_related("referral__report__sender").filter(case=case)
    return [row.referral for row in rows.order_by("pk")]


def sizes_of(cases: Iterable[Case]) -> dict[int, int]:
    """How many reports each case has; cases without any are absent."""
    rows = CaseReport.objects.filter(case__in=[case.pk for case in cases]).values("case_id")
    return {row["case_id"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def case_of(row: Referral) -> Case | None:
    member = CaseReport.objects.select_related("case").filter(referral=row).first()
    return member.case if member else None


def cases_of(referrals: Iterable[Referral]) -> dict[int, Case]:
    """The case of each of these referrals, by the referral's key; those in none are absent."""
    keys = [row.pk for row in referrals]
    rows = CaseReport.objects.select_related("case").filter(referral_id__in=keys)
    return {row.referral_id: row.case for row in rows}


def visible_numbers(actor: Actor, numbers: Iterable[int]) -> frozenset[int]:
    """Those of these reports that this agency has."""
    rows = referrals_for(actor).filter(report_id__in=list(numbers))
    return frozenset(rows.values_list("report_id", flat=True))
