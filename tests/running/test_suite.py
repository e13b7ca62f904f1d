"""The test command: its last line, its environment, its private PostgreSQL."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import psycopg
import pytest
from tests import postgres, shares, suite
from tests.postgres import NoPostgresError


@pytest.mark.parametrize(
    ("counts", "seconds", "line"),
    [
        ({"passed": 812}, 30.123, "== 812 passed in 30.12s =="),
        ({"passed": 3, "failed": 1, "error": 1}, 1, "== 1 failed, 3 passed, 1 error in 1.00s =="),
        (
            {"passed": 3, "skipped": 2, "error": 2},
            5,
            "== 3 passed, 2 skipped, 2 errors in 5.00s ==",
        ),
        ({"passed": 1}, 3725.5, "== 1 passed in 3725.50s (1:02:05) =="),
        ({}, 0.5, "== no tests ran in 0.50s =="),
    ],
)
def test_the_last_line_reads_like_pytests(counts, seconds, line):
    assert suite.closing_line(counts, seconds) == line


def test_two_runs_add_up():
    whole = suite.Outcome(Counter(passed=3), Counter({"no x": 1}))
    whole.add(suite.Outcome(Counter(passed=2, failed=1), Counter({"no x": 2})))

    assert whole.counts == {"passed": 5, "failed": 1}
    assert whole.skipped == {"no x": 3}
    assert whole.failed


def test_the_settings_of_a_deployment_do_not_reach_the_tests(monkeypatch, tmp_path):
    monkeypatch.setenv("TIPLINE_DATABASE_URL", "postgresql://live")
    monkeypatch.setenv("TIPLINE_HOME", "/live")
    monkeypatch.setenv("TIPLINE_TEST_DATABASE_URL", "postgresql://test")

    environment = suite.clean_environment(tmp_path)

    assert "TIPLINE_DATABASE_URL" not in environment
    assert environment["TIPLINE_HOME"] == str(tmp_path / "home")
    assert environment["TIPLINE_TEST_DATABASE_URL"] == "postgresql://test"


@pytest.mark.parametrize("may_write", [True, False])
def test_processes_that_tests_start_share_their_byte_code(monkeypatch, tmp_path, may_write):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    monkeypatch.setattr(suite.os, "access", lambda *_: may_write)
    kept = suite.KEPT if may_write else tmp_path / "bytecode"

    environment = suite.clean_environment(tmp_path)

    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert Path(environment["PYTHONPYCACHEPREFIX"]) == kept


def test_ci_may_skip_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("CI", "true")

    assert suite.clean_environment(tmp_path)["TIPLINE_TEST_SKIP_NOTHING"] == "1"


@pytest.mark.parametrize(
    ("nodeid", "room"),
    [("tests/triage/test_a.py::test_x[a/b]", "triage"), ("tests/test_a.py::test_x", "tests")],
)
def test_time_is_booked_to_the_room(nodeid, room):
    assert shares.room_of(nodeid) == room


def test_wrong_binaries_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_BIN", str(tmp_path))

    with pytest.raises(NoPostgresError, match="PG_BIN"):
        postgres.find_binaries()


@pytest.mark.parametrize(("durable", "fsync"), [(False, "off"), (True, "on")])
def test_a_private_postgresql_starts_and_goes(durable, fsync):
    with postgres.running(durable=durable) as server:
        folder = server.partition("host=")[2].partition("&")[0]
        with postgres.database(server, "an odd name") as url, psycopg.connect(url) as connection:
            row = connection.execute(
                "SELECT current_database(), current_setting('fsync'),"
                " current_setting('listen_addresses'), current_setting('server_encoding')"
            ).fetchone()

    assert row == ("an odd name", fsync, "", "UTF8")
    assert not Path(folder).exists()
