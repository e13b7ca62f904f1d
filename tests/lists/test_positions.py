"""Windows are complete: whoever follows a list while others write sees each change once."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import connection
from tests.lists.made import draft, entries, foreign, owner
from tests.personas import make_world

from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists import changes
from tipline.insight.lists.entries import write_entries
from tipline.insight.lists.positions import horizon, turn_of

WRITERS, TURNS, EACH = 3, 6, 20


@pytest.fixture
def harbour(transactional_db, tipline_home):
    make_world()
    return foreign()


def test_a_reader_who_follows_misses_nothing_and_reads_nothing_twice(harbour):
    members = [owner(f"Member {number}").pk for number in range(WRITERS)]
    begun, failed = threading.Barrier(WRITERS + 1), []

    def write(member: int) -> None:
        try:
            begun.wait()
            for turn in range(TURNS):
                some = [draft(f"{turn}-{number}") for number in range(EACH)]
                with write_tx():  # the row is there before the transaction ends
                    write_entries(harbour.pk, member, some)
                    time.sleep(0.02)
        except Exception as error:  # noqa: BLE001 - told at the end
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    begun.wait()
    seen, after = [], datetime(1970, 1, 1, tzinfo=UTC)
    while len(seen) < WRITERS * TURNS * EACH and not failed:
        until = horizon(harbour.pk)
        if until > after:
            page = changes.changes(harbour, after, until, most=10_000)
            seen += [(one.entry.member_id, one.entry.key) for one in page]
            after = until
        time.sleep(0.05)
    for thread in threads:
        thread.join()

    assert failed == []
    assert len(seen) == len(set(seen)) == WRITERS * TURNS * EACH
    rows = entries(harbour)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert [row.changed_at for row in rows] == sorted(row.changed_at for row in rows)


def test_a_reader_waits_for_a_writer_that_has_begun(harbour):
    member, order = owner().pk, []
    inside = threading.Event()

    def write() -> None:
        with turn_of(harbour.pk):
            inside.set()
            time.sleep(0.3)
            order.append("written")
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    inside.wait()
    horizon(harbour.pk)
    order.append("read")
    thread.join()
    assert order == ["written", "read"]
    write_entries(harbour.pk, member, [draft(1)])


def test_an_empty_window_costs_next_to_nothing(harbour, django_assert_max_num_queries):
    """Whoever polls asks the fence and whether there is a row; a transaction is two on SQLite."""
    write_entries(harbour.pk, owner().pk, [draft(number) for number in range(1_000)])
    after = datetime(2000, 1, 1, tzinfo=UTC)
    until = datetime(2001, 1, 1, tzinfo=UTC)
    with django_assert_max_num_queries(3):
        horizon(harbour.pk)
        assert changes.changes(harbour, after, until) == []
