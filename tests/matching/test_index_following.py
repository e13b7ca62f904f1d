"""The index over a real table: what is committed is found at once, by threads and processes."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from django.db import connection, connections, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from tipline.ground.foundation import clock
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.matching.index.index import Index
from tipline.insight.matching.index.table import TableFeed
from tipline.insight.matching.models import Fingerprint


def keep(number: int, *, quality: int = 90, value: bytes | None = None) -> Fingerprint:
    row = Fingerprint(
        sha256=f"{number:064x}",
        hasher="test",
        version="1",
        value=hash_of(number) if value is None else value,
        quality=quality,
        made_at=clock.now(),
    )
    with write_tx():
        row.save(force_insert=True)
    return row


def hash_of(number: int) -> bytes:
    return np.random.default_rng(number).bytes(32)


def index_of_test() -> Index:
    return Index("test", TableFeed(Fingerprint, "value", Q(hasher="test", quality__gte=50)))


def in_a_thread(call):
    """The call's answer, from a thread with a connection of its own."""
    found = []

    def run():
        try:
            found.append(call())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.django_db(transaction=True)
class TestCommitted:
    def test_it_is_found_by_the_next_search(self, tipline_home):
        index = index_of_test()
        assert index.search(hash_of(1)) == []
        for number in range(1, 4):
            row = keep(number)
            assert index.search(hash_of(number)) == [(row.pk, 0)]

    def test_so_is_what_another_connection_commits(self, tipline_home):
        index = index_of_test()
        assert index.search(hash_of(1)) == []
        key = in_a_thread(lambda: keep(1).pk)
        assert index.search(hash_of(1)) == [(key, 0)]
        assert in_a_thread(lambda: index.search(hash_of(1))) == [(key, 0)]

    def test_what_is_not_usable_is_not_found(self, tipline_home):
        index = index_of_test()
        keep(1, quality=49)
        keep(2, value=b"short")
        Fingerprint.objects.create(sha256="f" * 64, hasher="test", version="1", made_at=clock.now())
        found = keep(3)
        assert index.search(hash_of(1), 256) == [(found.pk, found_distance(1, 3))]

    def test_several_searches_ask_the_database_once(self, tipline_home):
        index = index_of_test()
        rows = [keep(number) for number in range(5)]
        with CaptureQueriesContext(connection) as queries:
            found = index.search_each([hash_of(number) for number in range(5)])
        assert found == [[(row.pk, 0)] for row in rows]
        looked = len(queries)
        with CaptureQueriesContext(connection) as queries:
            index.search_each([hash_of(number) for number in range(5)])
        assert len(queries) < looked
        if connection.vendor == "sqlite":
            assert len(queries) == 0


def found_distance(one: int, other: int) -> int:
    return (int.from_bytes(hash_of(one)) ^ int.from_bytes(hash_of(other))).bit_count()


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_ones_own_rows_are_found_before_the_commit_and_by_nobody_else(self, tipline_home):
        index = index_of_test()
        first = keep(1)
        with transaction.atomic():
            row = keep(2)
            assert index.search(hash_of(2)) == [(row.pk, 0)]
            assert index.search(hash_of(1)) == [(first.pk, 0)]
            assert in_a_thread(lambda: index.search(hash_of(2))) == []
        assert index.search(hash_of(2)) == [(row.pk, 0)]

    def test_what_was_rolled_back_was_never_there(self, tipline_home):
        index = index_of_test()
        with transaction.atomic():
            keep(1)
            assert len(index.search(hash_of(1))) == 1
            transaction.set_rollback(True)
        assert index.search(hash_of(1)) == []
        row = keep(2)
        assert index.search(hash_of(2)) == [(row.pk, 0)]

    def test_a_row_that_commits_after_younger_ones_is_found(self, tipline_home):
        if connection.vendor == "sqlite":
            pytest.skip("SQLite commits in the order of its keys")
        index, inserted, may_commit = index_of_test(), threading.Event(), threading.Event()

        def slowly():
            with transaction.atomic():
                key = keep(1).pk
                inserted.set()
                may_commit.wait(30)
            return key

        keys = []
        thread = threading.Thread(target=lambda: keys.append(in_a_thread(slowly)))
        thread.start()
        assert inserted.wait(30)
        younger = [keep(number) for number in range(2, 700)]
        assert index.search(hash_of(1)) == []
        assert index.search(hash_of(699)) == [(younger[-1].pk, 0)]
        may_commit.set()
        thread.join()
        assert keys[0] < younger[0].pk
        assert index.search(hash_of(1)) == [(keys[0], 0)]
        index.search(hash_of(1))
        assert index._reader._held.position.holes == []


@pytest.mark.parametrize("value", [b"", bytes(31), bytes(33)])
def test_a_hash_of_another_length_is_refused(value):
    with pytest.raises(ValueError, match="32 bytes"):
        index_of_test().search(value)


@pytest.mark.parametrize("radius", [-1, 257])
def test_so_is_a_radius_that_is_none(radius):
    with pytest.raises(ValueError, match="0 to 256"):
        index_of_test().search(bytes(32), radius)
