"""Jobs: asked for with the change, done at least once, never lost, seen when they give up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import connection, transaction

from tipline.ground.foundation import clock, jobs, worker
from tipline.ground.foundation.models import Job

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DONE: list[str] = []


class RefusedError(Exception):
    pass


@jobs.task("test.note")
def _note(payload: dict) -> None:
    DONE.append(payload["word"])


@jobs.task("test.fail")
def _fail(payload: dict) -> None:
    raise RefusedError(payload["word"])


@pytest.fixture(autouse=True)
def _forget() -> None:
    DONE.clear()


def claim(lane: str = "", name: str = "one") -> jobs.Claimed:
    job = jobs.claim(lane, name)
    assert job is not None
    return job


def test_a_committed_job_is_done_and_gone() -> None:
    jobs.enqueue("test.note", {"word": "a"})
    assert worker.run_ready("one") == 1
    assert DONE == ["a"]
    assert jobs.counts() == {}


def test_a_rolled_back_change_leaves_no_job() -> None:
    with transaction.atomic():
        jobs.enqueue("test.note", {"word": "a"})
        transaction.set_rollback(True)
    assert jobs.counts() == {}


def test_a_job_is_not_given_twice_while_its_lease_runs() -> None:
    jobs.enqueue("test.note", {"word": "a"})
    claim()
    assert jobs.claim("", "two") is None


def test_a_job_whose_worker_died_comes_back_when_its_lease_ends() -> None:
    with time_machine.travel(START, tick=False) as time:
        jobs.enqueue("test.note", {"word": "a"})
        first = claim()
        time.shift(jobs.LEASE + timedelta(seconds=1))
        second = claim(name="two")
        assert second.id == first.id
        assert second.attempts == 2


def test_a_worker_whose_lease_ran_out_cannot_finish_or_fail_it() -> None:
    with time_machine.travel(START, tick=False) as time:
        jobs.enqueue("test.note", {"word": "a"})
        first = claim()
        time.shift(jobs.LEASE + timedelta(seconds=1))
        second = claim(name="two")
        assert not jobs.finish(first)
        assert not jobs.fail(first, "late")
        assert not jobs.heartbeat(first)
        assert jobs.finish(second)


def test_the_same_worker_with_an_older_attempt_is_fenced_too() -> None:
    with time_machine.travel(START, tick=False) as time:
        jobs.enqueue("test.note", {"word": "a"})
        first = claim()
        time.shift(jobs.LEASE + timedelta(seconds=1))
        claim()
        assert not jobs.finish(first)


def test_a_heartbeat_keeps_it() -> None:
    with time_machine.travel(START, tick=False) as time:
        jobs.enqueue("test.note", {"word": "a"})
        job = claim()
        time.shift(jobs.LEASE * 0.9)
        assert jobs.heartbeat(job)
        time.shift(jobs.LEASE * 0.9)
        assert jobs.claim("", "two") is None


def test_a_failing_job_waits_longer_each_time_then_dies_and_can_be_requeued() -> None:
    with time_machine.travel(START, tick=False) as time:
        jobs.enqueue("test.fail", {"word": "a secret"})
        waits = []
        for _attempt in range(8):
            assert worker.run_ready("one") == 1
            row = Job.objects.get()
            waits.append((row.run_at - clock.now()).total_seconds())
            time.shift(timedelta(seconds=waits[-1] + 1))
        assert Job.objects.get().state == Job.State.DEAD
        assert worker.run_ready("one") == 0
        assert all(later > earlier for earlier, later in pairwise(waits[:7]))
        assert waits[6] > 10 * waits[0]
        [dead] = jobs.dead()
        assert dead["last_error"] == "RefusedError"  # the name only: messages may be personal
        assert jobs.requeue([dead["id"]]) == 1
        assert claim().attempts == 1


def test_a_job_that_kills_its_workers_ends_among_the_dead() -> None:
    with time_machine.travel(START, tick=False) as time:
        jobs.enqueue("test.note", {"word": "a"})
        for _attempt in range(8):
            claim()
            time.shift(jobs.LEASE + timedelta(seconds=1))
        assert jobs.claim("", "one") is None
        assert jobs.counts() == {"dead": 1}


def test_one_waiting_job_serves_all_who_asked() -> None:
    for _time in range(3):
        jobs.enqueue("test.note", {"word": "a"}, dedup_key="a")
    jobs.enqueue("test.note", {"word": "b"}, dedup_key="b")
    assert worker.run_ready("one") == 2
    assert sorted(DONE) == ["a", "b"]


def test_a_change_during_the_run_asks_for_another_one() -> None:
    jobs.enqueue("test.note", {"word": "a"}, dedup_key="a")
    running = claim()
    jobs.enqueue("test.note", {"word": "a"}, dedup_key="a")
    assert jobs.counts() == {"running": 1, "queued": 1}
    assert jobs.finish(running)
    assert worker.run_ready("one") == 1


def test_a_flood_in_one_lane_starves_no_other() -> None:
    for number in range(20):
        jobs.enqueue("test.note", {"word": f"flood-{number}"}, lane="flood")
    jobs.enqueue("test.note", {"word": "small"}, lane="small")
    worker.run_ready("one")
    assert DONE.index("small") <= 1
    assert len(DONE) == 21


def test_priority_comes_first_inside_a_lane() -> None:
    jobs.enqueue("test.note", {"word": "later"})
    jobs.enqueue("test.note", {"word": "now"}, priority=0)
    worker.run_ready("one")
    assert DONE == ["now", "later"]


def test_an_urgent_job_comes_before_every_lane() -> None:
    for lane in ("a", "b", "c"):
        jobs.enqueue("test.note", {"word": f"usual-{lane}"}, lane=lane)
    jobs.enqueue("test.note", {"word": "urgent"}, lane="z", priority=jobs.URGENT)
    worker.run_round("one")
    assert DONE[0] == "urgent"


def test_a_delayed_job_waits() -> None:
    with time_machine.travel(START, tick=False) as time:
        jobs.enqueue("test.note", {"word": "a"}, delay=timedelta(minutes=5))
        assert worker.run_ready("one") == 0
        time.shift(timedelta(minutes=5))
        assert worker.run_ready("one") == 1


def test_a_kind_without_a_task_is_seen_not_lost() -> None:
    jobs.enqueue("test.unknown", {})
    worker.run_ready("one")
    assert Job.objects.get().last_error == "no task of this kind"


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_do_the_same_job_at_once() -> None:
    for number in range(40):
        jobs.enqueue("test.note", {"word": str(number)}, lane=str(number % 3))

    def run(name: str) -> Callable[[], None]:
        def body() -> None:
            try:
                worker.run_ready(name)
            finally:
                connection.close()

        return body

    threads = [threading.Thread(target=run(f"w{n}")) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(DONE, key=int) == [str(number) for number in range(40)]


def test_backoff_is_bounded() -> None:
    assert jobs.backoff(1, 0.5) == timedelta(seconds=1)
    assert jobs.backoff(60, 0.5) == timedelta(seconds=600)
