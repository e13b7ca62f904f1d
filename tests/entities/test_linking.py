"""Which filed reports are linked, whatever the order of work, and what that costs."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.entities.related import about, between, told, verified
from tests.personas import file_report

from tipline.ground.accounts import services as accounts
from tipline.ground.foundation.actor import SYSTEM, OrganisationKind
from tipline.ground.foundation.models import Job
from tipline.insight.entities.blocking.queries import sharing
from tipline.insight.entities.blocking.rules import MOST, NEAREST, Keys, is_certain
from tipline.insight.entities.judging import services as judging
from tipline.insight.entities.models import BlockingKey, Identifier, Link, SecondLook
from tipline.insight.entities.queries import counted_neighbours, links_of
from tipline.pipeline import stages
from tipline.record.evidence.contents import Contents
from tipline.record.reports.models import Report, ReportDocument


class TestLinks:
    def test_the_same_account_at_the_same_esp_links_by_itself(self, filed):
        first = filed(document=about("one", espIdentifier="u-7"))
        second = filed(document=about("two", espIdentifier="u-7"))
        assert between(first, second).state == Link.State.AUTOMATIC
        assert counted_neighbours(first.pk) == [second.pk]
        assert counted_neighbours(second.pk) == [first.pk]

    def test_the_same_number_at_two_esps_is_nobody_in_common(self, filed):
        first = filed(document=about("one", espIdentifier="u-7"))
        second = filed(document=about("two", espIdentifier="u-7"), esp="quillnet")
        assert between(first, second) is None

    def test_services_of_one_name_at_two_esps_are_a_proposal_only(self, filed):
        wanted = {"espIdentifier": "u-7", "espService": "Chat"}
        first = filed(document=about("one", **wanted))
        second = filed(document=about("two", **wanted), esp="quillnet")
        assert between(first, second).state == Link.State.PROPOSED
        assert counted_neighbours(first.pk) == []

    def test_verified_contacts_link_across_esps(self, filed):
        person = verified("kite@example.org")
        first = filed(document=about("one", personOrUserReportedPerson=person))
        second = filed(document=about("two", personOrUserReportedPerson=person), esp="quillnet")
        assert between(first, second).state == Link.State.AUTOMATIC

    def test_a_contact_that_one_side_verified_is_a_proposal(self, filed):
        first = filed(
            document=about("one", personOrUserReportedPerson=verified("kite@example.org"))
        )
        person = {"email": [{"value": "kite@example.org"}]}
        second = filed(document=about("two", personOrUserReportedPerson=person))
        assert between(first, second).state == Link.State.PROPOSED

    @pytest.mark.parametrize("shared", ["victim", "account"])
    def test_a_victims_identifiers_link_nothing(self, filed, shared):
        child = {"victimPerson": verified("child@example.org"), "espIdentifier": "child-1"}
        account = {"victimPerson": {"age": 12}, "associatedAccount": [
            {"type": "Same Platform", "espIdentifier": "child-1", **verified("child@example.org")}
        ]}  # fmt: skip
        victims = [child] if shared == "victim" else [account]
        first = filed(document={**about("one"), "victim": victims})
        second = filed(document={**about("two"), "victim": victims})
        assert Identifier.objects.filter(normal="child@example.org").count() == 2
        assert between(first, second) is None

    def test_a_victim_who_is_somebody_elses_suspect_links_nothing(self, filed):
        child = {"victimPerson": verified("one@example.org"), "espIdentifier": "u-7"}
        first = filed(document={**about("two"), "victim": [child]})
        second = filed(
            document=about(
                "three", espIdentifier="u-7", personOrUserReportedPerson=verified("one@example.org")
            )
        )
        assert between(first, second) is None

    def test_a_value_under_two_roles_counts_once(self, filed):
        account = {"type": "Same Platform", "email": [{"value": "kite@example.org"}]}
        for name in ("one", "two"):
            person = {"email": [{"value": "kite@example.org"}]}
            filed(
                document=about(name, personOrUserReportedPerson=person, associatedAccount=[account])
            )
        [link] = Link.objects.all()
        codes = [reason["code"] for reason in link.reasons]
        assert codes.count("bits.email.same_mailbox") == 1

    def test_reasons_name_no_value(self, filed):
        filed(document=about("one", espIdentifier="secret-7"))
        filed(document=about("two", espIdentifier="secret-7"))
        assert "secret-7" not in str(Link.objects.get().reasons)

    def test_tests_are_linked_with_tests_only(self, world, filed):
        trial = accounts.add_organisation(SYSTEM, OrganisationKind.ESP, "Trial", test_only=True)
        accounts.issue_credential(SYSTEM, trial, "trial", "a-long-generated-secret")
        world.credentials["trial"] = accounts.EspCredential.objects.select_related(
            "organisation"
        ).get(username="trial")
        person = verified("kite@example.org")
        real = filed(document=about("one", personOrUserReportedPerson=person))
        test = filed(document=about("two", personOrUserReportedPerson=person), esp="trial")
        again = filed(document=about("three", personOrUserReportedPerson=person), esp="trial")
        assert between(real, test) is None
        assert between(test, again) is not None


class TestManyReports:
    def test_who_has_one_account_hangs_on_the_nearest_before(self, filed):
        made = [filed(document=about(f"n{n}", espIdentifier="u-7")) for n in range(8)]
        last = made[-1]
        neighbours = [link.low_id for link in links_of(last.pk)]
        assert neighbours == [report.pk for report in made[-1 - NEAREST : -1]]

    def test_however_many_reports_an_account_has_they_hang_together(self, filed):
        made = [filed(document=about(f"n{n}", espIdentifier="u-7")) for n in range(MOST + 5)]
        pairs = list(Link.objects.values_list("low_id", "high_id", "state"))
        assert {state for _low, _high, state in pairs} == {"automatic"}
        joined = {made[0].pk}
        for low, high, _state in sorted(pairs):
            assert low in joined
            joined.add(high)
        assert joined == {report.pk for report in made}
        assert max(len(links_of(report.pk)) for report in made) == 2 * NEAREST

    def test_a_value_of_too_many_reports_links_no_more(self, filed):
        person = {"email": [{"value": "kite@example.org"}]}
        made = [
            filed(document=about(f"n{n}", personOrUserReportedPerson=person))
            for n in range(MOST + 2)
        ]
        assert len(links_of(made[MOST - 1].pk)) == MOST - 1
        assert links_of(made[MOST].pk) == []
        assert links_of(made[MOST + 1].pk) == []

    @pytest.mark.parametrize(
        "seed", [0, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(1, 10))]
    )
    def test_the_order_of_looking_makes_no_difference(self, world, seed):
        """More reports than hang on one, and one value on more than are compared by it."""
        dice = Random(seed)
        reports = [
            file_report(
                world,
                document=about(
                    f"n{n}",
                    espIdentifier=f"u-{n % 2}" if n % 3 else f"id-{n}",
                    screenName="everybody" if n % 4 else f"somebody_{n % 8}",
                ),
            )
            for n in range(MOST + 14)
        ]
        for report in reports:
            stages._link(Contents(report))
        in_order = told()
        assert len(in_order) > NEAREST * 10
        for model in (Identifier, BlockingKey, SecondLook, Link):
            model.objects.all().delete()
        for report in dice.sample(reports, len(reports)):
            stages._link(Contents(report))
        assert told() == in_order

    def test_who_hangs_on_another_now_is_told_of_it(self, world):
        made = [file_report(world, document=about(f"n{n}", espIdentifier="u-7")) for n in range(8)]
        late, *others = made
        for report in others:
            stages._link(Contents(report))
        Job.objects.all().delete()
        stages._link(Contents(late))
        assert {link.high_id for link in links_of(late.pk)} == {one.pk for one in made[1:6]}
        jobs = Job.objects.filter(kind="LinkChanged>pipeline").values_list("payload", flat=True)
        assert sorted(one["report"] for one in jobs) == [one.pk for one in made[1:6]]

    def test_a_judged_link_stays_when_another_report_comes_between(self, world):
        made = [file_report(world, document=about(f"n{n}", espIdentifier="u-7")) for n in range(7)]
        late = made.pop(3)
        for report in made:
            stages._link(Contents(report))
        first, *_others, last = made
        assert between(first, last).state == Link.State.AUTOMATIC
        stages._link(Contents(late))
        assert between(first, last) is None
        judging.judge(world.actor("ana"), between(made[0], made[4]), "yes")
        stages._link(Contents(late))
        assert between(made[0], made[4]).state == Link.State.CONFIRMED

    def test_what_a_report_says_no_more_links_it_no_more(self, world, filed):
        first = filed(document=about("one", espIdentifier="u-7"))
        second = filed(document=about("two", espIdentifier="u-7"))
        third = filed(document=about("three", espIdentifier="u-7"))
        judging.judge(world.actor("ana"), between(first, third), "yes")
        ReportDocument.objects.filter(report=first).update(document=about("one"))
        stages._link(Contents(Report.objects.get(pk=first.pk)))
        assert between(first, second) is None
        assert between(second, third).state == Link.State.AUTOMATIC
        assert between(first, third).state == Link.State.CONFIRMED


class TestPoisonedValues:
    """One value on 3,000 reports costs what any other does."""

    MANY = 3000

    @pytest.fixture
    def poisoned(self, filed):
        """Reports that all have the keys of the first one, shared and certain."""
        one = filed(document=about("first", espIdentifier="u-7", screenName="everybody"))
        wanted = {
            field.attname: getattr(one, field.attname)
            for field in Report._meta.concrete_fields
            if not field.primary_key
        }
        made = Report.objects.bulk_create([Report(**wanted) for _number in range(self.MANY)])
        found = list(BlockingKey.objects.filter(report=one).values_list("key", flat=True))
        BlockingKey.objects.bulk_create(
            BlockingKey(report=report, key=key) for report in made for key in found
        )
        return one

    def test_it_costs_no_more_statements_and_no_more_rows(self, world, filed, poisoned):
        late = file_report(
            world, document=about("late", espIdentifier="u-7", screenName="everybody")
        )
        with CaptureQueriesContext(connection) as many:
            stages._link(Contents(late))
        filed(document=about("few", espIdentifier="u-8", screenName="nobody_else"))
        few = file_report(
            world, document=about("fewer", espIdentifier="u-8", screenName="nobody_else")
        )
        with CaptureQueriesContext(connection) as one:
            stages._link(Contents(few))
        assert len(links_of(few.pk)) == 1
        assert len(many) <= len(one)
        found = set(BlockingKey.objects.filter(report=late).values_list("key", flat=True))
        certain = tuple(filter(is_certain, found))
        read = sharing(late.pk, Keys(tuple(found - set(certain)), certain))
        assert max(map(len, read.shared.values())) == MOST + 1
        assert len(read.near) == NEAREST
