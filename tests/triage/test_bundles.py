"""Bundles in the queue: what is folded, what stands out, and what happens when a head changes."""

from __future__ import annotations

import threading
from copy import deepcopy
from itertools import permutations

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from tests.filing import document, entry, newest, picture, suspect
from tests.personas import DOCUMENT, file_report, make_world

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import jobs, worker
from tipline.ground.foundation.errors import NotAllowed, NotVisible
from tipline.insight.annotation.services import set_label
from tipline.insight.entities.judging.services import judge
from tipline.insight.entities.queries import links_of
from tipline.insight.matching import services as matching
from tipline.insight.triage import queue
from tipline.insight.triage.bundles import acts, queries
from tipline.insight.triage.models import Bundle, BundleMember, QueueEntry
from tipline.insight.triage.queue import QueueFilter
from tipline.insight.triage.services import aged, assess
from tipline.pipeline import stages
from tipline.record.evidence.queries import files_of
from tipline.record.intake.queries import books
from tipline.record.reports.models import Report

SAME = picture(1)
URGENT = {**DOCUMENT["incidentSummary"], "escalateToHighPriority": "a meeting is planned"}


@pytest.fixture
def viral(world, filed):
    """``viral(n)``: so many reports by one sender of one file about one account."""

    def make(count: int, **changes) -> list[int]:
        wanted = {"esp": "quillnet", "files": [(SAME, {})], "document": document(), **changes}
        return [filed(**deepcopy(wanted)).pk for _number in range(count)]

    return make


def settled() -> None:
    worker.run_ready("one")
    assert jobs.counts() == {}


def listed(world) -> list[int]:
    return [row.report_id for row in queue.queue_for(world.actor("ana"), QueueFilter())]


def folded() -> dict[int, int]:
    rows = QueueEntry.objects.filter(folded_under__isnull=False)
    return dict(rows.order_by("report_id").values_list("report_id", "folded_under"))


def why(number: int) -> list[str]:
    standing = queries.standing_of(number)
    return [reason.code.removeprefix("triage.") for reason in standing.differs]


def balanced() -> None:
    """The leads' counts are true, members and places agree, and of those alike one leads."""
    members = BundleMember.objects.all()
    assert set(folded()) == set(members.filter(folded=True).values_list("report_id", flat=True))
    for bundle in Bundle.objects.all():
        mine = members.filter(bundle=bundle)
        for alike in set(mine.exclude(alike="").values_list("alike", flat=True)):
            group = mine.filter(alike=alike)
            followers = group.filter(folded=False).aggregate(n=Sum("followers"))["n"]
            assert followers == group.filter(folded=True).count()
            assert group.filter(followers__gt=0).count() <= 1
        assert not mine.filter(folded=True, alike="").exists()
        assert not mine.filter(alike="", followers__gt=0).exists()


class TestFolding:
    def test_from_the_third_on_one_is_listed_for_all(self, world, viral):
        first, second = viral(2)
        assert listed(world) == [first, second]
        third, fourth = viral(2)
        assert listed(world) == [first]
        assert folded() == dict.fromkeys((second, third, fourth), first)
        assert queries.likes_of([first, second])[first].count == 3
        balanced()

    def test_members_stay_full_reports(self, world, viral):
        numbers = viral(4)
        ana = world.actor("ana")
        for number in numbers:
            found = queue.queue_for(ana, QueueFilter(number=str(number)))
            assert [row.report_id for row in found] == [number]
            assert newest(Report.objects.get(pk=number)).result["danger"]
        assert set(world_referrals()) == set(numbers)
        assert books(world.actor("sofia")).balanced

    def test_nothing_moves_for_the_head_when_the_bundle_grows(self, world, viral):
        [first] = viral(1)
        settled()
        before = newest(Report.objects.get(pk=first))
        viral(6)
        settled()
        assess(Report.objects.get(pk=first))
        after = newest(Report.objects.get(pk=first))
        for score in ("danger", "actionability", "decay"):
            assert after.result[score]["value"] == before.result[score]["value"]
        assert entry(Report.objects.get(pk=first)).danger == before.result["danger"]["value"]

    def test_the_same_again_changes_nothing(self, viral):
        viral(4)
        settled()
        before = list(BundleMember.objects.order_by("pk").values())
        for number in Report.objects.values_list("pk", flat=True):
            stages.run(number)
        assert list(BundleMember.objects.order_by("pk").values()) == before
        balanced()

    def test_a_flood_without_files_is_folded_at_its_rate(self, world, filed):
        numbers = [filed(esp="quillnet").pk for _number in range(26)]
        settled()
        assert Bundle.objects.get().kind == "flood"
        assert listed(world) == numbers[:1]
        assert len(folded()) == 25
        balanced()

    def test_another_sender_has_its_own(self, world, viral):
        viral(2)
        viral(1, esp="harborline", files=[(SAME, {"fileViewedByEsp": False})])
        assert folded() == {}
        assert Bundle.objects.count() == 2

    def test_the_public_is_never_gathered(self, world):
        from tests.filing import PUBLIC_DOCUMENT, public_report

        for _number in range(3):
            public_report(PUBLIC_DOCUMENT)
        assert not Bundle.objects.exists()

    @pytest.mark.parametrize("order", list(permutations("AAAB"))[::7])
    def test_the_order_of_arrival_makes_no_difference(self, world, viral, order):
        other = document(personOrUserReported=suspect(espIdentifier="user-2", screenName="b"))
        for kind in order:
            viral(1, document=document() if kind == "A" else other)
        settled()
        alike = {
            kind: [
                n for n, k in zip(Report.objects.order_by("pk"), order, strict=True) if k == kind
            ]
            for kind in "AB"
        }
        assert len(listed(world)) == 2
        assert {n.pk for n in alike["A"]} - set(listed(world)) == set(folded())
        balanced()


def world_referrals():
    from tipline.delivery.routing.models import Referral

    return Referral.objects.values_list("report_id", flat=True)


class TestStandingOut:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"personOrUserReported": suspect(espIdentifier="user-2")}, ["bundle.people"]),
            ({"additionalInfo": "Please read this one."}, ["bundle.text"]),
            ({"incidentSummary": URGENT}, ["escalated", "bundle.urgent", "bundle.high"]),
            ({"victim": [{"victimPerson": {"age": 9}}]}, ["victim"]),
            ({"intendedRecipient": [{"screenName": "w"}]}, ["bundle.recipient"]),
            ({"internetDetails": [{"chatImIncident": {"content": "hi"}}]}, ["chat"]),
        ],
    )
    def test_a_member_that_differs_stands_out_and_says_why(self, world, viral, changes, words):
        viral(3)
        [other] = viral(1, document=document(**changes))
        assert other in listed(world)
        assert set(words) <= set(why(other))
        assert queries.standing_of(other).bundle == Bundle.objects.get()
        balanced()

    def test_a_file_that_differs_is_no_member(self, world, viral):
        viral(3)
        [other] = viral(1, files=[(picture(2), {})])
        assert other in listed(world)
        assert queries.standing_of(other) is None

    def test_others_like_the_one_that_differs_are_folded_under_that_one(self, world, viral):
        other = document(personOrUserReported=suspect(espIdentifier="user-2", screenName="b"))
        first, *_more = viral(3)
        second, *_again = viral(3, document=other)
        settled()
        assert listed(world) == [first, second]
        assert {n: likes.count for n, likes in queries.likes_of([first, second]).items()} == {
            first: 2,
            second: 2,
        }
        assert why(second) == ["bundle.people"]
        balanced()

    def test_a_link_to_a_report_outside_takes_it_out(self, world, viral, filed):
        numbers = viral(3)
        outside = filed(
            esp="quillnet",
            document=document(
                personOrUserReported=suspect(personOrUserReportedPerson=None, espIdentifier="x")
            ),
        )
        settled()
        assert numbers[2] in folded()
        link = next(one for one in links_of(outside.pk) if one.low_id == numbers[2])
        judge(world.actor("ana"), link, "yes")
        settled()
        assert numbers[2] in listed(world)
        assert why(numbers[2]) == ["bundle.linked"]
        judge(world.actor("ana"), link, "no")
        settled()
        assert numbers[2] in folded()
        balanced()

    def test_one_kept_out_by_a_link_is_looked_at_when_the_other_joins(self, world, viral):
        """The other way round it goes by itself; here the link is there before the member is."""
        first, second, _third = viral(3)
        settled()
        late = file_report(world, esp="quillnet", files=[(SAME, {})], document=document())
        for stage in stages.STAGES[:5]:
            stages.run_stages(late, [stage])
        assess(Report.objects.get(pk=second))
        assert why(second) == ["bundle.linked"]
        settled()
        assert listed(world) == [first]
        assert {second, late.pk} <= set(folded())
        balanced()

    def test_a_label_on_the_common_file_opens_the_whole_bundle(self, world, viral):
        numbers = viral(4)
        settled()
        file = files_of(numbers[0])[0]
        set_label(world.actor("ana"), file, "production", present=True)
        settled()
        assert sorted(listed(world)) == numbers
        assert folded() == {}
        balanced()
        set_label(world.actor("ana"), file, "production", present=False)
        settled()
        assert len(listed(world)) == 1
        balanced()

    @pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
    def test_closing_again_asks_for_no_order(self, world, viral, order):
        numbers = viral(4)
        settled()
        file = files_of(numbers[0])[0]
        for present in (True, False):
            set_label(world.actor("ana"), file, "production", present=present)
            for place in order:
                assess(Report.objects.get(pk=numbers[place]))
            assert len(listed(world)) == (4 if present else 1)
            balanced()

    def test_one_that_is_worked_on_is_not_folded(self, world, viral):
        first, second = viral(2)
        queue.claim(world.actor("ana"), second)
        [third] = viral(1)
        assert listed(world) == [first, second]
        assert folded() == {third: first}
        balanced()


class TestHead:
    def test_done_takes_its_likes_with_it_and_says_so(self, world, viral):
        first, *others = viral(4)
        ana = world.actor("ana")
        queue.mark_done(ana, first, done=True)
        assert listed(world) == []
        standing = queries.standing_of(others[0])
        assert (standing.lead, standing.closed) == (first, True)
        said = LedgerEntry.objects.get(verb="queue.done")
        assert said.detail == {"bundle": standing.bundle.pk, "with_it": 3}

        queue.mark_done(ana, first, done=False)
        assert listed(world) == [first]
        assert not queries.standing_of(others[0]).closed
        assert LedgerEntry.objects.get(verb="queue.reopened").detail["with_it"] == 3

    def test_nothing_new_stays_under_a_done_head_and_is_counted(self, world, viral):
        first, *_others = viral(3)
        queue.mark_done(world.actor("ana"), first, done=True)
        viral(2)
        assert listed(world) == []
        counts = queries.counts_of(Bundle.objects.get())
        assert (counts.members, counts.folded, counts.since_closed) == (5, 4, 2)

    def test_what_differs_is_listed_though_the_head_is_done(self, world, viral):
        first, *_others = viral(3)
        queue.mark_done(world.actor("ana"), first, done=True)
        [other] = viral(1, document=document(additionalInfo="Something new."))
        assert listed(world) == [other]

    def test_a_head_that_becomes_different_leaves_and_the_next_one_leads(self, world, viral, filed):
        first, second, third, fourth = viral(4)
        outside = filed(
            esp="quillnet",
            document=document(
                personOrUserReported=suspect(personOrUserReportedPerson=None, espIdentifier="x")
            ),
        )
        settled()
        queue.mark_done(world.actor("ana"), first, done=True)
        link = next(one for one in links_of(outside.pk) if one.low_id == first)
        judge(world.actor("ana"), link, "yes")
        settled()
        assert Bundle.objects.get(kind="viral").head_id == second
        assert listed(world)[:1] == [second]
        assert set(folded()) == {third, fourth}
        assert queries.standing_of(third).lead == second
        assert why(first) == ["bundle.linked"]
        balanced()

    def test_a_bundle_is_opened_by_the_first_that_may_lead(self, world, viral):
        [urgent] = viral(1, document=document(incidentSummary=URGENT))
        assert not Bundle.objects.exists()
        numbers = viral(3)
        first = numbers[0]
        # About the same account: while it is no member, those that it is linked to stand out.
        assert set(folded()) == set()
        for number in (urgent, *numbers):
            assess(Report.objects.get(pk=number))
        assert set(listed(world)) == {urgent, first}
        assert "escalated" in why(urgent)
        balanced()


class TestActs:
    def test_a_person_takes_one_out_for_good_and_back(self, world, viral):
        first, second, third = viral(3)
        ana = world.actor("ana")
        acts.release(ana, second)
        acts.release(ana, second)
        assert listed(world) == [first, second]
        assert LedgerEntry.objects.filter(verb="bundle.member-released").count() == 1
        assess(Report.objects.get(pk=second))
        assert listed(world) == [first, second]
        assert why(second) == ["bundle.released"]
        balanced()

        acts.put_back(ana, second)
        acts.put_back(ana, second)
        assert listed(world) == [first]
        assert LedgerEntry.objects.filter(verb="bundle.member-returned").count() == 1
        assert third in folded()
        balanced()

    def test_taking_the_head_out_lets_the_next_one_lead(self, world, viral):
        first, second, third = viral(3)
        acts.release(world.actor("ana"), first)
        assert listed(world) == [first, second]
        assert queries.standing_of(third).lead == second
        assert Bundle.objects.get().head_id == second
        acts.put_back(world.actor("ana"), first)
        assert listed(world) == [second]
        balanced()

    def test_only_who_works_the_queue_may(self, world, viral):
        numbers = viral(3)
        for name in ("adam", "ines", "enzo"):
            with pytest.raises(NotAllowed):
                acts.release(world.actor(name), numbers[1])
            with pytest.raises(NotVisible):
                queries.bundle_for(world.actor(name), Bundle.objects.get().pk)
        with pytest.raises(NotVisible):
            acts.release(world.actor("ana"), 424242)


class TestCost:
    def test_a_report_costs_the_same_number_of_queries_in_any_bundle(self, world, viral):
        def cost() -> int:
            made = file_report(world, esp="quillnet", files=[(SAME, {})], document=document())
            for stage in stages.STAGES[:5]:
                stages.run_stages(made, [stage])
            with CaptureQueriesContext(connection) as asked:
                assess(made)
            return len(asked)

        viral(4)
        few = cost()
        viral(26)
        assert cost() <= few

    def test_folded_reports_are_not_looked_at_again_for_their_age(self, world, viral):
        from datetime import timedelta

        from tipline.ground.foundation import clock

        numbers = viral(4)
        QueueEntry.objects.update(looked_at=clock.now() - timedelta(days=2))
        assert aged(clock.now()) == numbers[:1]


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_make_one_bundle_with_one_lead(tipline_home, monkeypatch):
    monkeypatch.setattr(matching, "_loaded", matching._Loaded())
    world = make_world()
    made = [
        file_report(world, esp="quillnet", files=[(SAME, {})], document=document())
        for _number in range(8)
    ]
    for report in made:
        for stage in stages.STAGES[:5]:
            stages.run_stages(report, [stage])
    failures = []

    def run(mine) -> None:
        try:
            for report in mine:
                assess(report)
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(made[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for report in made:  # links to reports that were not yet members are looked at once more
        assess(report)

    assert failures == []
    assert Bundle.objects.count() == 1
    assert len(folded()) == 7
    balanced()
