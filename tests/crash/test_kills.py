"""Nothing acknowledged is lost, nothing is done twice, nothing stays half-done (T1, T14)."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest
from tests.crash.canary import Canary
from tests.crash.processes import Deployment
from tests.crash.storm import Storm, Told, plan_of

from tipline.ground.foundation.killpoints import KILL_POINTS

pytestmark = [
    pytest.mark.crash,
    pytest.mark.both_databases,
    pytest.mark.xdist_group("crash"),
]


def storm(deployment: Deployment, *, rounds: int, randoms: int, seed: int, most: int) -> Told:
    told = Storm(deployment, plan_of(rounds, randoms, seed), seed=seed, most=most).run()
    if figures := os.environ.get("TIPLINE_TEST_FIGURES"):
        with Path(figures).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"storm": asdict(told)}) + "\n")
    return told


def check(told: Told, kills: int) -> None:
    assert told.findings["lost"] == []
    assert told.findings["doubled"] == []
    assert told.findings["half_done"] == []
    assert told.findings["damaged"] == []
    assert told.books["balanced"]
    assert told.ledger["ok"]
    assert told.ledger["unsealed"] == 0
    assert told.canary_hits == []
    assert told.searched > 0
    assert KILL_POINTS - set(told.kills) == frozenset()
    assert sum(told.kills.values()) == kills
    assert told.findings["finished"] > 0
    assert told.findings["read_back"] > 0


def test_a_storm_of_24_kills(deployment: Deployment) -> None:
    check(storm(deployment, rounds=1, randoms=5, seed=24, most=600), 24)


@pytest.mark.proof
def test_a_storm_of_200_kills(deployment: Deployment) -> None:
    check(storm(deployment, rounds=9, randoms=29, seed=200, most=6000), 200)


@pytest.mark.parametrize("form", range(14))
def test_the_search_finds_the_canary_in_every_form(tmp_path: Path, form: int) -> None:
    canary = Canary()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "wal").write_bytes(b"\0" * 5000 + canary.forms[form] + b"\0")
    (tmp_path / "clean").write_bytes(b"canary" * 100)
    assert canary.found_below(tmp_path) == (["wal"], 2)
