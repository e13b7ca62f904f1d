"""What SQLite's memory tells of commits: each one, at once, and what a half-read cursor hides."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest
from django.db import connection, connections
from django.db.models import Q
from tests.matching.asking import linux_only
from tests.matching.test_index_following import hash_of, in_a_thread, index_of_test, keep

from tipline.insight.matching.index import commits
from tipline.insight.matching.index.commits import Sight
from tipline.insight.matching.index.table import TableFeed
from tipline.insight.matching.models import Fingerprint

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]

ELSEWHERE = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as other:
    other.execute("DELETE FROM matching_fingerprint WHERE version = '0'")
    other.execute("UPDATE matching_fingerprint SET version = version")
"""


@pytest.fixture(params=["memory", "question"])
def sight(request, monkeypatch):
    """One that reads SQLite's memory, and one that asks."""
    if request.param == "question":
        monkeypatch.setattr(commits, "_mapped", lambda path: None)
    connection.ensure_connection()
    sight = Sight(connection)
    by_question = getattr(sight.committed, "__name__", "") == "_by_question"
    assert by_question is (request.param == "question" or sys.platform != "linux")
    yield sight
    sight.close()


def test_it_is_the_same_until_somebody_commits(sight):
    before = sight.committed()
    Fingerprint.objects.count()
    assert sight.committed() == before
    keep(1)
    assert sight.committed() != before


def test_each_commit_changes_it_whoever_made_it(sight):
    told = [sight.committed()]
    for number in range(1, 20):
        in_a_thread(lambda number=number: keep(number)) if number % 2 else keep(number)
        told.append(sight.committed())
    subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(connection.settings_dict["NAME"])], check=True
    )
    told.append(sight.committed())
    assert len(set(told)) == len(told)


def test_a_checkpoint_that_empties_the_log_hides_nothing(sight):
    keep(1)
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = sight.committed()
    keep(2)
    assert sight.committed() != before


def test_a_half_read_cursor_hides_no_commit():
    index = index_of_test()
    for number in range(1, 5):
        keep(number)
    assert index.search(hash_of(99)) == []
    for turn, _row in enumerate(Fingerprint.objects.iterator(1)):
        key = in_a_thread(lambda turn=turn: keep(99 + turn).pk)
        assert index.search(hash_of(99 + turn)) == [(key, 0)]


def test_another_connection_has_a_sight_of_its_own():
    feed = TableFeed(Fingerprint, "value", Q(hasher="test"))
    before = feed.mark()
    assert feed.mark() == before
    connection.close()
    connection.ensure_connection()
    assert feed.mark() != before
    assert feed.mark()[0] is connection.connection


@linux_only
class TestWhereItIsNotFound:
    def test_a_database_in_memory_is_asked(self):
        other = connections["default"].copy()
        other.settings_dict["NAME"] = ":memory:"
        other.ensure_connection()
        sight = Sight(other)
        assert sight.database is other
        assert sight.committed.__name__ == "_by_question"
        other.close()

    def test_so_is_one_without_a_log_of_writes(self, tmp_path):
        other = connections["default"].copy()
        other.settings_dict["NAME"] = str(tmp_path / "plain.sqlite3")
        other.settings_dict["OPTIONS"] = {}
        other.ensure_connection()
        sight = Sight(other)
        before = sight.committed()
        with sqlite3.connect(tmp_path / "plain.sqlite3") as third:
            third.execute("CREATE TABLE one (a)")
        assert sight.committed.__name__ == "_by_question"
        assert sight.committed() != before
        sight.close()
        other.close()
