"""What narrows the queue, and that the default list walks its index on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from tests.personas import file_report

from tipline.insight.triage import queue
from tipline.insight.triage.models import BAND_RANK, QueueEntry
from tipline.insight.triage.queue_filter import QueueFilter
from tipline.insight.triage.rules_types import ALARM
from tipline.insight.triage.services import assess

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def three(world):
    """Three places that differ in everything a filter asks for."""
    numbers = []
    with time_machine.travel(NOW, tick=False):
        for _ in range(3):
            report = file_report(world)
            assess(report)
            numbers.append(report.pk)
        first, second, third = numbers
        place(
            first, level="1", urgency="unconfirmed", band_rank=0, incident_type="enticement",
            place="US-CA", new_files=2, deadline=NOW + 2 * DAY, received_at=NOW - 2 * HOUR,
            alarm=ALARM,
        )  # fmt: skip
        place(
            second, level="2", urgency="none", lane="minor_suspect", incident_type="",
            place="US-TX", new_files=0, deadline=NOW + 20 * DAY, received_at=NOW - 2 * DAY,
            claimed_by=world.people["sofia"], claimed_until=NOW + HOUR,
        )  # fmt: skip
        place(
            third, level="E", urgency="refuted", incident_type="csam", place="DE",
            new_files=0, deadline=NOW + 300 * DAY, received_at=NOW - 40 * DAY,
            claimed_by=world.people["ana"], claimed_until=NOW - HOUR,
        )  # fmt: skip
    return numbers


def place(number: int, **values) -> None:
    QueueEntry.objects.filter(report_id=number).update(**values)


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ({"level": "1"}, [0]),
        ({"lane": "minor_suspect"}, [1]),
        ({"urgency": "unconfirmed"}, [0]),
        ({"urgency": "refuted"}, [2]),
        ({"incident_type": "enticement"}, [0]),
        ({"incident_type": "none"}, [1]),
        ({"place": "US"}, [0, 1]),
        ({"place": "us-ca"}, [0]),
        ({"place": "%"}, []),
        ({"new_files": True}, [0]),
        ({"due": "3"}, [0]),
        ({"due": "alarm"}, [0]),
        ({"due": "90"}, [0, 1]),
        ({"claimed": "anybody"}, [1]),
        ({"claimed": "nobody"}, [0, 2]),
        ({"age": "8h"}, [0]),
        ({"age": "3d"}, [0, 1]),
        ({"age": "over-1d"}, [1, 2]),
        ({"age": "over-30d"}, [2]),
        ({"place": "US", "claimed": "nobody", "due": "3"}, [0]),
        ({"level": "1", "lane": "minor_suspect"}, []),
    ],
    ids=str,
)
def test_each_filter_narrows_and_they_add_up(world, three, wanted, places):
    with time_machine.travel(NOW, tick=False):
        found = {
            row.report_id for row in queue.queue_for(world.actor("ana"), QueueFilter(**wanted))
        }
    assert found == {three[at] for at in places}


@pytest.mark.parametrize("name", ["due", "age", "band", "number", "claimed"])
@pytest.mark.parametrize("value", ["never", "-1", "9" * 30, "१", "1e9"])
def test_a_value_that_means_nothing_breaks_nothing(world, three, name, value):
    """The form refuses it before; the rows are still safe to ask for."""
    found = queue.queue_for(world.actor("ana"), QueueFilter(**{name: value}))
    assert found.count() in {0, 3}


def test_a_folded_report_is_not_listed(world, three):
    place(three[0], folded_under_id=three[1])
    assert three[0] not in [row.report_id for row in queue.queue_for(world.actor("ana"), ANY)]


ANY = QueueFilter()


def _plan(rows) -> str:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # with three rows, reading all is cheaper
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    return rows[:50].explain()


@pytest.mark.parametrize("wanted", [ANY, QueueFilter(place="US-CA"), QueueFilter(level="1")])
def test_the_list_walks_the_index_of_its_order_and_sorts_nothing(world, three, wanted):
    plan = _plan(queue.queue_for(world.actor("ana"), wanted))
    assert "queue_order" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_what_is_done_walks_an_index_of_its_own(world, three):
    plan = _plan(queue.queue_for(world.actor("ana"), QueueFilter(done=True)))
    assert "queue_done" in plan


def test_bands_are_those_of_the_order():
    assert sorted(BAND_RANK, key=BAND_RANK.__getitem__) == ["urgent", "high", "medium", "low"]
