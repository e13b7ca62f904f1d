"""``bench pipeline``: its arithmetic, and its verbs in a store of a few reports."""

from __future__ import annotations

import pytest

from benchmarks.pipeline import bench, inside
from benchmarks.pipeline.measured import Measured
from tipline.doors.terminal import demo_accounts
from tipline.doors.terminal.loading import packs
from tipline.ground.foundation import clock, jobs
from tipline.insight.matching import services as matching
from tipline.insight.triage.models import QueueEntry
from tipline.pipeline.loading.services import fill
from tipline.record.reports.models import Report


@pytest.fixture
def store(db, tipline_home, monkeypatch):
    """Nine reports, three of them read and the others their copies."""
    monkeypatch.setattr(matching, "_loaded", matching._Loaded())
    profile = demo_accounts.demo_profile()
    demo_accounts.make_accounts(profile)
    return fill(lambda: packs(3, 3, profile), 9, lambda _so_far: None)


@pytest.mark.parametrize(
    ("values", "share", "rank"),
    [([], 0.95, 0.0), ([3.0], 0.95, 3.0), (list(range(100)), 0.95, 95), ([2.0, 1.0], 0.5, 2.0)],
)
def test_a_percentile_is_one_of_the_values(values, share, rank):
    assert inside.percentile(values, share) == rank


def test_the_queue_is_asked_for_with_as_many_queries_whatever_is_open(store):
    few = inside.queue(1)
    fill(lambda: packs(4, 3, demo_accounts.demo_profile()), 9, lambda _so_far: None)
    more = inside.queue(1)
    assert (few["open"], more["open"]) == (9, 18)
    assert few["first_queries"] == more["first_queries"]
    assert few["first_ms"] > 0


def test_one_more_report_is_taken_in_and_ranked(store, monkeypatch):
    monkeypatch.setattr(inside, "_WARM", 1)
    told = inside.cost(2, 7)
    assert told["reports"] == 2
    assert told["cpu_ms"] > 0
    assert QueueEntry.objects.count() == 9 + 3


def test_a_flood_waits_and_its_sender_is_named(store):
    sender = inside.largest_sender()["name"]
    told = inside.flood(200, 5, sender)
    assert told["reports"] == told["waiting"] == 200
    assert Report.objects.filter(sender__name=sender).count() >= 200
    assert jobs.ready_lanes(clock.now()) == [Report.objects.latest("pk").lane]


def test_what_was_not_met_is_said():
    told = Measured(
        [{"database": "sqlite", "store": 9, "what": "queue", "first_ms": 120.0}],
        {"growth": 1.25},
        {"queue page < 100 ms": False, "cost": True},
    )
    text = bench.result(told).text
    assert "NOT MET queue page < 100 ms" in text
    assert "first_ms 120.0" in text
    assert "growth: 1.25" in text
