"""The only writer of referrals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from tipline.delivery.routing.events import ReferralMade, ReferralRaised
from tipline.delivery.routing.models import Referral
from tipline.delivery.routing.rules import AgencyArea, Delivery
from tipline.ground.accounts.models import Organisation
from tipline.ground.accounts.queries import areas_of_agencies
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM, Actor, OrganisationKind, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.jobs import URGENT
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.models import BAND_RANK
from tipline.insight.triage.queue import newest_assessment
from tipline.record.reports.models import Report
from tipline.record.reports.services import hold

FEDERAL = "US-FEDERAL"
MOST_REFUSAL = 500
#: How long an agency may take back its answer to a referral.
REOPENS_FOR = timedelta(minutes=30)


def agency_areas() -> list[AgencyArea]:
    """What every active agency is responsible for, as routing reads it."""
    areas = []
    for agency, responsible in areas_of_agencies():
        for area in responsible:
            country, _, state = area.partition("-")
            state = "" if area == FEDERAL else state
            areas.append(AgencyArea(str(agency), country, state))
    return areas


def deliver(
    report: Report,
    deliveries: Iterable[Delivery],
    *,
    disposition: str,
    band_rank: int,
    policy: str,
) -> int:
    """Make the report available to these agencies; how many are new.

    In the caller's transaction, which holds the report: nobody else refers it meanwhile.
    Agencies that have it keep it: a route that changes adds and never takes away. Where it
    has become urgent since, each of them is told, whatever it answered before.
    """
    there = Referral.objects.filter(report=report)
    told = {
        agency: (stands, rank)
        for agency, stands, rank in there.values_list("agency_id", "disposition", "band_rank")
    }
    new: dict[int, Delivery] = {}
    for delivery in deliveries:
        if int(delivery.agency) not in told:
            new.setdefault(int(delivery.agency), delivery)
    rows = [
        Referral(
            report=report,
            agency_id=agency,
            disposition=disposition,
            band_rank=band_rank,
            policy=policy,
            reasons=[reason.as_json() for reason in delivery.reasons],
            made_at=clock.now(),
        )
        for agency, delivery in new.items()
    ]
    Referral.objects.bulk_create(rows)
    for row in rows:
        _announce(SYSTEM, report, row)
    if any(said != (disposition, band_rank) for said in told.values()):
        _bring_up_to_date(report, disposition, band_rank)
    return len(rows)


def _bring_up_to_date(report: Report, disposition: str, band_rank: int) -> None:
    rows = Referral.objects.filter(report=report).exclude(
        disposition=disposition, band_rank=band_rank
    )
    if band_rank != BAND_RANK["urgent"]:
        rows.update(disposition=disposition, band_rank=band_rank, raised_at=None)
        return
    raised = list(rows.filter(band_rank__gt=band_rank).values_list("agency_id", flat=True))
    Referral.objects.filter(report=report, agency_id__in=raised).update(raised_at=clock.now())
    rows.update(disposition=disposition, band_rank=band_rank)
    for agency in raised:
        record(SYSTEM, Verb.REFERRAL_RAISED, f"report:{report.pk}", detail={"agency": agency})
        announce(ReferralRaised(report.pk, agency), lane=report.lane, priority=URGENT)


def _announce(actor: Actor, report: Report, row: Referral) -> None:
    detail = {"agency": row.agency_id, "disposition": row.disposition}
    record(actor, Verb.REFERRAL_MADE, f"report:{report.pk}", detail=detail)
    announce(ReferralMade(report.pk, row.agency_id), lane=report.lane)


def refer(actor: Actor, report: Report, agency: Organisation, why: str) -> Referral:
    """An analyst makes a report available to one more agency, with a reason."""
    actor.require(Permission.REFERRALS_MAKE)
    if agency.kind != OrganisationKind.AGENCY or not agency.active:
        raise Invalid("Choose an agency.", field="agency")
    if not why.strip():
        raise Invalid("Say why this agency should have it.", field="why")
    if report.is_test:
        raise Invalid("Reports of a test account are not referred.", field="agency")
    with write_tx():
        hold(report)
        newest = newest_assessment(report.pk)
        row, new = Referral.objects.get_or_create(
            report=report,
            agency=agency,
            defaults={
                "disposition": newest.result["disposition"] if newest else "referral",
                "band_rank": BAND_RANK[newest.result["danger"]["band"]] if newest else 0,
                "source": "analyst",
                "reasons": [_analysts_reason(why)],
                "made_at": clock.now(),
            },
        )
        if new:
            _announce(actor, report, row)
    if not new:
        raise Conflict("This agency has the report already.", field="agency")
    return row


def _analysts_reason(why: str) -> dict[str, object]:
    return {
        "code": "routing.by_analyst",
        "params": {"why": why.strip()[:MOST_REFUSAL]},
        "points": 0,
        "source": "analyst",
        "version": "",
    }


def accept(actor: Actor, row: Referral) -> bool:
    """The agency takes the report on; True when this call did it."""
    actor.require(Permission.CASES_WORK)
    with write_tx():
        moved = Referral.objects.filter(
            pk=row.pk, agency_id=actor.organisation_key, state=Referral.State.AVAILABLE
        ).update(state=Referral.State.ACCEPTED, answered_at=clock.now())
        if moved:
            record(actor, Verb.REFERRAL_ACCEPTED, f"report:{row.report_id}")
    return bool(moved)


def reopen(actor: Actor, row: Referral) -> None:
    """Take back that the agency accepted the report or handed it back, soon after.

    The caller has made sure that nothing hangs on the answer: no case, no outcome.
    """
    actor.require(Permission.CASES_WORK)
    answered = (Referral.State.ACCEPTED, Referral.State.REFUSED)
    with write_tx():
        moved = Referral.objects.filter(
            pk=row.pk,
            agency_id=actor.organisation_key,
            state__in=answered,
            answered_at__gt=clock.now() - REOPENS_FOR,
        ).update(state=Referral.State.AVAILABLE, refusal="", answered_at=None)
        if not moved:
            raise Conflict("It is too late to take this back: speak to the clearinghouse.")
        record(actor, Verb.REFERRAL_REOPENED, f"report:{row.report_id}")


def refuse(actor: Actor, row: Referral, why: str) -> None:
    """The agency hands the report back, with a reason that the clearinghouse sees."""
    actor.require(Permission.CASES_WORK)
    why = why.strip()
    if not why or len(why) > MOST_REFUSAL:
        raise Invalid(f"Say why, in 1 to {MOST_REFUSAL} characters.", field="why")
    with write_tx():
        moved = Referral.objects.filter(
            pk=row.pk, agency_id=actor.organisation_key, state=Referral.State.AVAILABLE
        ).update(state=Referral.State.REFUSED, refusal=why, answered_at=clock.now())
        if not moved:
            raise Conflict("This referral has been answered already.")
        record(actor, Verb.REFERRAL_REFUSED, f"report:{row.report_id}")
