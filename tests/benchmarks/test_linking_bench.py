"""``bench linking``: its arithmetic, and a small store that is filled, linked and compared."""

from __future__ import annotations

import json

from benchmarks.linking import inside
from benchmarks.linking.bench import result
from tipline.insight.entities.linking import subjects_of
from tipline.insight.entities.models import BlockingKey, Link
from tipline.insight.entities.scoring.rules import Frequencies, score
from tipline.insight.entities.scoring.rules_model import shipped
from tipline.record.reports.models import Report

SIZE, NEW, SEED = 120, 70, 3


def link_row(database="sqlite", reports=100, **changes):
    told = {
        "what": "link", "database": database, "reports": reports, "new": 50,
        "candidates_each": 2.0, "links_each": 1.0, "row_p50_ms": 1.0, "row_p99_ms": 4.0,
        "bare_p50_ms": 2.0, "bare_p99_ms": 5.0,
        "link_p50_ms": 5.0, "link_p99_ms": 20.0, "everybodys_p50_ms": 6.0,
        "everybodys_p99_ms": 30.0, "derived_p50_ms": 3.0, "derived_p99_ms": 9.0,
        "link_cpu_p50_ms": 1.0, "link_cpu_p99_ms": 2.0,
    }  # fmt: skip
    return {**told, **changes}


SPLINK = {"what": "splink", "reports": 100, "p50_ms": 500.0, "p99_ms": 700.0, "predict_per_s": 9}


def test_figures_are_held_against_the_bare_insert_and_splink_of_the_same_size():
    found = result([SPLINK, link_row(), link_row(reports=10_000, link_p50_ms=8.0)])
    assert found.ratios["sqlite, 100: link, to its bare insert"] == 2.5
    assert found.ratios["sqlite, 100: link, to one row into an empty table"] == 5
    assert found.ratios["sqlite, 100: Splink's predict_between, to ours"] == 100
    assert "sqlite, 10,000: Splink's predict_between, to ours" not in found.ratios
    assert found.ratios["sqlite: link, 10,000 to 100 subjects"] == 1.6
    assert found.met["sqlite, 100: <= 3x its bare insert at p50"]
    assert not found.met["sqlite, 10,000: <= 3x its bare insert at p50"]
    assert "NOT MET sqlite, 10,000" in found.text


def test_weights_and_pairs_are_splinks_or_it_says_so():
    agree = {"what": "agree", "database": "sqlite", "reports": 100, "pairs": 7, "found": 7,
             "largest": 2e-7, "scored_per_s": 9_000}  # fmt: skip
    assert all(result([agree]).met.values())
    assert not any(result([{**agree, "found": 6, "largest": 2e-6}]).met.values())


def test_a_store_is_filled_and_new_reports_are_linked_in_it(db, tipline_home, tmp_path):
    told = inside.filled(SIZE, NEW, SEED)
    assert (told["reports"], Report.objects.count()) == (SIZE, SIZE)
    assert told["keys"] == BlockingKey.objects.count()
    found = inside.linked(SIZE, NEW, SEED)
    assert found["new"] == NEW - inside._WARM
    assert found["links_each"] > 0
    assert Link.objects.filter(high__gt=SIZE).exists()
    assert found["links_each"] * found["new"] <= Link.objects.count()  # what is bare went again
    kinds = ("row", "bare", "link", "derived", "everybodys")
    assert all(found[f"{name}_p50_ms"] > 0 for name in kinds)
    row = Link.objects.filter(high__gt=SIZE).first()
    subjects = subjects_of([row.low_id, row.high_id])
    pieces = score(
        subjects[row.high_id].whole, subjects[row.low_id].whole, shipped(), Frequencies()
    ).evidence
    weight = sum(piece.bits for piece in pieces)
    file = tmp_path / "pairs.json"
    file.write_text(json.dumps([(row.high_id, row.low_id, weight), (row.high_id, 1, weight + 1)]))
    agreed = inside.agreed(SIZE, NEW, SEED, str(file))
    assert agreed["pairs"] == 2
    assert agreed["found"] >= 1
    assert agreed["largest"] > 1e-6


def test_all_history_stands_beside_splinks_predict():
    peer = {"what": "splink", "reports": 100, "p50_ms": 400.0, "p99_ms": 500.0}
    batch = {"what": "batch", "engine": "local", "database": "sqlite", "reports": 100}
    found = result(
        [
            {**peer, "predict_per_s": 1000},
            {**batch, "compared": 50, "links": 5, "seconds": 0.1, "per_s": 500},
        ]
    )
    assert found.ratios == {"local, sqlite, 100: pairs a second, to Splink's predict": 0.5}
    assert "50 pairs in 0 s" in found.text
