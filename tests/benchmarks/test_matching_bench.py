"""``bench matching``: its hashes, its arithmetic, and a small run with whoever is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.matching import bench, contenders, measured
from benchmarks.matching.hashes import clustered_values, planted, random_values
from benchmarks.matching.measured import ACCELERATED, FLAT, MANY, MULTI, ONE, PLAIN, Told

ROOT = Path(__file__).resolve().parents[2]


def bits_between(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def test_neighbours_are_planted_at_each_distance_and_the_worst_ones_last():
    values = random_values(1_500, 1)
    found = planted(values, 2)
    assert [each.distance for each in found[:64]] == [*range(32), *range(32)]
    assert {each.distance for each in found[-128:]} == {31}
    assert len(found) == 32 * 32 + 128
    assert all(
        bits_between(each.value, values[each.row].tobytes()) == each.distance for each in found
    )


def test_the_worst_ones_have_one_flip_in_a_single_band():
    from tipline.insight.matching.index.layout import shuffled

    values = random_values(1_500, 1)
    for each in planted(values, 2)[-128:]:
        differing = (shuffled(each.value) ^ shuffled(values[each.row].tobytes())).view(np.uint16)
        assert sorted(np.bitwise_count(differing[0]).tolist()) == [1] + [2] * 15


def test_clusters_are_near_to_themselves():
    values = clustered_values(1_000, 3)
    assert values.shape == (1_000, 32)
    apart = np.bitwise_count(values[:, None] ^ values[:200]).sum(2, np.int64)
    near = (apart <= 60).sum(0) - 1
    assert 20 < (near > 0).sum() < 200
    assert near.max() > 10


def test_a_plain_scan_finds_what_was_planted():
    values = random_values(2_000, 1)
    scan = contenders.Scan("scan", values)
    wanted = planted(values, 2)[:100]
    assert measured._recall(scan, wanted) == 1.0
    truth = [measured._scanned(each.value, values) for each in wanted]
    assert measured._wrong(scan, wanted, truth) == 0
    assert measured._wrong(scan, wanted, [{}, *truth[1:]]) == 1


def test_a_peer_that_is_absent_or_too_small_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(contenders.MissingError, match="faiss-cpu is not installed"):
        contenders.Faiss("flat", random_values(10, 1), "flat")
    monkeypatch.setattr(contenders.PdqIndex, "MOST", 9)
    with pytest.raises(contenders.MissingError, match="not built beyond 9"):
        contenders.PdqIndex("pdq", random_values(10, 1))


def told(name, one, many, *, size=1_000_000, recall=1.0, wrong=0, bytes_each=134.0) -> Told:
    micros = {ONE: one, MANY: many}
    return Told(size, "random", name, micros, bytes_each, 1.0, recall, wrong)


class TestResult:
    def test_a_ratio_is_to_the_best_peer_that_finds_everything(self):
        rows = [
            told(ACCELERATED, 20.0, 10.0),
            told(FLAT, 1_200.0, 1_100.0),
            told(MULTI, 900.0, 800.0, recall=0.99),
        ]
        found = bench.result(rows, [])
        assert found.ratios == {
            f"1,000,000 random, {ACCELERATED}, one question": 60.0,
            f"1,000,000 random, {ACCELERATED}, a picture's 16": 110.0,
        }
        assert all(found.met.values())
        assert len(found.met) == 4
        assert "NOT MET" not in found.text

    def test_what_was_not_met_is_said(self):
        rows = [told(PLAIN, 500.0, 500.0, wrong=1, bytes_each=137), told(FLAT, 1_000.0, 1_000.0)]
        found = bench.result(rows, [{"name": PLAIN, "micros_after_commit": 5.0, "seen": 0.99}])
        assert not any(found.met.values())
        assert found.text.count("NOT MET") == 5

    def test_without_peers_there_is_no_ratio(self):
        absent = Told(1_000_000, "random", FLAT, {}, 0.0, 0.0, float("nan"), 0, "not installed")
        found = bench.result([told(ACCELERATED, 20.0, 10.0), absent], [])
        assert found.ratios == {}
        assert "not installed" in found.text
        assert found.as_json()["rows"][1]["micros_one"] is None


def test_the_command():
    """A small run in a home of its own; peers that are absent are named in its rows."""
    words = [sys.executable, "-P", "-m", "benchmarks", "matching", "--quick", "--json"]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    rows = {(row["name"], row.get("hashes")): row for row in found["rows"]}
    ours = rows[PLAIN, "random"]
    assert (ours["recall"], ours["wrong"]) == (1.0, 0)
    assert ours["micros_picture"] < ours["micros_one"]
    assert rows[PLAIN, None]["seen"] == 1.0
    assert found["met"][f"3,000 clustered, {PLAIN}: recall 100 %, nothing else"]
    assert (FLAT, "random") in rows
