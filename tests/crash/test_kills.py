"""Nothing acknowledged is lost, nothing is done twice, nothing stays half-done (T1, T14)."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest
from tests.crash.canary import Canary
from tests.crash.office import Office
from tests.crash.processes import ROOT
from tests.crash.storm import HALVES, STORM_POINTS, TERM, Life, Plan, Storm, Told, plan_of

from tipline.ground.foundation.killpoints import KILL_POINTS

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]


def storm(office: Office, plan: Plan, *, seed: int, most: int) -> Told:
    told = Storm(office, plan, seed=seed, most=most).run()
    if figures := os.environ.get("TIPLINE_TEST_FIGURES"):
        with Path(figures).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(told)) + "\n")
    return told


def check(told: Told, ends: int) -> None:
    assert told.findings["lost"] == []
    assert told.findings["doubled"] == []
    assert told.findings["half_done"] == []
    assert told.findings["damaged"] == []
    assert told.books["balanced"]
    assert told.ledger["ok"]
    assert told.ledger["unsealed"] == 0
    assert told.canary_hits == []
    assert told.searched > 0
    # A server's next child may reach its point before the whole server is ended: one more.
    assert sum(told.kills.values()) >= ends
    assert told.findings["finished"] > 0
    assert told.findings["read_back"] > 0


@pytest.mark.both_databases
def test_a_storm_over_half_of_the_points(office: Office) -> None:
    """One half on SQLite and the other on PostgreSQL: a run of the suite dies at each point."""
    points = HALVES[os.environ.get("TIPLINE_TEST_DATABASE") == "postgresql"]
    told = storm(office, plan_of(1, 2, seed=24, points=points), seed=24, most=600)
    check(told, len(points) + 2)
    assert points - set(told.kills) == frozenset()


def test_the_halves_are_all_points() -> None:
    assert HALVES[0] | HALVES[1] == STORM_POINTS
    assert abs(len(HALVES[0]) - len(HALVES[1])) <= 2


@pytest.mark.both_databases
@pytest.mark.proof
def test_a_storm_of_200_kills(office: Office) -> None:
    told = storm(office, plan_of(9, 20, seed=200), seed=200, most=6000)
    check(told, 200)
    assert STORM_POINTS - set(told.kills) == frozenset()


@pytest.mark.both_databases
@pytest.mark.proof
def test_a_hundred_polite_restarts_under_load(office: Office) -> None:
    plan = Plan(web=[Life(TERM)] * 50, worker=[Life(TERM)] * 50, answers=[])
    check(storm(office, plan, seed=100, most=6000), 100)


def test_every_kill_point_is_passed_somewhere_in_the_product() -> None:
    source = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    assert [name for name in KILL_POINTS if f'kill_point("{name}")' not in source] == []


@pytest.mark.parametrize("form", range(14))
def test_the_search_finds_the_canary_in_every_form(tmp_path: Path, form: int) -> None:
    canary = Canary()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "wal").write_bytes(b"\0" * 5000 + canary.forms[form] + b"\0")
    (tmp_path / "clean").write_bytes(b"canary" * 100)
    assert canary.found_below(tmp_path) == (["wal"], 2)
