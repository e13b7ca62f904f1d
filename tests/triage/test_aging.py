"""What time alone does to a report: clocks pass, and the queue hears of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from tests.personas import file_report, make_world

from tipline.ground.foundation import worker
from tipline.insight.triage.models import Assessment, QueueEntry
from tipline.insight.triage.services import NO_DEADLINE, aged
from tipline.pipeline import stages, subscriptions

pytestmark = pytest.mark.django_db
FILED = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def look_again() -> None:
    """What the worker does every few minutes."""
    for number in aged(datetime.now(UTC)):
        subscriptions.reassess(number)
    worker.run_ready("one")


def entry() -> QueueEntry:
    return QueueEntry.objects.get()


@pytest.fixture
def filed(tipline_home):
    with time_machine.travel(FILED, tick=False) as time:
        report = file_report(make_world())
        stages.run(report.pk)
        yield report, time


def test_nothing_is_done_again_while_nothing_runs_out(filed) -> None:
    report, time = filed
    time.shift(timedelta(hours=2))
    assert aged(datetime.now(UTC)) == []
    stages.run(report.pk)
    assert Assessment.objects.count() == 1


def test_a_passed_deadline_gives_way_to_the_next_one(filed) -> None:
    _report, time = filed
    first = entry().deadline
    time.move_to(first + timedelta(minutes=1))
    assert aged(datetime.now(UTC)) == [entry().report_id]
    look_again()
    assert entry().deadline > first
    assert aged(datetime.now(UTC)) == []


def test_a_clock_that_nears_its_end_raises_decay(filed) -> None:
    _report, time = filed
    before = entry().decay
    time.move_to(entry().deadline - timedelta(days=2))
    look_again()
    assert entry().decay > before


def test_what_has_run_out_altogether_is_last_in_its_band(filed) -> None:
    _report, time = filed
    time.shift(timedelta(days=800))
    look_again()
    assert entry().deadline == NO_DEADLINE
    assert Assessment.objects.order_by("-pk")[0].result["deadline"] is None
