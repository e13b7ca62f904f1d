"""The worker among floods and outages, and what it does every so often."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError
from tests.filing import SEEN, picture
from tests.personas import file_report

from tipline.ground.audit import queries as ledger
from tipline.ground.audit import services as audit
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock, jobs, worker
from tipline.insight.annotation.services import set_label
from tipline.pipeline import subscriptions
from tipline.record.evidence.queries import files_of

DONE: list[str] = []


@jobs.task("test.pipeline-worker")
def _note(payload: dict) -> None:
    DONE.append(payload["word"])


@pytest.fixture
def hourly(monkeypatch):
    """Nothing recurs but what the test adds."""
    DONE.clear()
    alone = worker.Recurring()
    monkeypatch.setattr(worker, "recurring", alone)
    return alone


@pytest.mark.django_db(transaction=True)
def test_what_recurs_waits_for_no_round_to_end(hourly):
    seen, stop = [], threading.Event()
    for lane in "abcde":
        jobs.enqueue("test.pipeline-worker", {"word": lane}, lane=lane)

    def look() -> None:
        seen.append(len(DONE))
        if len(DONE) == 5:
            stop.set()

    hourly.add("look", timedelta(0), look)
    worker.work(stop)
    assert set(range(6)) <= set(seen)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_for_a_while_ends_no_worker(hourly, monkeypatch):
    monkeypatch.setattr(worker, "_AWAY", 0.0)
    ready, outages, stop = jobs.ready_lanes, [1, 2, 3], threading.Event()
    jobs.enqueue("test.pipeline-worker", {"word": "a"})

    def away(now):
        if outages:
            raise OperationalError(f"outage {outages.pop()}")
        return ready(now)

    def end() -> None:
        if DONE:
            stop.set()

    monkeypatch.setattr(jobs, "ready_lanes", away)
    hourly.add("end", timedelta(0), end)
    worker.work(stop)
    assert DONE == ["a"]
    assert outages == []


def entry(number: int) -> None:
    LedgerEntry.objects.create(
        pk=number, at=clock.now(), actor="system", verb="report.opened", subject="report:1"
    )


def test_an_entry_that_commits_after_younger_ones_is_sealed_too(world):
    while audit.seal():
        pass
    last = LedgerEntry.objects.latest("pk").pk
    entry(last + 100)
    assert audit.seal() == 1
    entry(last + 1)
    assert audit.seal(late=50) == 0  # too far behind to be looked at each second
    assert ledger.verify().unsealed == 1
    entry(last + 90)
    assert audit.seal(late=50) == 1
    assert audit.seal_whole() == 1
    assert (ledger.verify().unsealed, ledger.verify().problems) == (0, [])


def test_one_label_asks_for_each_copy_once(world, monkeypatch):
    monkeypatch.setattr(subscriptions, "_AT_ONCE", 2)
    made = [file_report(world, files=[(picture(1), SEEN)]) for _number in range(5)]
    worker.run_ready("one")
    set_label(world.actor("ana"), files_of(made[0].pk)[0], "violence", present=True)
    worker.run_round("one")
    waiting = jobs.Job.objects.filter(kind="pipeline.report")
    assert sorted(job.payload["report"] for job in waiting) == [report.pk for report in made]
