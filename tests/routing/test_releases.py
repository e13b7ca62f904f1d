"""Who reported is known to the agency it was released to, with a reason, and to no other."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from tests.filing import document, public_report, suspect

from tipline.delivery.routing import releases
from tipline.delivery.routing import services as routing
from tipline.delivery.routing.models import ReporterRelease
from tipline.delivery.routing.queries import (
    referral_in,
    referrals_of,
    releases_in_force,
    releases_of,
)
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import PUBLIC
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.record.reports.models import Report

pytestmark = pytest.mark.django_db

RITA = {"reportingPerson": {"firstName": "Rita", "phone": [{"value": "512 555 0188"}]}}
TEXAS = {"address": [{"city": "Austin", "state": "TX", "country": "US"}]}
WHY = "She saw the account and is willing to testify."


@pytest.fixture
def ana(world):
    return world.actor("ana")


@pytest.fixture
def report(world):
    """Two agencies have it: a suspect in California, a victim in Texas."""
    victim = [{"victimPerson": TEXAS}]
    return public_report(document(reporter=RITA, victim=victim, personOrUserReported=suspect()))


@pytest.fixture
def rows(report):
    """California's hand-over, then Texas'."""
    return sorted(referrals_of(report.pk), key=lambda row: row.agency.name)


def entries(verb):
    return list(LedgerEntry.objects.filter(verb=verb).order_by("pk"))


def test_it_is_released_to_one_agency_and_stands_on_the_ledger(ana, report, rows):
    california, texas = rows
    release = releases.release_reporter(ana, texas, WHY)

    assert (release.why, release.released_by_id) == (WHY, ana.person_id)
    assert set(releases_in_force(rows)) == {texas.pk}
    assert releases_of(report.pk) == {texas.pk: [release]}
    (entry,) = entries("reporter.released")
    assert (entry.subject, entry.purpose) == (f"report:{report.pk}", WHY)
    assert entry.detail == {"agency": texas.agency_id}
    assert california.pk not in releases_of(report.pk)


def test_the_same_again_has_one_effect_and_another_reason_is_a_conflict(ana, rows):
    first = releases.release_reporter(ana, rows[0], WHY)

    assert releases.release_reporter(ana, rows[0], f" {WHY} ") == first
    with pytest.raises(Conflict):
        releases.release_reporter(ana, rows[0], "For another reason.")
    assert len(entries("reporter.released")) == 1
    assert ReporterRelease.objects.count() == 1


def test_it_can_be_withdrawn_and_released_again(world, ana, report, rows):
    sofia = world.actor("sofia")
    releases.release_reporter(ana, rows[0], WHY)
    assert releases.withdraw_release(sofia, rows[0]) is True
    assert releases.withdraw_release(sofia, rows[0]) is False

    assert releases_in_force(rows) == {}
    (entry,) = entries("reporter.release-withdrawn")
    assert (entry.actor, entry.detail) == (sofia.reference, {"agency": rows[0].agency_id})

    releases.release_reporter(ana, rows[0], "The court asks for her.")
    newest, oldest = releases_of(report.pk)[rows[0].pk]
    assert (newest.why, newest.withdrawn_at) == ("The court asks for her.", None)
    assert (oldest.why, oldest.withdrawn_by_id) == (WHY, sofia.person_id)
    assert set(releases_in_force(rows)) == {rows[0].pk}


@pytest.mark.parametrize("why", ["", " no", "x" * 301])
def test_a_reason_is_needed(ana, rows, why):
    with pytest.raises(Invalid, match="Say why"):
        releases.release_reporter(ana, rows[0], why)
    assert not ReporterRelease.objects.exists()


@pytest.mark.parametrize("name", ["adam", "enzo", "ines", "tomas"])
def test_analysts_alone_may(world, ana, rows, name):
    releases.release_reporter(ana, rows[0], WHY)
    for actor in (world.actor(name), PUBLIC):
        with pytest.raises(NotAllowed):
            releases.release_reporter(actor, rows[1], WHY)
        with pytest.raises(NotAllowed):
            releases.withdraw_release(actor, rows[0])
    assert set(releases_in_force(rows)) == {rows[0].pk}


def test_where_nothing_is_sealed_nothing_can_be_released(world, ana, filed):
    anonymous = public_report(document(reporter={"reportingPerson": {}}))
    for report in (filed(), anonymous):
        with pytest.raises(NotVisible):
            releases.release_reporter(ana, referrals_of(report.pk)[0], WHY)
    assert not ReporterRelease.objects.exists()


def test_it_rests_while_the_report_is_handed_back(world, ana, report, rows):
    california, texas = rows
    releases.release_reporter(ana, california, WHY)
    routing.refuse(world.actor("ines"), california, "Not ours.")

    again = sorted(referrals_of(report.pk), key=lambda row: row.agency.name)
    assert releases_in_force(again) == {}
    with pytest.raises(Conflict):
        releases.release_reporter(ana, california, WHY)

    routing.reopen(world.actor("ines"), california)
    assert set(releases_in_force(referrals_of(report.pk))) == {california.pk}
    assert texas.pk not in releases_in_force(referrals_of(report.pk))


def test_a_referral_is_found_within_its_own_report_only(filed, report, rows):
    other = filed()

    assert referral_in(report.pk, rows[0].pk) == rows[0]
    with pytest.raises(NotVisible):
        referral_in(other.pk, rows[0].pk)


def test_the_database_holds_one_release_in_force_and_who_withdrew_it(ana, rows):
    made = releases.release_reporter(ana, rows[0], WHY)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReporterRelease.objects.create(
            referral=rows[0], why="x", released_by_id=ana.person_id, at=clock.now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        ReporterRelease.objects.filter(pk=made.pk).update(withdrawn_at=clock.now())
    assert Report.objects.filter(pk=rows[0].report_id).exists()
