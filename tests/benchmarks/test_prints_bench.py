"""The benchmarks of fingerprints: what they count, on generated pictures, and what they answer."""

from __future__ import annotations

import json

import pytest
from tests.matching.shapes import scene

from benchmarks import sources
from benchmarks.hashing import bench as hashing
from benchmarks.robustness import bench as robustness
from benchmarks.robustness.edits import edits
from benchmarks.robustness.measured import known, measure, unrelated
from benchmarks.sources import Picture
from tipline.insight.matching.hashes import CUTS

EDITS = {edit.name: edit for edit in edits()}
STORED = [known(Picture(f"scene {seed}", "", scene(seed))) for seed in (1, 3, 6)]


def test_each_edit_makes_a_file_of_its_own():
    assert len(EDITS) == len(edits()) > 80
    assert sum(edit.expected is not None for edit in edits()) >= 60
    files = {edit.saved(scene(2, 96, 128)) for edit in edits()}
    assert len(files) >= len(EDITS) - 2  # of a picture so small some come out alike


def test_what_is_stored_of_confirmed_material():
    assert {one.variant for one in STORED[0].confirmed} == {"", *CUTS}
    assert known(Picture("flat", "", scene(1) // 50)) is None


@pytest.mark.parametrize(
    ("name", "bare", "helped", "confirmed", "way"),
    [
        ("JPEG quality 80", 1, 1, 1, "as it stands"),
        ("flip left right", 0, 1, 1, "turned"),
        ("negative", 0, 1, 1, "negative"),
        ("letterbox 10 %", 0, 1, 1, "trimmed"),
        ("centre crop 8 %", 0, 0, 1, "centre"),
        ("caption bar 15 %", 0, 0, 0, None),
    ],
)
def test_shares_are_counted_by_what_helped(name, bare, helped, confirmed, way):
    row = measure(EDITS[name], STORED)
    assert (row.bare, row.helped, row.confirmed) == (bare, helped, confirmed)
    assert dict(row.ways) == ({way: 3} if way else {})


def test_pictures_of_one_source_are_no_unrelated_pair():
    apart = unrelated([*STORED, known(Picture("scene 1", "part", scene(1)))])
    assert apart.pairs == 4 * 3 - 2
    assert apart.nearest_bare > 31
    assert apart.false == []


def test_robustness_answers_and_says_what_was_missed():
    rows = [robustness._row(EDITS[name], STORED, STORED) for name in ("grey", "negative")]
    rows[1]["confirmed"] = 0.2
    told = robustness.result(rows, unrelated(STORED), photographs=3)
    assert told.met["grey: at least 100% recognised"]
    assert not told.met["negative: at least 100% recognised"]
    assert not told.met["at least 60 photographs"]
    assert "negative: at least 100% recognised" in told.text
    assert json.loads(json.dumps(told.as_json()))["name"] == "robustness"


def hashing_row(**changes):
    row = {
        "pixels": 512, "peer": 4.0, "ours": 1.0, "eight": 1.2, "decoding": 0.7, "child": 1.9,
        "ratio": 4.0, "ratio_eight": 3.3, "route": "draft-luma-1024", "bits": 0, "most_bits": 2,
        "most_bits_of_full": 0,
    }  # fmt: skip
    return row | changes


@pytest.mark.parametrize(
    ("changes", "met"),
    [({}, True), ({"ratio": 2.4}, False), ({"most_bits_of_full": 1}, False)],
)
def test_hashing_says_what_was_met_and_what_limits_it(changes, met):
    told = hashing.result([hashing_row(**changes)])
    assert all(told.met.values()) is met
    assert "decoding the JPEG is 70% of our time" in told.text
    assert told.ratios == {"peer to ours at 512": hashing_row(**changes)["ratio"]}


def test_without_its_packages_a_benchmark_says_what_to_install(monkeypatch):
    monkeypatch.setattr(sources.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ValueError, match="bench set"):
        hashing.run([])
