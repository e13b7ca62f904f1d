"""Working the queue: its order, whose a report is, and for how long."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.filing import document
from tests.personas import file_report, make_world

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.actor import PUBLIC
from tipline.ground.foundation.errors import Conflict, NotAllowed
from tipline.insight.triage import queue
from tipline.insight.triage.models import BAND_RANK, QueueEntry
from tipline.insight.triage.queue_filter import QueueFilter
from tipline.insight.triage.rules_score import step
from tipline.insight.triage.rules_types import Band
from tipline.insight.triage.services import assess

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ALL = QueueFilter()


@pytest.fixture
def ranked(world):
    """``ranked(n)``: so many reports with a place in the queue."""

    def make(count: int) -> list[int]:
        made = [file_report(world) for _number in range(count)]
        for report in made:
            assess(report)
        return [report.pk for report in made]

    return make


def numbers(actor, wanted=ALL) -> list[int]:
    return [row.report_id for row in queue.queue_for(actor, wanted)]


def place(number: int, **values) -> None:
    QueueEntry.objects.filter(report_id=number).update(**values)


class TestOrder:
    def test_the_band_comes_first_then_the_deadline_then_the_number(self, world, ranked):
        one, two, three, four, five = ranked(5)
        place(one, band_rank=2, deadline=START)
        place(two, band_rank=0, deadline=START + timedelta(days=9))
        place(three, band_rank=0, deadline=START + timedelta(days=3))
        place(four, band_rank=1, deadline=START)
        place(five, band_rank=1, deadline=START)
        assert numbers(world.actor("ana")) == [three, two, four, five, one]

    def test_inside_a_band_more_points_come_first_in_steps(self, world, ranked):
        one, two, three = ranked(3)
        place(one, band_rank=1, step=-10, deadline=START)
        place(two, band_rank=1, step=-11, deadline=START + timedelta(days=9))
        place(three, band_rank=1, step=-11, deadline=START + timedelta(days=3))
        assert numbers(world.actor("ana")) == [three, two, one]

    def test_what_was_ranked_before_there_were_steps_gets_its_own(self, ranked):
        from importlib import import_module
        from types import SimpleNamespace

        from django.apps import apps

        steps = import_module("tipline.insight.triage.migrations.0006_danger_in_steps")
        places = ((0, 3), (19, 3), (20, 2), (24, 2), (79, 1), (100, 0), (400, 0))
        made = ranked(len(places))
        for number, (danger, rank) in zip(made, places, strict=True):
            place(number, danger=danger, band_rank=rank, step=0)
        steps.take_steps(apps, SimpleNamespace(connection=connection))
        bands = {rank: Band(name) for name, rank in BAND_RANK.items()}
        for number, (danger, rank) in zip(made, places, strict=True):
            assert QueueEntry.objects.get(report=number).step == step(danger, bands[rank])

    def test_claiming_moves_nothing_and_done_takes_out(self, world, ranked):
        made = ranked(3)
        ana = world.actor("ana")
        queue.claim(ana, made[1])
        assert numbers(ana) == made
        queue.mark_done(ana, made[1], done=True)
        assert numbers(ana) == [made[0], made[2]]
        assert numbers(ana, QueueFilter(done=True)) == [made[1]]

    def test_what_has_become_more_dangerous_is_not_closed_unseen(self, world, ranked):
        [made] = ranked(1)
        ana = world.actor("ana")
        place(made, band_rank=BAND_RANK["urgent"])
        with pytest.raises(Conflict, match="more dangerous since"):
            queue.mark_done(ana, made, done=True, seen="medium")
        assert numbers(ana) == [made]
        place(made, band_rank=BAND_RANK["low"])  # less is no reason to stop
        queue.mark_done(ana, made, done=True, seen="urgent")
        assert numbers(ana) == []

    def test_filters_narrow(self, world, ranked):
        made = ranked(3)
        ana = world.actor("ana")
        place(made[0], band_rank=BAND_RANK["urgent"])
        place(made[1], disposition="informational", sender_name="Quillnet")
        queue.claim(ana, made[2])
        assert numbers(ana, QueueFilter(band="urgent")) == [made[0]]
        assert numbers(ana, QueueFilter(disposition="informational")) == [made[1]]
        assert numbers(ana, QueueFilter(sender="quill")) == [made[1]]
        assert numbers(ana, QueueFilter(number=str(made[2]))) == [made[2]]
        assert numbers(ana, QueueFilter(mine=True)) == [made[2]]
        assert numbers(world.actor("sofia"), QueueFilter(mine=True)) == []

    @pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "१"])
    def test_no_number_typed_breaks_it(self, world, ranked, number):
        ranked(1)
        assert len(numbers(world.actor("ana"), QueueFilter(number=number))) <= 1

    @pytest.mark.parametrize("name", ["adam", "enzo", "ines"])
    def test_only_analysts_have_a_queue(self, world, ranked, name):
        [made] = ranked(1)
        actor = world.actor(name)
        assert numbers(actor) == []
        for verb in (queue.claim, queue.release):
            with pytest.raises(NotAllowed):
                verb(actor, made)
        with pytest.raises(NotAllowed):
            queue.mark_done(actor, made, done=True)
        assert numbers(PUBLIC) == []

    def test_the_number_of_questions_does_not_grow(self, world, ranked):
        ana = world.actor("ana")

        def questions() -> int:
            with CaptureQueriesContext(connection) as caught:
                for row in queue.queue_for(ana, ALL)[:50]:
                    assert row.report.pk
                    assert row.assessment.result
                    assert row.claimed_by is None or row.claimed_by.name
            return len(caught)

        ranked(2)
        few = questions()
        for number in ranked(6):
            queue.claim(ana, number)
        assert questions() == few == 1


class TestClaims:
    def test_a_claim_is_one_analysts_until_its_lease_ends(self, world, ranked):
        [made] = ranked(1)
        ana, sofia = world.actor("ana"), world.actor("sofia")
        with time_machine.travel(START, tick=False) as time:
            queue.claim(ana, made)
            with pytest.raises(Conflict):
                queue.claim(sofia, made)
            time.shift(queue.CLAIM - timedelta(seconds=1))
            with pytest.raises(Conflict):
                queue.claim(sofia, made)
            time.shift(timedelta(seconds=1))
            queue.claim(sofia, made)
            with pytest.raises(Conflict):
                queue.claim(ana, made)
        assert queue.entry_of(made).claimed_by_id == world.people["sofia"].pk

    def test_claiming_again_lengthens_the_lease(self, world, ranked):
        [made] = ranked(1)
        ana = world.actor("ana")
        with time_machine.travel(START, tick=False) as time:
            queue.claim(ana, made)
            time.shift(timedelta(minutes=20))
            queue.claim(ana, made)
            assert queue.entry_of(made).claimed_until == START + timedelta(minutes=50)

    def test_nobody_gives_back_what_another_has(self, world, ranked):
        [made] = ranked(1)
        ana, sofia = world.actor("ana"), world.actor("sofia")
        queue.claim(ana, made)
        queue.release(sofia, made)
        assert queue.entry_of(made).claimed_by_id == world.people["ana"].pk
        queue.release(ana, made)
        queue.claim(sofia, made)

    def test_nobody_ends_what_another_works_on(self, world, ranked):
        [made] = ranked(1)
        ana, sofia = world.actor("ana"), world.actor("sofia")
        with time_machine.travel(START, tick=False) as time:
            queue.claim(ana, made)
            with pytest.raises(Conflict):
                queue.mark_done(sofia, made, done=True)
            assert queue.entry_of(made).done_at is None
            time.shift(queue.CLAIM)
            queue.mark_done(sofia, made, done=True)
        assert queue.entry_of(made).done_by_id == world.people["sofia"].pk

    def test_done_and_undone_each_happen_once(self, world, ranked):
        [made] = ranked(1)
        ana, sofia = world.actor("ana"), world.actor("sofia")
        queue.mark_done(ana, made, done=True)
        queue.mark_done(sofia, made, done=True)  # it is done already: nothing happens
        assert queue.entry_of(made).done_by_id == world.people["ana"].pk
        queue.mark_done(sofia, made, done=False)
        queue.mark_done(sofia, made, done=False)
        assert queue.entry_of(made).done_at is None
        verbs = LedgerEntry.objects.filter(verb__startswith="queue.").order_by("pk")
        assert [one.verb for one in verbs] == ["queue.done", "queue.reopened"]

    def test_an_assessment_leaves_claim_and_done_as_they_are(self, world, ranked):
        made, other = ranked(2)
        ana = world.actor("ana")
        queue.claim(ana, made)
        queue.mark_done(ana, other, done=True)
        before = {row.pk: (row.claimed_by_id, row.done_at) for row in QueueEntry.objects.all()}
        QueueEntry.objects.update(danger=1)
        for number in (made, other):
            queue.Assessment.objects.filter(report_id=number).update(input_digest="")
            assess(queue.entry_of(number).report)
        rows = QueueEntry.objects.all()
        assert {row.pk: (row.claimed_by_id, row.done_at) for row in rows} == before
        assert all(row.danger != 1 for row in rows)

    @pytest.mark.django_db(transaction=True)
    def test_of_analysts_at_once_one_gets_it(self, tipline_home):
        world = make_world()
        made = file_report(world, document=document())
        assess(made)
        got, ready = [], threading.Barrier(4)

        def take(name: str) -> None:
            try:
                ready.wait(10)
                queue.claim(world.actor(name), made.pk)
                got.append(name)
            except Conflict:
                pass
            finally:
                connection.close()

        names = ["ana", "sofia"] * 2
        threads = [threading.Thread(target=take, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(set(got)) == 1
        assert queue.entry_of(made.pk).claimed_by.username == got[0]
