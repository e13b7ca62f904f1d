"""The index over a real table: what is committed is found at once, by threads and processes."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from django.db import connection, connections, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from tests import parts
from tests.crash.processes import wait_until

from tipline.ground.foundation import clock
from tipline.ground.foundation.transactions import write_tx
from tipline.ground.foundation.worker import recurring
from tipline.insight.matching.index import index as index_module
from tipline.insight.matching.index import kernels, merging
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


@pytest.mark.django_db(transaction=True)
class TestKeeping:
    @pytest.fixture
    def index(self, tipline_home, monkeypatch):
        """One that is worth a file from five rows on, and a process that has compiled nothing."""
        monkeypatch.setattr(index_module, "LEAST", 5)
        monkeypatch.setattr(merging, "LEAST", 5)
        monkeypatch.setattr(kernels, "CHOICE", kernels.Choice())
        return index_of_test()

    def kept(self, index: Index, work) -> None:
        work()
        wait_until(lambda: not index.is_kept(), "the thread that keeps an index")

    def test_a_few_rows_are_no_work(self, index, tipline_home, monkeypatch):
        monkeypatch.setattr(index_module, "LEAST", keep(1).pk + 1)
        self.kept(index, index.keep)
        self.kept(index, index.check_beside)
        assert not (tipline_home / "index").exists()

    def test_a_worker_joins_what_has_come_and_makes_the_compiled_search_ready(
        self, index, tipline_home
    ):
        rows = [keep(number) for number in range(6)]
        self.kept(index, index.keep)
        assert len(list((tipline_home / "index" / "test").glob("*.segment"))) == 1
        assert index.search(hash_of(3)) == [(rows[3].pk, 0)]
        assert len(index._reader._held.tail) == 0
        self.kept(index, index.keep)
        wanted = "numba" if parts.NUMBA.find() else "numpy"
        assert kernels.CHOICE.kernel.name == wanted
        assert not kernels.CHOICE.untried
        assert index.search(hash_of(4)) == [(rows[4].pk, 0)]

    def test_a_wrong_byte_is_found_by_the_check_of_every_six_hours(self, index, tipline_home):
        rows = [keep(number) for number in range(6)]
        self.kept(index, index.keep)
        (path,) = (tipline_home / "index" / "test").glob("*.segment")
        path.write_bytes(path.read_bytes()[:-1] + b"x")
        self.kept(index, index.check_beside)
        assert not path.exists()
        assert index_of_test().search(hash_of(3)) == [(rows[3].pk, 0)]

    def test_a_failure_is_told_and_tried_again(self, index, tipline_home, monkeypatch):
        rows = [keep(number) for number in range(6)]
        (tipline_home / "index").write_text("no folder")
        self.kept(index, index.keep)
        assert index.search(hash_of(3)) == [(rows[3].pk, 0)]
        (tipline_home / "index").unlink()
        self.kept(index, index.keep)
        assert index.search(hash_of(3)) == [(rows[3].pk, 0)]
        assert list((tipline_home / "index" / "test").glob("*.segment"))


def test_workers_keep_the_index_of_contents():
    names = [name for name, _every, _call in recurring._calls]
    assert {"join the index", "check the index"} <= set(names)


@pytest.mark.parametrize("value", [b"", bytes(31), bytes(33)])
def test_a_hash_of_another_length_is_refused(value):
    with pytest.raises(ValueError, match="32 bytes"):
        index_of_test().search(value)


@pytest.mark.parametrize("radius", [-1, 257])
def test_so_is_a_radius_that_is_none(radius):
    with pytest.raises(ValueError, match="0 to 256"):
        index_of_test().search(bytes(32), radius)
