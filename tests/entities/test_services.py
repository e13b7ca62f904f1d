"""Links between filed reports, and what people decide about them."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.filing import document, suspect
from tests.personas import file_report

from tipline.ground.accounts import services as accounts
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.actor import SYSTEM, OrganisationKind
from tipline.ground.foundation.errors import Invalid, NotAllowed
from tipline.ground.foundation.models import Job
from tipline.insight.entities import rules, services
from tipline.insight.entities.judging import services as judging
from tipline.insight.entities.models import Identifier, Judgement, Link, SecondLook
from tipline.insight.entities.queries import counted_neighbours, judgements_of, links_of
from tipline.pipeline import stages
from tipline.pipeline.models import StageRun
from tipline.record.evidence.contents import Contents
from tipline.record.reports.models import Report

ELSEWHERE = {"address": [{"city": "Austin", "state": "TX", "country": "US"}]}


def about(name: str, **changes) -> dict:
    """A document about somebody else; what is given is shared with others."""
    person = {"email": [{"value": f"{name}@example.org"}]}
    wanted = {
        "personOrUserReportedPerson": person,
        "espIdentifier": f"id-{name}",
        "screenName": name,
        "ipCaptureEvent": None,
    }
    return document(personOrUserReported=suspect(**{**wanted, **changes}))


def verified(value: str) -> dict:
    return {"email": [{"value": value, "verified": True}]}


def between(one: Report, other: Report) -> Link | None:
    return Link.objects.filter(low=min(one.pk, other.pk), high=max(one.pk, other.pk)).first()


def told() -> list[tuple]:
    """Every link, and why, without keys and clocks."""
    rows = Link.objects.order_by("low", "high")
    return list(rows.values_list("low", "high", "state", "reasons", "version"))


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
        assert [reason["params"]["kind"] for reason in link.reasons] == ["email"]

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
    def test_nobody_hangs_on_more_than_a_few_of_the_earliest(self, filed):
        made = [filed(document=about(f"n{n}", espIdentifier="u-7")) for n in range(8)]
        last = made[-1]
        neighbours = [link.low_id for link in links_of(last.pk)]
        assert neighbours == [report.pk for report in made[: services.MOST_PER_VALUE]]

    @pytest.mark.parametrize("seed", range(4))
    def test_the_order_of_looking_makes_no_difference(self, world, seed):
        """More reports than hang on one, and one value on more than may be linked by it."""
        dice = Random(seed)
        reports = [
            file_report(
                world, document=about(f"n{n}", espIdentifier=f"u-{n % 2}", screenName="everybody")
            )
            for n in range(rules.MOST_SHARED + 3)
        ]
        for report in reports:
            stages._link(Contents(report))
        in_order = told()
        assert len(in_order) > services.MOST_PER_VALUE * 10
        for report in reports:
            Identifier.objects.filter(report=report).delete()
        SecondLook.objects.all().delete()
        Link.objects.all().delete()
        for report in dice.sample(reports, len(reports)):
            stages._link(Contents(report))
        assert told() == in_order

    def test_who_hangs_on_another_now_is_told_of_it(self, world):
        made = [file_report(world, document=about(f"n{n}", espIdentifier="u-7")) for n in range(7)]
        late, *others = made
        for report in others:
            stages._link(Contents(report))
        Job.objects.all().delete()
        stages._link(Contents(late))
        last = made[-1]
        assert {link.low_id for link in links_of(last.pk)} == {one.pk for one in made[:5]}
        jobs = Job.objects.filter(kind="LinkChanged>pipeline").values_list("payload", flat=True)
        assert sorted(one["report"] for one in jobs) == [one.pk for one in others]

    def test_a_judged_link_stays_when_an_earlier_report_comes_late(self, world):
        made = [file_report(world, document=about(f"n{n}", espIdentifier="u-7")) for n in range(7)]
        late, *others = made
        for report in others:
            stages._link(Contents(report))
        sixth = between(made[5], made[6])
        judging.judge(world.actor("ana"), sixth, "yes")
        stages._link(Contents(late))
        assert between(made[5], made[6]).state == Link.State.CONFIRMED

    def test_a_value_of_too_many_reports_links_no_more_and_costs_no_more(self, world, filed):
        one = filed(document=about("first", espIdentifier="u-7"))
        rows = Identifier.objects.filter(report=one, kind="esp_user_id")
        template = rows.get()
        numbers = [
            Report.objects.create(
                door=one.door,
                sender=one.sender,
                profile=one.profile,
                key=one.key,
                state=Report.State.FINISHED,
                opened_at=one.opened_at,
                modified_at=one.modified_at,
                expires_at=one.expires_at,
                ended_at=one.ended_at,
            )
            for _number in range(3 * rules.MOST_SHARED)
        ]
        Identifier.objects.bulk_create(
            Identifier(
                report=report,
                kind=template.kind,
                scope=template.scope,
                normal=template.normal,
                role=template.role,
                path=template.path,
            )
            for report in numbers
        )
        late = file_report(world, document=about("late", espIdentifier="u-7"))
        with CaptureQueriesContext(connection) as many:
            stages._link(Contents(late))
        assert links_of(late.pk) == []
        filed(document=about("few", espIdentifier="u-8"))
        few = file_report(world, document=about("fewer", espIdentifier="u-8"))
        with CaptureQueriesContext(connection) as one:
            stages._link(Contents(few))
        assert len(links_of(few.pk)) == 1
        assert len(many) <= len(one)


class TestJudgements:
    @pytest.fixture
    def link(self, filed):
        first = filed(document=about("one", screenName="kite"))
        second = filed(document=about("two", screenName="kite"))
        return between(first, second)

    def test_a_verdict_is_in_force_at_once_and_both_reports_are_told(self, world, link):
        Job.objects.all().delete()
        judging.judge(world.actor("ana"), link, "yes", " the same style ")

        link.refresh_from_db()
        assert link.state == Link.State.CONFIRMED
        assert counted_neighbours(link.low_id) == [link.high_id]
        told = Job.objects.filter(kind="LinkChanged>pipeline").values_list("payload", flat=True)
        assert sorted(one["report"] for one in told) == [link.low_id, link.high_id]
        verbs = LedgerEntry.objects.filter(verb="link.judged")
        assert {entry.subject for entry in verbs} == {
            f"report:{link.low_id}",
            f"report:{link.high_id}",
        }

    def test_judgements_are_added_and_the_newest_holds(self, world, link):
        for who, verdict in (("ana", "yes"), ("sofia", "no"), ("ana", "unsure"), ("ana", "yes")):
            judging.judge(world.actor(who), link, verdict)
        link.refresh_from_db()
        assert link.state == Link.State.CONFIRMED
        told = judgements_of([link])[link.pk]
        assert [one.verdict for one in told] == ["yes", "no", "unsure", "yes"]
        assert told[0].reasons == link.reasons

    @pytest.mark.parametrize(
        ("verdict", "state"), [("yes", "confirmed"), ("no", "rejected"), ("unsure", "unsure")]
    )
    def test_what_is_judged_is_not_asked_again(self, world, link, verdict, state):
        judging.judge(world.actor("ana"), link, verdict)
        StageRun.objects.all().delete()  # every stage again, as under new forms
        for number in (link.low_id, link.high_id):
            stages.run(number)
        link.refresh_from_db()
        assert link.state == state
        assert Judgement.objects.count() == 1
        assert Link.objects.count() == 1

    def test_only_some_verdicts_and_only_by_those_who_may(self, world, link):
        with pytest.raises(Invalid):
            judging.judge(world.actor("ana"), link, "perhaps")
        for name in ("adam", "enzo", "ines"):
            with pytest.raises(NotAllowed):
                judging.judge(world.actor(name), link, "yes")
        assert not Judgement.objects.exists()

    def test_a_link_that_came_to_count_by_more_is_told_to_the_other_side(self, filed, link):
        """The link was a proposal; when the forms change it becomes automatic."""
        Link.objects.filter(pk=link.pk).update(state=Link.State.PROPOSED)
        Identifier.objects.filter(kind="email").update(normal="kite@example.org", verified=True)
        Job.objects.all().delete()
        changed = services.link(Report.objects.get(pk=link.high_id))
        assert changed == [link.low_id]
        link.refresh_from_db()
        assert link.state == Link.State.AUTOMATIC
        assert Job.objects.filter(kind="LinkChanged>pipeline").count() == 1
