"""From one shift to the next: figures since the last hand-over, words, and who has read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.personas import file_report

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.insight.triage import hand_overs, queue
from tipline.insight.triage.batches import services as batches
from tipline.insight.triage.batches.rules import Act
from tipline.insight.triage.models import HandOver, Judgement, QueueEntry
from tipline.insight.triage.services import assess

START = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


@pytest.fixture
def ana(world):
    return world.actor("ana")


@pytest.fixture
def sofia(world):
    return world.actor("sofia")


@pytest.fixture
def ranked(world):
    def make(**values):
        report = file_report(world)
        assess(report)
        QueueEntry.objects.filter(report=report).update(**values)
        return report.pk

    return make


class TestTheShift:
    def test_it_counts_from_the_last_hand_over_once_that_is_read(self, ana, sofia, ranked):
        with time_machine.travel(START, tick=False) as time:
            ranked(band_rank=1)
            time.shift(timedelta(hours=1))
            row = hand_overs.hand_over(ana, "Quiet.", seen=0)
            time.shift(timedelta(hours=1))
            urgent = ranked(band_rank=0)
            ranked(band_rank=3)
            # Whoever comes next sees the shift that was handed over, and what came after it.
            assert sum(hand_overs.shift_for(sofia).came.values()) == 3
            hand_overs.mark_read(sofia, row.pk, read=True)
            shift = hand_overs.shift_for(ana)
        assert shift.since == START + timedelta(hours=1)
        assert shift.came == {"urgent": 1, "high": 0, "medium": 0, "low": 1}
        assert [row.report_id for row in shift.urgent] == [urgent]

    def test_the_first_one_looks_back_a_day(self, ana):
        with time_machine.travel(START, tick=False):
            assert hand_overs.shift_for(ana).since == START - timedelta(days=1)

    def test_it_lists_what_is_held_what_runs_out_and_what_was_done(self, ana, sofia, ranked):
        now = clock.now()
        held = ranked()
        due = ranked(deadline=now + timedelta(days=2))
        ranked(deadline=now - timedelta(days=1))
        closed = ranked(band_rank=3)
        queue.claim(sofia, held)
        act = batches.do(ana, batches.Plan("t", Act.DONE, (closed,), "All alike."))
        shift = hand_overs.shift_for(ana)
        assert [(row.report_id, row.claimed_by.name) for row in shift.claimed] == [(held, "Sofia")]
        assert ([row.report_id for row in shift.due], shift.due_count) == ([due], 1)
        assert [row.pk for row in shift.acts] == [act.pk]
        assert shift.done == 1

    def test_a_judgement_that_waits_for_a_second_is_there_until_it_does_not(
        self, world, ana, ranked
    ):
        number = ranked()
        row = Judgement.objects.create(
            report_id=number, question="urgency", answer="refuted", reason="A game.",
            by=world.people["ana"], at=clock.now(), needs_second=True,
        )  # fmt: skip
        assert [one.pk for one in hand_overs.shift_for(ana).waiting] == [row.pk]
        Judgement.objects.update(seconded_by=world.people["sofia"], seconded_at=clock.now())
        assert hand_overs.shift_for(ana).waiting == []

    def test_long_lists_end_and_the_counts_do_not(self, ana, ranked, monkeypatch):
        monkeypatch.setattr(hand_overs, "MOST_LISTED", 2)
        for _ in range(3):
            ranked(band_rank=0)
        shift = hand_overs.shift_for(ana)
        assert (len(shift.urgent), shift.urgent_count) == (2, 3)

    def test_its_queries_do_not_grow(self, ana, ranked):
        def questions() -> int:
            with CaptureQueriesContext(connection) as caught:
                for row in hand_overs.shift_for(ana).urgent:
                    assert row.report.pk
                    assert row.assessment.result
            return len(caught)

        ranked(band_rank=0)
        few = questions()
        for _ in range(3):
            ranked(band_rank=0)
        assert questions() == few

    def test_it_is_for_who_works_the_queue(self, world):
        for name in ("adam", "ines", "enzo"):
            with pytest.raises(NotAllowed):
                hand_overs.shift_for(world.actor(name))


class TestHandingOver:
    def test_a_second_press_hands_over_once(self, ana):
        first = hand_overs.hand_over(ana, "Quiet.\r\nTwo calls.", seen=0)
        again = hand_overs.hand_over(ana, "Quiet.\nTwo calls.", seen=0)
        assert (first.pk, first.text) == (again.pk, "Quiet.\nTwo calls.")
        assert HandOver.objects.count() == 1
        [entry] = LedgerEntry.objects.filter(verb="hand-over.written")
        assert (entry.subject, entry.detail) == (f"hand-over:{first.pk}", {})

    def test_who_has_not_seen_the_last_one_reads_it_first(self, ana, sofia):
        first = hand_overs.hand_over(ana, "Quiet.", seen=0)
        with pytest.raises(Conflict, match="read that first"):
            hand_overs.hand_over(sofia, "Loud.", seen=0)
        second = hand_overs.hand_over(sofia, "Loud.", seen=first.pk)
        assert second.since == first.at

    @pytest.mark.parametrize("text", ["", " \n ", "x" * 4001])
    def test_empty_and_endless_words_are_refused(self, ana, text):
        with pytest.raises(Invalid) as caught:
            hand_overs.hand_over(ana, text, seen=0)
        assert caught.value.field == "text"

    def test_the_next_person_reads_it_once_and_may_take_that_back(self, ana, sofia):
        row = hand_overs.hand_over(ana, "Quiet.", seen=0)
        with pytest.raises(Conflict, match="You wrote it"):
            hand_overs.mark_read(ana, row.pk, read=True)
        for _ in range(2):
            hand_overs.mark_read(sofia, row.pk, read=True)
        assert hand_overs.newest().read_by.name == "Sofia"
        hand_overs.mark_read(sofia, row.pk, read=False)
        assert hand_overs.newest().read_at is None
        entries = LedgerEntry.objects.filter(verb="hand-over.read").order_by("pk")
        assert [entry.detail for entry in entries] == [{}, {"undone": True}]

    def test_its_author_takes_it_back_while_nobody_has_read_it(self, ana, sofia):
        first = hand_overs.hand_over(ana, "Quiet.", seen=0)
        second = hand_overs.hand_over(ana, "Not quite.", seen=first.pk)
        with pytest.raises(NotVisible):
            hand_overs.withdraw(sofia, second.pk)
        hand_overs.withdraw(ana, second.pk)
        assert hand_overs.newest().pk == first.pk
        assert [row.pk for row in hand_overs.history()] == [first.pk]
        hand_overs.mark_read(sofia, first.pk, read=True)
        with pytest.raises(Conflict, match="has been read"):
            hand_overs.withdraw(ana, first.pk)
