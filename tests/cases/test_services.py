"""An agency's cases: its own referrals, each in one case, and each retry with one effect."""

from __future__ import annotations

import pytest
from tests.filing import document, suspect

from tipline.delivery.cases import queries, services
from tipline.delivery.cases.downloads import download_case, download_report
from tipline.delivery.cases.models import Case, CaseReport
from tipline.delivery.routing import services as routing
from tipline.delivery.routing.queries import referral_for
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.record.outcomes.models import Outcome

TEXAS = {"address": [{"city": "Austin", "state": "TX", "country": "US"}]}
CLOSED = {"status": "closed", "closing_reason": "no_crime"}


@pytest.fixture
def ines(world):
    return world.actor("ines")


@pytest.fixture
def row(ines, filed):
    return referral_for(ines, filed().pk)


@pytest.fixture
def other(ines, filed):
    return referral_for(ines, filed().pk)


@pytest.fixture
def texan(world, filed):
    """A referral of another agency."""
    made = filed(document=document(personOrUserReported=suspect(personOrUserReportedPerson=TEXAS)))
    return referral_for(world.actor("tomas"), made.pk)


class TestForeign:
    """What another agency has is not there, whoever hands it in."""

    def test_no_case_of_anothers_referral(self, ines, texan):
        with pytest.raises(NotVisible):
            services.open_case(ines, texan, "mine")
        assert not Case.objects.exists()

    def test_no_referral_into_anothers_case_and_none_out_of_it(self, world, ines, row, texan):
        tomas = world.actor("tomas")
        theirs = services.open_case(tomas, texan, "theirs")
        mine = services.open_case(ines, row, "mine")
        for actor, case, referral in (
            (ines, theirs, row),
            (ines, mine, texan),
            (ines, theirs, texan),
        ):
            with pytest.raises(NotVisible):
                services.add_to_case(actor, case, referral)
        assert [one.referral for one in CaseReport.objects.order_by("pk")] == [texan, row]
        with pytest.raises(NotVisible):
            queries.case_for(ines, theirs.pk)

    def test_no_answer_and_no_download(self, ines, texan):
        with pytest.raises(NotVisible):
            services.answer(ines, texan, {"status": "ongoing"})
        with pytest.raises(NotVisible):
            services.take_back(ines, texan)
        with pytest.raises(NotVisible):
            download_report(ines, texan)
        assert not Outcome.objects.exists()
        texan.refresh_from_db()
        assert texan.state == "available"

    def test_a_case_is_downloaded_by_its_agency_only(self, world, ines, row, texan):
        theirs = services.open_case(world.actor("tomas"), texan, "theirs")
        with pytest.raises(NotVisible):
            download_case(ines, theirs)
        assert len(download_case(world.actor("tomas"), theirs)) == 1

    @pytest.mark.parametrize("name", ["ana", "adam", "enzo"])
    def test_only_agencies_work_cases(self, world, row, name):
        actor = world.actor(name)
        with pytest.raises(NotAllowed):
            services.open_case(actor, row, "mine")
        with pytest.raises(NotAllowed):
            services.answer(actor, row, {"status": "ongoing"})
        assert not queries.cases_for(actor).exists()


class TestCases:
    def test_opening_a_case_accepts_the_referral(self, ines, row):
        case = services.open_case(ines, row, " ")
        assert case.title == f"Report {row.report_id}"
        row.refresh_from_db()
        assert row.state == "accepted"
        assert queries.case_of(row) == case
        subjects = LedgerEntry.objects.filter(verb__startswith="case.").values_list("subject")
        assert set(subjects) == {(f"case:{case.pk}",)}

    def test_a_referral_is_worked_in_one_case(self, ines, row, other):
        first = services.open_case(ines, row, "first")
        with pytest.raises(Conflict):
            services.open_case(ines, row, "second")
        second = services.open_case(ines, other, "second")
        with pytest.raises(Conflict):
            services.add_to_case(ines, second, row)
        assert Case.objects.count() == 2
        assert queries.case_of(row) == first

    def test_what_was_handed_back_meanwhile_goes_into_no_case(self, ines, row, other):
        """A colleague hands it back while the form is open."""
        case = services.open_case(ines, other, "mine")
        routing.refuse(ines, row, "not ours")
        assert row.state == "available"  # as the open form knows it
        for work in (
            lambda: services.open_case(ines, row, "mine"),
            lambda: services.add_to_case(ines, case, row),
        ):
            with pytest.raises(Conflict):
                work()
        assert not CaseReport.objects.filter(referral=row).exists()

    def test_a_case_that_was_closed_meanwhile_takes_no_more(self, ines, row, other):
        case = services.open_case(ines, row, "mine")
        Case.objects.filter(pk=case.pk).update(state=Case.State.CLOSED)
        with pytest.raises(Conflict):
            services.add_to_case(ines, case, other)

    def test_a_title_has_a_length(self, ines, row):
        with pytest.raises(Invalid):
            services.open_case(ines, row, "x" * 201)

    def test_taking_back_is_for_what_nothing_hangs_on(self, ines, row, other):
        services.open_case(ines, row, "mine")
        with pytest.raises(Conflict):
            services.take_back(ines, row)
        services.answer(ines, other, {"status": "ongoing"})
        with pytest.raises(Conflict):
            services.take_back(ines, other)


class TestRetries:
    @pytest.mark.parametrize("key", ["k", "k" * 300])
    def test_the_same_key_opens_one_case(self, ines, row, key):
        case = services.open_case(ines, row, "mine", retry_key=key)
        assert services.open_case(ines, row, "mine", retry_key=key) == case
        assert LedgerEntry.objects.filter(verb="case.opened").count() == 1

    def test_long_keys_that_begin_alike_are_two(self, ines, row, other):
        one = services.open_case(ines, row, "mine", retry_key="k" * 300 + "1")
        two = services.open_case(ines, other, "mine", retry_key="k" * 300 + "2")
        assert one != two

    def test_one_key_for_two_referrals_is_a_mistake(self, ines, row, other):
        services.open_case(ines, row, "mine", retry_key="k")
        with pytest.raises(Conflict):
            services.open_case(ines, other, "mine", retry_key="k")
        assert Case.objects.count() == 1

    def test_keys_of_two_agencies_are_two(self, world, ines, row, texan):
        services.open_case(ines, row, "mine", retry_key="k")
        services.open_case(world.actor("tomas"), texan, "mine", retry_key="k")
        assert Case.objects.count() == 2

    @pytest.mark.parametrize("key", ["k", "k" * 300])
    def test_an_answer_sent_twice_is_one(self, ines, row, key):
        first = services.answer(ines, row, CLOSED, release=True, retry_key=key)
        assert services.answer(ines, row, CLOSED, release=True, retry_key=key) == first
        assert Outcome.objects.count() == 1
        with pytest.raises(Conflict):
            services.answer(ines, row, {"status": "ongoing"}, retry_key=key)

    def test_without_a_key_each_answer_is_one(self, ines, row):
        for _time in range(2):
            services.answer(ines, row, CLOSED)
        assert Outcome.objects.count() == 2

    def test_a_wrong_answer_accepts_nothing(self, ines, row):
        with pytest.raises(Invalid):
            services.answer(ines, row, {"status": "closed"})
        row.refresh_from_db()
        assert row.state == "available"
