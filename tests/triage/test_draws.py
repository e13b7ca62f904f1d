"""Draws in the store: each week once, what is drawn from, and what a finding does."""

from __future__ import annotations

import threading
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from tests.filing import document, entry, picture
from tests.personas import DOCUMENT, file_report, make_world

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.insight.matching import services as matching
from tipline.insight.triage import queue
from tipline.insight.triage.bundles.queries import standing_of
from tipline.insight.triage.draws import queries
from tipline.insight.triage.draws.rules import Stratum
from tipline.insight.triage.draws.services import draw_due, look, take_back
from tipline.insight.triage.models import BAND_RANK, TEST_LANE, Draw, DrawnWeek, QueueEntry
from tipline.insight.triage.queue import QueueFilter
from tipline.insight.triage.services import assess

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
NEXT_WEEK = WEDNESDAY + timedelta(days=7)
SPAM = {**DOCUMENT["incidentSummary"], "reportAnnotations": {"spam": True}}


@pytest.fixture
def a_week(world, filed):
    """Four alike, of which three are folded; one informational at the bottom; an urgent one."""
    with time_machine.travel(WEDNESDAY):
        alike = [
            filed(esp="quillnet", files=[(picture(1), {})], document=deepcopy(document())).pk
            for _number in range(4)
        ]
        bottom = filed(document=document(incidentSummary=SPAM, personOrUserReported=None)).pk
        told = {**DOCUMENT["incidentSummary"], "escalateToHighPriority": "now"}
        urgent = filed(document=document(incidentSummary=told, personOrUserReported=None)).pk
    return {"alike": alike, "bottom": bottom, "urgent": urgent}


def drawn() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {stratum.value: [] for stratum in Stratum}
    for row in Draw.objects.order_by("report_id"):
        found[row.stratum].append(row.report_id)
    return found


@pytest.fixture
def draws(a_week):
    """What was drawn of that week, by stratum."""
    with time_machine.travel(NEXT_WEEK):
        assert draw_due() == 1
    found = {row.stratum: row for row in Draw.objects.all()}
    return {**a_week, "draw": found}


class TestDrawing:
    def test_a_week_that_is_not_over_is_not_drawn_from(self, a_week):
        with time_machine.travel(WEDNESDAY + timedelta(days=4)):
            assert draw_due() == 0
        assert not Draw.objects.exists()

    def test_one_of_each_at_least_and_never_what_is_looked_at_anyway(self, draws):
        folded, bottom = draws["draw"]["folded"], draws["draw"]["bottom"]
        assert folded.report_id in draws["alike"][1:]
        assert folded.share == pytest.approx(1 / 3)
        assert (bottom.report_id, bottom.share) == (draws["bottom"], 1.0)
        assert Draw.objects.count() == 2
        week = DrawnWeek.objects.get()
        assert (week.folded, week.bottom) == (3, 1)

    def test_the_same_week_is_drawn_from_once(self, draws, filed):
        before = drawn()
        with time_machine.travel(WEDNESDAY):
            filed(esp="quillnet", files=[(picture(1), {})], document=deepcopy(document()))
        with time_machine.travel(NEXT_WEEK + timedelta(hours=1)):
            assert draw_due() == 0
        assert drawn() == before

    def test_weeks_without_a_worker_are_caught_up(self, a_week):
        with time_machine.travel(WEDNESDAY + timedelta(days=28)):
            assert draw_due() == 4
        assert Draw.objects.count() == 2
        assert DrawnWeek.objects.filter(folded=0, bottom=0).count() == 3

    def test_tests_and_what_a_person_closed_by_itself_are_left_out(self, a_week):
        QueueEntry.objects.filter(folded_under__isnull=False).update(lane=TEST_LANE)
        QueueEntry.objects.filter(report=a_week["bottom"]).update(done_at=WEDNESDAY)
        with time_machine.travel(NEXT_WEEK):
            draw_due()
        assert drawn() == {"folded": [], "bottom": []}

    def test_what_was_closed_together_with_others_is_drawn(self, a_week):
        QueueEntry.objects.filter(report=a_week["bottom"]).update(
            done_at=WEDNESDAY, done_how="batch"
        )
        with time_machine.travel(NEXT_WEEK):
            draw_due()
        assert drawn()["bottom"] == [a_week["bottom"]]

    def test_low_and_hardly_usable_is_the_bottom_whatever_its_disposition(self, a_week):
        rows = QueueEntry.objects.filter(report=a_week["bottom"])
        rows.update(disposition="referral", actionability=0, band_rank=BAND_RANK["medium"])
        with time_machine.travel(NEXT_WEEK):
            draw_due()
        assert drawn()["bottom"] == []
        DrawnWeek.objects.all().delete()
        rows.update(band_rank=BAND_RANK["low"])
        Draw.objects.all().delete()
        with time_machine.travel(NEXT_WEEK):
            draw_due()
        assert drawn()["bottom"] == [a_week["bottom"]]


class TestLooking:
    def test_as_ranked_is_kept_with_its_note_and_on_the_ledger(self, world, draws):
        row = draws["draw"]["bottom"]
        look(world.actor("ana"), row.pk, "as_ranked", " nothing there ")
        row.refresh_from_db()
        assert (row.finding, row.note, row.looked_by.name) == ("as_ranked", "nothing there", "Ana")
        said = LedgerEntry.objects.get(verb="draw.looked-at")
        assert said.subject == f"report:{draws['bottom']}"
        assert said.detail == {"draw": row.pk, "finding": "as_ranked"}
        assert list(queries.waiting(world.actor("ana"))) == [draws["draw"]["folded"]]

    def test_too_low_takes_a_folded_report_out_for_good(self, world, draws):
        row = draws["draw"]["folded"]
        queue.mark_done(world.actor("sofia"), draws["alike"][0], done=True)
        look(world.actor("ana"), row.pk, "too_low")
        listed = [one.report_id for one in queue.queue_for(world.actor("ana"), QueueFilter())]
        assert row.report_id in listed
        assess(row.report)
        assert standing_of(row.report_id).released

    def test_too_low_opens_what_was_closed_together_with_others(self, world, draws):
        row = draws["draw"]["bottom"]
        rows = QueueEntry.objects.filter(report=row.report)
        rows.update(done_at=WEDNESDAY, done_how="batch", done_by=world.people["sofia"])
        look(world.actor("ana"), row.pk, "too_low")
        assert entry(row.report).done_at is None
        assert LedgerEntry.objects.filter(verb="queue.reopened").count() == 1

    def test_the_same_finding_twice_has_one_effect_and_another_is_refused(self, world, draws):
        row = draws["draw"]["folded"]
        look(world.actor("ana"), row.pk, "too_low")
        look(world.actor("ana"), row.pk, "too_low")
        assert LedgerEntry.objects.filter(verb="draw.looked-at").count() == 1
        assert LedgerEntry.objects.filter(verb="bundle.member-released").count() == 1
        with pytest.raises(Conflict):
            look(world.actor("sofia"), row.pk, "too_high")

    def test_a_finding_can_be_taken_back_by_who_found_it(self, world, draws):
        row = draws["draw"]["bottom"]
        look(world.actor("ana"), row.pk, "too_high", "x")
        with pytest.raises(Conflict):
            take_back(world.actor("sofia"), row.pk)
        take_back(world.actor("ana"), row.pk)
        take_back(world.actor("ana"), row.pk)
        row.refresh_from_db()
        assert (row.finding, row.note, row.looked_at) == ("", "", None)
        assert LedgerEntry.objects.filter(verb="draw.taken-back").count() == 1

    def test_wrong_values_say_what_is_wrong(self, world, draws):
        ana, row = world.actor("ana"), draws["draw"]["bottom"]
        for finding, note, field in (("", "", "finding"), ("too_low", "x" * 2001, "note")):
            with pytest.raises(Invalid) as caught:
                look(ana, row.pk, finding, note)
            assert caught.value.field == field
        with pytest.raises(NotVisible):
            look(ana, 424242, "too_low")
        with pytest.raises(NotAllowed):
            look(world.actor("ines"), row.pk, "too_low")
        assert not queries.waiting(world.actor("ines")).exists()


class TestFigures:
    def test_what_was_found_is_counted_by_week_and_stratum(self, world, draws):
        look(world.actor("ana"), draws["draw"]["folded"].pk, "too_low")
        figures = queries.figures(world.actor("sofia"))
        found = figures.in_all[Stratum.FOLDED]
        assert (found.population, found.drawn, found.looked, found.too_low) == (3, 1, 1, 1)
        assert found.share == 1.0
        assert found.interval == pytest.approx((0.2065, 1.0), abs=1e-4)
        [bottom] = figures.by_week[Stratum.BOTTOM]
        assert (bottom.looked, bottom.interval) == (0, (0.0, 1.0))
        assert (figures.waiting, figures.bundles, figures.folded) == (1, 1, 2)
        assert figures.saved == 1

    def test_only_who_may_read_figures(self, world):
        with pytest.raises(NotAllowed):
            queries.figures(world.actor("adam"))


@pytest.mark.django_db(transaction=True)
def test_two_workers_draw_a_week_once(tipline_home, monkeypatch):
    monkeypatch.setattr(matching, "_loaded", matching._Loaded())
    world = make_world()
    with time_machine.travel(WEDNESDAY):
        for _number in range(3):
            assess(file_report(world, document=document(incidentSummary=SPAM)))
    done, failures = [], []

    def run() -> None:
        try:
            done.append(draw_due())
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)
        finally:
            connection.close()

    with time_machine.travel(NEXT_WEEK):
        threads = [threading.Thread(target=run) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert failures == []
    assert sum(done) == 1
    assert (Draw.objects.count(), DrawnWeek.objects.count()) == (1, 1)
