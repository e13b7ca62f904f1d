"""A policy is proposed by one person, tried on history, published by another, taken back by one."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from tests.filing import document, entry, newest
from tests.personas import file_report, make_world
from tests.triage.policies import text_of

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import jobs, worker
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.ground.foundation.policy import PolicyError, Problem
from tipline.ground.publication import queries as shared
from tipline.insight.matching import services as matching
from tipline.insight.triage import services as triage
from tipline.insight.triage.models import Assessment, PolicyAct, PolicyVersion
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.publication import queries, services, trials
from tipline.insight.triage.queue import mark_done
from tipline.pipeline import under_policy

SHIPPED = default_policy()


def file(version="1", **points):
    """The shipped rules under the name of the tests, with other points for danger."""
    text = text_of(SHIPPED.rules, version=version)
    for sign, number in points.items():
        before, after = text.split("[danger.points]")
        old = SHIPPED.rules.danger.points[sign]
        after = after.replace(f"\n{sign} = {old}", f"\n{sign} = {number}", 1)
        text = f"{before}[danger.points]{after}"
    return text.encode()


@pytest.fixture
def sofia(world):
    return world.actor("sofia")


@pytest.fixture
def silas(world):
    return world.actor("silas")


@pytest.fixture
def proposed(sofia):
    return services.propose(sofia, file(victim=21), "more for a victim")


@pytest.fixture
def tried(proposed, sofia):
    return trials.try_now(sofia, proposed.pk)


def verbs():
    return list(
        LedgerEntry.objects.filter(verb__startswith="policy.")
        .order_by("pk")
        .values_list("verb", "subject")
    )


class TestInForce:
    def test_at_first_it_is_the_file_that_ships(self, world, sofia):
        assert queries.in_force() == SHIPPED
        now = queries.standing(sofia)
        assert (now.row, now.act_id, now.since, now.back, now.problems) == (None, 0, None, None, ())
        assert queries.text_in_force() == queries.shipped_text()

    def test_it_costs_one_query_once_it_is_known(self, tried, silas, django_assert_num_queries):
        services.publish(silas, tried.pk, "why")
        queries.in_force()
        with django_assert_num_queries(1):
            assert triage.policy().stamp == "made-up@1"
        assert queries.text_in_force() == tried.content

    def test_without_tables_it_is_the_file_that_ships(self, db, monkeypatch):
        def away(*_):
            raise OperationalError("no such table")

        monkeypatch.setattr(PolicyAct.objects, "order_by", away)
        with pytest.raises(OperationalError):  # the tables are there: something else is wrong
            queries.in_force()
        monkeypatch.setattr(shared, "has_table", lambda _acts: False)
        assert queries.in_force() == SHIPPED

    def test_a_version_that_this_program_cannot_read_gives_way_and_says_so(self, tried, silas):
        services.publish(silas, tried.pk, "why")
        broken = tried.content.replace("victim = 21\n", "", 1)
        PolicyVersion.objects.filter(pk=tried.pk).update(content=broken)
        queries.READING.parsed.cache_clear()
        assert queries.in_force() == SHIPPED
        now = queries.standing(silas)
        assert (now.policy, now.row) == (SHIPPED, tried)
        assert now.problems == (Problem("danger.points.victim", "is missing; give a whole number"),)
        with pytest.raises(Conflict, match=r"danger\.points\.victim"):
            trials.start(silas, tried.pk)
        queries.READING.parsed.cache_clear()


class TestProposing:
    def test_a_file_becomes_a_version(self, proposed, sofia):
        assert (proposed.name, proposed.version, proposed.note) == (
            "made-up", "1", "more for a victim",
        )  # fmt: skip
        assert proposed.proposed_by_id == sofia.person_id
        assert proposed.content.encode() == file(victim=21)
        assert queries.policy_of(proposed).digest == proposed.digest
        assert verbs() == [("policy.proposed", f"policy:{proposed.pk}")]
        [detail] = LedgerEntry.objects.filter(verb="policy.proposed").values_list("detail")
        assert detail == ({"digest": proposed.digest},)

    def test_the_same_bytes_twice_are_one_version(self, proposed, silas):
        assert services.propose(silas, file(victim=21)) == proposed
        assert PolicyVersion.objects.count() == 1
        assert len(verbs()) == 1

    def test_a_version_with_other_bytes_is_refused(self, proposed, sofia):
        with pytest.raises(PolicyError, match=r"made-up@1 exists .* give another version"):
            services.propose(sofia, file(victim=22))
        assert PolicyVersion.objects.count() == 1

    def test_so_is_the_shipped_one(self, sofia):
        shipped = queries.shipped_text()
        with pytest.raises(PolicyError, match="give another version"):
            services.propose(sofia, (shipped + "# a remark\n").encode())
        with pytest.raises(PolicyError, match="is in force with these very bytes"):
            services.propose(sofia, shipped.encode())
        assert not PolicyVersion.objects.exists()

    def test_the_shipped_bytes_may_come_back_as_a_version(self, tried, silas):
        services.publish(silas, tried.pk, "why")
        row = services.propose(silas, queries.shipped_text().encode())
        assert row.digest == SHIPPED.digest

    def test_a_file_with_problems_is_refused_with_all_of_them(self, sofia):
        with pytest.raises(PolicyError) as caught:
            services.propose(sofia, file(victim=-1, escalated=-1))
        assert len(caught.value.problems) == 2
        assert not PolicyVersion.objects.exists()

    def test_a_note_has_its_length(self, sofia):
        with pytest.raises(Invalid) as caught:
            services.propose(sofia, file(), "x" * 2001)
        assert caught.value.field == "note"


class TestTrying:
    def test_it_counts_every_report_once(self, filed, proposed, sofia):
        reports = [filed(document=document(victim=[{}])) for _ in range(3)] + [filed()]
        told = []
        row = trials.try_now(sofia, proposed.pk, lambda done, of: told.append((done, of)))
        assert row.trial["state"] == "done"
        assert (row.trial_done, row.trial_of) == (4, 4)
        assert row.tried_at is not None
        assert told[-1] == (4, 4)
        assert row.trial["changed"] == 3
        assert [mover["number"] for mover in row.trial["movers"]] == [r.pk for r in reports[:3]]
        assert row.trial["movers"][0]["danger"] == [
            newest(reports[0]).result["danger"]["value"],
            newest(reports[0]).result["danger"]["value"] + 1,
        ]
        assert ("policy.tried", f"policy:{row.pk}") in verbs()

    def test_it_goes_on_page_by_page_and_each_page_counts_once(
        self, filed, proposed, sofia, monkeypatch
    ):
        for _ in range(5):
            filed()
        monkeypatch.setattr(trials, "PAGE", 2)
        row = trials.start(sofia, proposed.pk)
        payload = {"version": row.pk, "run": row.trial["run"]}
        stale = PolicyVersion.objects.get(pk=row.pk)
        trials.step(payload)
        trials.TRIALS._put(stale, {**stale.trial, "tried": 99}, 2)  # a worker that was overtaken
        row.refresh_from_db()
        assert (row.trial["tried"], row.trial_done, row.trial["state"]) == (2, 2, "running")
        trials.step({**payload, "run": "another"})
        row.refresh_from_db()
        assert row.trial_done == 2
        worker.run_ready("one")
        row.refresh_from_db()
        assert (row.trial["tried"], row.trial_done, row.trial["state"]) == (5, 5, "done")
        assert jobs.counts() == {}

    def test_asked_twice_it_runs_once(self, filed, proposed, sofia, silas):
        filed()
        first = trials.start(sofia, proposed.pk)
        assert trials.start(silas, proposed.pk).trial["run"] == first.trial["run"]
        assert len(verbs()) == 2
        assert jobs.waiting_in(trials.LANE, trials.KIND) == 1

    def test_one_that_gave_up_goes_on_when_it_is_asked_for_again(
        self, filed, proposed, sofia, monkeypatch
    ):
        filed()
        worker.run_ready("one")
        trials.start(sofia, proposed.pk)
        assert not trials.stopped(PolicyVersion.objects.get())
        jobs.Job.objects.filter(kind=trials.KIND).update(state="dead", dedup_key=None)
        assert trials.stopped(PolicyVersion.objects.get())
        trials.start(sofia, proposed.pk)
        assert not trials.stopped(PolicyVersion.objects.get())
        worker.run_ready("one")
        row = PolicyVersion.objects.get()
        assert (row.trial["state"], row.trial_done) == ("done", 1)

    def test_it_ends_when_another_policy_comes_in_force(self, filed, tried, sofia, silas):
        filed()
        other = services.propose(sofia, file("2", victim=22))
        trials.start(sofia, other.pk)
        services.publish(silas, tried.pk, "why")
        worker.run_ready("one")
        other.refresh_from_db()
        assert other.trial["state"] == "overtaken"
        assert not trials.holds(other)

    def test_reports_are_not_read_again(self, filed, proposed, sofia, monkeypatch):
        filed()
        monkeypatch.setattr(triage, "gather", lambda *_: pytest.fail("read again"))
        assert trials.try_now(sofia, proposed.pk).trial["tried"] == 1

    def test_facts_that_were_not_kept_are_said(self, filed, proposed, sofia):
        filed()
        Assessment.objects.update(facts={})
        assert trials.try_now(sofia, proposed.pk).trial["without_facts"] == 1


class TestPublishing:
    def test_another_person_publishes_after_a_trial(self, tried, silas):
        act = services.publish(silas, tried.pk, "  tried, and right  ")
        assert queries.in_force().digest == tried.digest
        assert (act.kind, act.reason, act.by_id) == (
            "published", "tried, and right", silas.person_id,
        )  # fmt: skip
        [detail] = LedgerEntry.objects.filter(verb="policy.published").values_list("detail")
        assert detail == ({"act": act.pk, "before": SHIPPED.digest, "digest": tried.digest},)

    def test_nobody_publishes_what_they_proposed(self, tried, sofia):
        with pytest.raises(NotAllowed, match="Somebody other"):
            services.publish(sofia, tried.pk, "why")
        PolicyVersion.objects.update(proposed_by=None)
        with pytest.raises(NotAllowed, match="Somebody other"):
            services.publish(sofia, tried.pk, "why")
        assert not PolicyAct.objects.exists()

    def test_nothing_is_published_untried(self, proposed, silas):
        with pytest.raises(Conflict, match="Try it on history first"):
            services.publish(silas, proposed.pk, "why")
        trials.start(silas, proposed.pk)
        with pytest.raises(Conflict, match="Try it on history first"):
            services.publish(silas, proposed.pk, "why")

    def test_nor_after_a_trial_against_another_policy(self, tried, sofia, silas):
        other = services.propose(sofia, file("2", victim=22))
        trials.try_now(sofia, other.pk)
        services.publish(silas, tried.pk, "why")
        with pytest.raises(Conflict, match="Try it on history first"):
            services.publish(silas, other.pk, "why")
        trials.try_now(silas, other.pk)
        services.publish(silas, other.pk, "why")
        assert queries.in_force().stamp == "made-up@2"

    def test_nor_without_a_reason(self, tried, silas):
        for reason in ("", "  \x00", "x" * 2001):
            with pytest.raises(Invalid) as caught:
                services.publish(silas, tried.pk, reason)
            assert caught.value.field == "reason"

    def test_asked_twice_it_is_one_act(self, tried, silas):
        assert services.publish(silas, tried.pk, "a") == services.publish(silas, tried.pk, "b")
        assert PolicyAct.objects.count() == 1
        assert len([verb for verb, _subject in verbs() if verb == "policy.published"]) == 1

    @pytest.mark.parametrize("name", ["ana", "adam", "enzo", "ines"])
    def test_others_see_nothing_and_may_do_nothing(self, world, tried, name):
        actor = world.actor(name)
        for ask in (queries.standing, queries.acts_for, queries.versions_for):
            with pytest.raises(NotVisible):
                ask(actor)
        with pytest.raises(NotVisible):
            queries.version_for(actor, tried.pk)
        with pytest.raises(NotAllowed):
            services.propose(actor, file())
        with pytest.raises(NotAllowed):
            trials.start(actor, tried.pk)
        with pytest.raises(NotAllowed):
            services.publish(actor, tried.pk, "why")
        with pytest.raises(NotAllowed):
            services.take_back(actor, "why", seen=0)


class TestTakingBack:
    def test_one_person_brings_the_policy_before_back(self, tried, sofia, silas):
        act = services.publish(silas, tried.pk, "why")
        assert queries.standing(sofia).back.policy is None
        back = services.take_back(sofia, "it was wrong", seen=act.pk)
        assert queries.in_force() == SHIPPED
        assert (back.policy, back.kind, back.reason) == (None, "taken-back", "it was wrong")
        assert verbs()[-1] == ("policy.rolled-back", "policy:shipped")
        with pytest.raises(Conflict, match="nothing to undo"):
            services.take_back(sofia, "more", seen=back.pk)

    def test_asked_twice_it_is_one_act(self, tried, sofia, silas):
        act = services.publish(silas, tried.pk, "why")
        one = services.take_back(sofia, "wrong", seen=act.pk)
        assert services.take_back(silas, "wrong too", seen=act.pk) == one
        assert PolicyAct.objects.count() == 2

    def test_what_somebody_else_did_meanwhile_is_not_undone(self, tried, sofia, silas):
        first = services.publish(silas, tried.pk, "why")
        other = services.propose(sofia, file("2", victim=22))
        trials.try_now(sofia, other.pk)
        services.publish(silas, other.pk, "why")
        with pytest.raises(Conflict, match="meanwhile"):
            services.take_back(sofia, "wrong", seen=first.pk)
        assert queries.in_force().digest == other.digest

    def test_it_needs_a_reason(self, tried, silas):
        act = services.publish(silas, tried.pk, "why")
        with pytest.raises(Invalid):
            services.take_back(silas, " ", seen=act.pk)


class TestAgain:
    """What is open is assessed again under the new policy; new reports do not wait for it."""

    def test_open_reports_come_under_the_new_policy(self, filed, proposed, sofia, silas):
        opened = [filed(document=document(victim=[{}])) for _ in range(3)]
        done = filed(document=document(victim=[{}]))
        mark_done(sofia, done.pk, done=True)
        trials.try_now(sofia, proposed.pk)
        worker.run_ready("one")
        services.publish(silas, proposed.pk, "why")
        assert under_policy.progress(silas) == under_policy.Progress(0, 3, stopped=False)
        worker.run_ready("one")
        for report in opened:
            reasons = newest(report).result["danger"]["reasons"]
            assert {r["code"]: r["points"] for r in reasons}["triage.victim"] == 21
            assert newest(report).policy == "made-up@1"
            assert entry(report).assessment == newest(report)
        assert newest(done).policy == SHIPPED.stamp
        assert under_policy.progress(silas) is None

    def test_a_new_report_waits_for_one_of_them_at_most(
        self, world, filed, tried, silas, monkeypatch
    ):
        for _ in range(4):
            filed()
        worker.run_ready("one")
        services.publish(silas, tried.pk, "why")
        for _ in range(2):  # the event, the first page
            worker.run_round("one")
        assert under_policy.progress(silas) == under_policy.Progress(0, 4, stopped=False)
        late = file_report(world)
        worker.run_round("one")
        assert newest(late).policy == "made-up@1"
        assert under_policy.progress(silas).done == 1

    def test_pages_are_bounded(self, filed, tried, silas, monkeypatch):
        monkeypatch.setattr(under_policy, "PAGE", 2)
        for _ in range(5):
            filed()
        worker.run_ready("one")
        services.publish(silas, tried.pk, "why")
        most = 0
        while worker.run_round("one"):
            most = max(most, jobs.waiting_in(services.LANE, under_policy.REPORT))
        assert most == 2
        assert queries.still_under_another("made-up@1", 0, 10) == []

    def test_a_second_round_finds_what_was_assessed_meanwhile(
        self, filed, tried, silas, monkeypatch
    ):
        report = filed()
        worker.run_ready("one")
        monkeypatch.setattr(under_policy, "_SECOND_ROUND", timedelta(0))
        services.publish(silas, tried.pk, "why")
        monkeypatch.setattr(triage, "in_force", lambda: SHIPPED)  # one that was quicker
        for _ in range(3):
            worker.run_round("one")
        assert newest(report).policy == SHIPPED.stamp
        monkeypatch.undo()
        monkeypatch.setattr(under_policy, "_SECOND_ROUND", timedelta(0))
        worker.run_ready("one")
        assert newest(report).policy == "made-up@1"
        assert jobs.counts() == {}

    def test_another_act_ends_the_pages_of_the_one_before(self, filed, tried, sofia, silas):
        report = filed()
        worker.run_ready("one")
        act = services.publish(silas, tried.pk, "why")
        services.take_back(sofia, "wrong", seen=act.pk)
        worker.run_ready("one")
        assert newest(report).policy == SHIPPED.stamp
        assert not jobs.payloads(under_policy.KIND) or all(
            said["act"] != act.pk for _state, said in jobs.payloads(under_policy.KIND)
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", [True, False], ids=["one version", "two versions"])
def test_two_people_at_once_make_one_act(tipline_home, monkeypatch, same):
    """Both press publish at the same moment; the second finds what the first has done."""
    monkeypatch.setattr(matching, "_loaded", matching._Loaded())
    world = make_world()
    sofia, silas = world.actor("sofia"), world.actor("silas")
    rows = [services.propose(world.actor("sofia"), file("1", victim=21))]
    if not same:
        rows.append(services.propose(silas, file("2", victim=22)))
    for row in rows:
        trials.try_now(sofia, row.pk)
    tries = [(silas, rows[0]), (silas if same else sofia, rows[-1])]
    barrier, said = threading.Barrier(2), []

    def press(actor, row) -> None:
        try:
            barrier.wait()
            said.append(services.publish(actor, row.pk, "why").pk)
        except Conflict:
            said.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=one) for one in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert PolicyAct.objects.count() == 1
    only = PolicyAct.objects.get().pk
    assert sorted(map(str, said)) == sorted(map(str, [only, only if same else "conflict"]))
