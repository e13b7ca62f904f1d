"""Hand-overs: everybody concerned gets it, nobody else does, and each is answered once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from tests.filing import document, entry, newest, suspect
from tests.personas import file_report

from tipline.delivery.routing import services
from tipline.delivery.routing.models import Referral
from tipline.delivery.routing.queries import (
    referral_for,
    referrals_for,
    referrals_of,
    referred_reports,
    unreferred,
)
from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.models import Organisation
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import jobs, worker
from tipline.ground.foundation.actor import PUBLIC, SYSTEM, OrganisationKind
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.insight.triage.models import BAND_RANK
from tipline.pipeline import stages
from tipline.record.evidence.contents import Contents

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TEXAS = {"address": [{"city": "Austin", "state": "TX", "country": "US"}]}
NOWHERE = {"personOrUserReportedPerson": {"firstName": "Ada"}, "ipCaptureEvent": None}
INFORMATIONAL = {
    "incidentSummary": {
        "incidentType": "Child Pornography (possession, manufacture, and distribution)",
        "incidentDateTime": "2026-11-20T10:00:00Z",
        "reportAnnotations": {"spam": True},
    }
}


def agencies(report) -> list[str]:
    return sorted(row.agency.name for row in referrals_of(report.pk))


class TestRoutes:
    def test_a_state_goes_to_its_agency(self, filed):
        assert agencies(filed()) == ["California ICAC"]

    def test_people_in_two_places_send_it_to_both(self, filed):
        victim = [{"victimPerson": TEXAS}]
        report = filed(document=document(victim=victim))
        assert agencies(report) == ["California ICAC", "Texas ICAC"]

    def test_one_person_is_where_their_best_evidence_says(self, filed):
        """An address in Texas and an address of the internet in California are one person's."""
        report = filed(
            document=document(personOrUserReported=suspect(personOrUserReportedPerson=TEXAS))
        )
        assert agencies(report) == ["Texas ICAC"]

    def test_an_account_listed_with_the_victim_speaks_for_the_victim(self, filed):
        account = {"type": "Same Platform", **TEXAS}
        victim = [{"victimPerson": {"age": 9}, "associatedAccount": [account]}]
        assert agencies(filed(document=document(victim=victim))) == [
            "California ICAC",
            "Texas ICAC",
        ]

    def test_no_place_goes_to_the_federal_queue(self, filed):
        assert agencies(filed(document=document(personOrUserReported=suspect(**NOWHERE)))) == [
            "Federal queue"
        ]

    def test_an_informational_report_goes_to_somebody_too(self, filed):
        report = filed(document=document(**INFORMATIONAL))
        assert newest(report).result["disposition"] == "informational"
        [row] = referrals_of(report.pk)
        assert (row.agency.name, row.disposition) == ("California ICAC", "informational")
        assert referred_reports() == 0

    def test_an_ended_agency_gets_nothing_new(self, world, filed):
        california = world.organisations["California ICAC"]
        Organisation.objects.filter(pk=california.pk).update(active=False)
        assert agencies(filed()) == ["Federal queue"]

    def test_running_again_adds_nothing(self, filed):
        report = filed()
        stages.run(report.pk)
        assert Referral.objects.count() == 1
        assert LedgerEntry.objects.filter(verb="referral.made").count() == 1

    def test_the_event_of_a_detection_leads_nowhere_by_its_time(self, world):
        content = {"incident_time_means": "detection"}
        accounts.set_esp_profile(SYSTEM, world.organisations["Harborline"], content)
        assert stages._incident_at(Contents(file_report(world))) is None
        assert stages._incident_at(Contents(file_report(world, esp="quillnet"))) is not None

    def test_a_changed_assessment_is_told_to_all_who_have_it(self, filed):
        report = filed(document=document(victim=[{"victimPerson": TEXAS}]))
        services.deliver(report, (), disposition="informational", band_rank=1, policy="p")
        rows = Referral.objects.filter(report=report)
        assert {(row.disposition, row.band_rank) for row in rows} == {("informational", 1)}


class TestNowhere:
    """A report that nobody is responsible for waits, visibly, for somebody who is."""

    @pytest.fixture
    def alone(self, world):
        kinds = [OrganisationKind.AGENCY]
        Organisation.objects.filter(kind__in=kinds).update(active=False)
        report = file_report(world)
        worker.run_ready("one")
        return report

    def test_it_is_ranked_all_the_same_and_counted(self, alone):
        assert entry(alone).disposition
        assert unreferred() == [alone.pk]
        assert jobs.counts() == {}

    def test_a_new_agency_gets_what_waited_for_it(self, alone):
        row = accounts.add_organisation(SYSTEM, OrganisationKind.AGENCY, "New California")
        accounts.set_agency_profile(SYSTEM, row, {"areas": ["US-CA"]})
        worker.run_ready("one")
        assert agencies(alone) == ["New California"]
        assert unreferred() == []


class TestRefer:
    def test_an_analyst_adds_an_agency_with_a_reason(self, world, filed):
        report = filed()
        texas = world.organisations["Texas ICAC"]
        row = services.refer(world.actor("ana"), report, texas, "  a cousin in Dallas ")
        assert row.reasons[0]["params"] == {"why": "a cousin in Dallas"}
        assert row.source == "analyst"
        assert (row.disposition, row.band_rank) == (
            entry(report).disposition,
            entry(report).band_rank,
        )
        assert "Dallas" not in str(list(LedgerEntry.objects.values("detail", "purpose")))
        with pytest.raises(Conflict):
            services.refer(world.actor("ana"), report, texas, "again")

    def test_an_urgent_report_that_nobody_had_is_urgent_for_the_first_one(self, world, filed):
        urgent = {**INFORMATIONAL["incidentSummary"], "escalateToHighPriority": "now"}
        report = filed(document=document(incidentSummary=urgent))
        Referral.objects.all().delete()
        row = services.refer(world.actor("ana"), report, world.organisations["Texas ICAC"], "why")
        assert (row.disposition, row.band_rank) == ("referral", BAND_RANK["urgent"])

    @pytest.mark.parametrize(
        ("to", "why", "field"),
        [
            ("Harborline", "why", "agency"),
            ("Clearinghouse", "why", "agency"),
            ("Texas ICAC", " ", "why"),
        ],
    )
    def test_only_to_agencies_and_with_a_reason(self, world, filed, to, why, field):
        report = filed()
        with pytest.raises(Invalid) as refused:
            services.refer(world.actor("ana"), report, world.organisations[to], why)
        assert refused.value.field == field

    def test_tests_go_to_nobody(self, world, filed):
        report = filed()
        Organisation.objects.filter(name="Harborline").update(test_only=True)
        report = type(report).objects.select_related("sender").get(pk=report.pk)
        with pytest.raises(Invalid):
            services.refer(world.actor("ana"), report, world.organisations["Texas ICAC"], "why")

    @pytest.mark.parametrize("name", ["adam", "enzo", "ines"])
    def test_only_by_those_who_may(self, world, filed, name):
        with pytest.raises(NotAllowed):
            services.refer(world.actor(name), filed(), world.organisations["Texas ICAC"], "why")


class TestAnswers:
    @pytest.fixture
    def row(self, world, filed):
        return referral_for(world.actor("ines"), filed().pk)

    def test_an_agency_sees_its_own_only(self, world, row):
        for name in ("tomas", "fay"):
            with pytest.raises(NotVisible):
                referral_for(world.actor(name), row.report_id)
        for actor in (world.actor("ana"), world.actor("adam"), world.actor("enzo"), PUBLIC):
            assert not referrals_for(actor).exists()

    def test_accepting_happens_once_and_by_the_agency(self, world, row):
        assert not services.accept(world.actor("tomas"), row)
        assert services.accept(world.actor("ines"), row)
        assert not services.accept(world.actor("ines"), row)
        assert LedgerEntry.objects.filter(verb="referral.accepted").count() == 1

    def test_handing_back_needs_words_and_happens_once(self, world, row):
        ines = world.actor("ines")
        for why in (" ", "x" * 501):
            with pytest.raises(Invalid):
                services.refuse(ines, row, why)
        with pytest.raises(Conflict):
            services.refuse(world.actor("tomas"), row, "not ours")
        services.refuse(ines, row, "not ours")
        with pytest.raises(Conflict):
            services.refuse(ines, row, "again")
        assert not services.accept(ines, row)
        row.refresh_from_db()
        assert (row.state, row.refusal) == ("refused", "not ours")
        assert "not ours" not in str(list(LedgerEntry.objects.values("detail", "purpose")))

    def test_an_answer_is_taken_back_soon_or_never(self, world, row):
        ines = world.actor("ines")
        with time_machine.travel(START, tick=False) as time:
            services.accept(ines, row)
            with pytest.raises(Conflict):
                services.reopen(world.actor("tomas"), row)
            services.reopen(ines, row)
            services.refuse(ines, row, "not ours")
            time.shift(services.REOPENS_FOR)
            with pytest.raises(Conflict):
                services.reopen(ines, row)


class TestRaised:
    """A report that becomes urgent after its agency got it: the agency hears of it, once."""

    def raised(self, report) -> list[tuple[str, bool]]:
        return sorted((r.agency.name, r.raised_at is not None) for r in referrals_of(report.pk))

    def urgent(self, report) -> None:
        deliver(report, "referral", BAND_RANK["urgent"])

    def test_each_agency_is_told_once(self, filed):
        report = filed(document=document(victim=[{"victimPerson": TEXAS}]))
        worker.run_ready("one")
        for _time in range(2):
            self.urgent(report)
        assert self.raised(report) == [("California ICAC", True), ("Texas ICAC", True)]
        told = LedgerEntry.objects.filter(verb="referral.raised")
        agencies = {row.agency_id for row in referrals_of(report.pk)}
        assert {entry.detail["agency"] for entry in told} == agencies
        assert (told.count(), {entry.actor for entry in told}) == (2, {"system"})

    def test_one_that_was_urgent_from_the_start_is_not_raised(self, filed):
        summary = {**document()["incidentSummary"], "escalateToHighPriority": "now"}
        report = filed(document=document(incidentSummary=summary))
        self.urgent(report)
        assert self.raised(report) == [("California ICAC", False)]

    def test_what_falls_and_rises_again_is_told_again(self, filed):
        report = filed()
        self.urgent(report)
        deliver(report, "referral", BAND_RANK["high"])
        assert self.raised(report) == [("California ICAC", False)]
        self.urgent(report)
        assert self.raised(report) == [("California ICAC", True)]
        assert LedgerEntry.objects.filter(verb="referral.raised").count() == 2

    def test_whatever_the_agency_answered_it_hears_of_it(self, world, filed):
        report = filed()
        services.refuse(world.actor("ines"), referrals_of(report.pk)[0], "Not ours.")
        self.urgent(report)
        [row] = referrals_of(report.pk)
        assert (row.state, row.raised_at is not None) == (Referral.State.REFUSED, True)


def deliver(report, disposition: str, band_rank: int) -> None:
    services.deliver(report, (), disposition=disposition, band_rank=band_rank, policy="p")
