"""Who reported before reporters were sealed is sealed by the upgrade, on the disk too."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from tests.crash.canary import Canary
from tests.reports.old_store import ESP, HARBOR, RAW, person

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.both_databases


@pytest.fixture
def run(empty_database, tmp_path):
    """``run("old", name)``: the last line that the process said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIPLINE_")}
    environment = {
        **kept,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "TIPLINE_HOME": str(tmp_path / "home"),
        "TIPLINE_DATABASE_URL": empty_database,
        "TMPDIR": str(tmp_path),
    }

    def start(*words: str) -> str:
        command = [sys.executable, "-m", "tests.reports.old_store", *words]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()[-3000:]
        return done.stdout.decode().strip().rpartition("\n")[2]

    return start


@pytest.fixture
def on_disk(empty_database, tmp_path):
    """The folders in which this database keeps its tables; what it holds in memory is written."""

    def folders() -> tuple[Path, ...]:
        parts = urlsplit(empty_database)
        if parts.scheme == "sqlite":
            return (tmp_path,)
        with psycopg.connect(empty_database, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            words = "SELECT oid FROM pg_database WHERE datname = current_database()"
            (oid,) = connection.execute(words).fetchone()
        return (Path(parse_qs(parts.query)["host"][0]) / "data" / "base" / str(oid),)

    return folders


def test_an_upgrade_seals_who_reported_before(run, on_disk):
    canary = Canary()
    name = canary.text.decode()
    run("old", name)
    assert canary.found_below(*on_disk())[0]  # in the clear until now
    said = run("new", name)

    assert canary.found_below(*on_disk())[0] == []
    assert run("new", name) == said  # the next start changes nothing
    now = json.loads(said)
    documents(now, name)
    derived(now)
    digests(now, name)


def documents(now, name):
    rita, caller, provider, gone = now["documents"]
    given = ["firstName", "phone", "email", "address"]
    assert rita["reporter"] == {"reportingPerson": {}, "sealed": {"reportingPerson": given}}
    assert rita["personOrUserReported"] == [{"screenName": "blue.kite"}]
    assert caller == {"reporter": {"reportingPerson": {}}}
    assert (provider, gone) == (ESP, {})
    assert now["identities"] == [{"reportingPerson": person(name)}, {}, {}, {}]
    assert [warning["message"] for warning in now["warnings"][0]] == [
        "Sealed together with the reporter."
    ]


def derived(now):
    """The suspect's identifiers and the providers' stay; of the reporter a state is left."""
    assert now["identifiers"] == [
        ["public", "suspect"], ["ispws", "reporter"], ["ispws", "suspect"],
    ]  # fmt: skip
    (of_reporter, of_suspect), _, (kept, _), _ = now["evidence"]
    assert (of_reporter["value"], of_suspect["value"]) == ("", "Fresno")
    place = of_reporter["place"]
    assert (place["state"], place["county"], place["city"]) == ("TX", "", "")
    assert (kept["value"], kept["place"]["city"]) == (HARBOR, HARBOR)


def digests(now, name):
    """None is left by which a telephone number could be tried."""
    plain, harbor = (hashlib.sha256(RAW % one.encode()).hexdigest() for one in (name, HARBOR))
    first, again, caller, provider, gone = now["submissions"]
    assert first == ["public", "opened", first[2], first[2]]
    assert again == ["public", "duplicate", first[2], None]
    assert caller[2] == caller[3]
    assert provider == ["ispws", "opened", harbor, harbor]
    assert gone == ["phone", "opened", "", None]
    assert plain not in (first[2], caller[2])
    assert now["digests"] == ["", hashlib.sha256(HARBOR.encode()).hexdigest()]
