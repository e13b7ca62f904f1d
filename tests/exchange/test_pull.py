"""Our client against our server, over real HTTP: exactly the rows, once, on both databases."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from tests.exchange.cutting import line_to
from tests.exchange.made import contents, draft, make_theirs, settle, video

from tipline.ground.foundation import clock as wall
from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.lists import members, positions, sharing, votes
from tipline.insight.lists.entries import remove_entries
from tipline.insight.lists.models import Entry
from tipline.insight.lists.pulling import rules_progress
from tipline.insight.lists.pulling.http import Patience
from tipline.insight.lists.pulling.services import pull

ONCE = Patience(pause=10.0, tries=1)


@pytest.fixture
def no_lag(monkeypatch):
    """Windows end at the server's now: what is at stake is that it holds them together."""
    monkeypatch.setattr(rules_progress, "LAG", timedelta(0))


def in_one_second(monkeypatch, *calls) -> None:
    """Whatever is written meanwhile carries one instant."""
    now = wall.now()
    with monkeypatch.context() as patch:
        patch.setattr(positions, "_now", lambda: now)
        for call in calls:
            call()


def keep_vote(ours, voter, key, kind, *, affirmative) -> None:
    row = Entry.objects.get(hash_list=ours.hash_list, key=key)
    reasons = () if affirmative else sorted(sharing.reasons_of(ours.hash_list, kind))[:2]
    votes.vote(SYSTEM, voter.pk, row, kind, affirmative=affirmative, reasons=reasons)


def test_2500_entries_with_everything_that_may_happen(served, no_lag, live_server, monkeypatch):
    ours = served
    harbor = members.add_member(SYSTEM, "Harbor & Co")
    in_one_second(
        monkeypatch,
        lambda: ours.write(*(draft(number) for number in range(1_700))),
        lambda: ours.write(*(video(number) for number in range(100)), owner=harbor),
    )
    ours.write(*(draft(number) for number in range(1_700, 2_400)))
    remove_entries(ours.hash_list.pk, ours.house.pk, [f"e{n}" for n in range(0, 2_400, 20)])
    for number in range(1, 40, 2):
        keep_vote(ours, harbor, f"e{number}", "md5", affirmative=number % 4 == 1)
    settle(ours.hash_list)

    with line_to(live_server.url) as line:
        copy = make_theirs(f"http://127.0.0.1:{line.port}/hashes/apparent")
        # The test server takes one request on a connection: status, four times the reasons of
        # a type, page one; the second page is cut in its middle.
        line.cuts = [None] * 6 + [100_000]
        first = pull(copy.hash_list.pk, patience=ONCE)
        held = Entry.objects.filter(hash_list=copy.hash_list).count()
        second = copy.pull()
        _the_rows_are_there_once(ours, copy, (first, second), held)
        _changes_come_once(ours, copy, harbor)


def _the_rows_are_there_once(ours, copy, runs, held) -> None:
    first, second = runs
    live = 2_500 - 120
    assert (first.error, first.kept.pages, second.error) == ("cut_off", 1, "")
    assert 0 < held == first.kept.made < live
    assert second.kept.pages in {2, 3}  # an empty window more where a second began since
    assert first.kept.made + second.kept.made == live
    assert first.kept.changed + second.kept.changed == 0
    assert first.kept.same + second.kept.same == 120  # tombstones of what was never here
    assert Entry.objects.filter(hash_list=copy.hash_list).count() == live
    assert contents(copy.hash_list) == contents(ours.hash_list)
    assert copy.source.told["rows"] == 2_500
    said = [vote for row in contents(copy.hash_list).values() for vote in row["votes"]]
    assert len(said) == 20
    assert {(who, yes) for _kind, who, yes, _why in said} == {
        ("Harbor & Co", False),
        ("Harbor & Co", True),
    }


def _changes_come_once(ours, copy, harbor) -> None:
    ours.write(draft(1, classification="B2"), draft("new"), draft(20))  # 20 comes back
    remove_entries(ours.hash_list.pk, ours.house.pk, ["e2", "e3"])
    keep_vote(ours, harbor, "e5", "md5", affirmative=False)
    settle(ours.hash_list)
    time.sleep(1)

    kept = copy.pull().kept

    assert (kept.made, kept.changed, kept.removed, kept.votes, kept.rows) == (2, 1, 2, 1, 6)
    assert contents(copy.hash_list) == contents(ours.hash_list)
    assert copy.pull().kept.rows == 0


def test_a_pull_among_three_writers_misses_nothing(served, no_lag, theirs):
    """Writers and the client's windows overlap in real time; windows end at the server's now."""
    ended = threading.Event()
    failures = []

    def write(seed: int) -> None:
        try:
            number = 0
            while not ended.is_set():
                number += 1
                chosen = [(seed * 7 + number * step) % 40 for step in (1, 2, 3)]
                kinds = [draft(f"{seed}-{one}", classification=f"A{number}") for one in {*chosen}]
                served.write(*kinds)
                if number % 5 == 0:
                    keys = [f"e{seed}-{one}" for one in chosen[:1]]
                    remove_entries(served.hash_list.pk, served.house.pk, keys)
                time.sleep(0.01)
        except Exception as error:  # noqa: BLE001 - told by the test
            failures.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(3)]
    for writer in writers:
        writer.start()
    pulled = []
    try:
        while len(pulled) < 4 and not failures:  # each second makes a window
            found = theirs.pull()
            assert found.error == ""
            pulled += [found.kept.rows] if found.kept.rows else []
    finally:
        ended.set()
        for writer in writers:
            writer.join()
    settle(served.hash_list)
    time.sleep(1.1)
    assert theirs.pull().error == ""

    assert failures == []
    assert sum(pulled) > 10
    assert contents(theirs.hash_list) == contents(served.hash_list)


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_process_that_dies_at_a_commit_loses_and_doubles_nothing(
    served, no_lag, theirs, monkeypatch, point
):
    from tipline.insight.lists.pulling import services

    served.write(*(draft(number) for number in range(1_100)))
    settle(served.hash_list)
    time.sleep(1)

    class Died(BaseException):
        """Nothing catches it: as if the process were gone."""

    def die(*_given, **_more):
        raise Died

    with monkeypatch.context() as patch:
        if point == "before":
            patch.setattr(services, "_move", die)
            tell = lambda _kept: None  # noqa: E731 - one of two
        else:
            tell = die
        with pytest.raises(Died):
            theirs.pull(tell=tell)
    held = Entry.objects.filter(hash_list=theirs.hash_list).count()
    assert held == (0 if point == "before" else 1_000)

    found = theirs.pull()

    assert (found.error, found.kept.made, found.kept.same) == ("", 1_100 - held, 0)
    assert contents(theirs.hash_list) == contents(served.hash_list)
