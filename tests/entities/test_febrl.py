"""FEBRL 3 and 4 through our scorer: a regression test of sum and ladders, no proof of quality.

Weights are learned from the same records without looking at whose they are
(``golden/make_febrl_golden.py``), pairs are told by points alone, before any clustering. A naive
rule reaches 0.999 on FEBRL 4, too: see the reference on entity matching, section 3.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.entities import febrl

from tipline.insight.entities.scoring.rules import Frequencies, score
from tipline.insight.entities.scoring.rules_model import read_model

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(("which", "least"), [(3, 0.99), (4, 0.999)])
def test_pairs_of_one_person_are_told_from_others(which, least):
    found = febrl.records(which)
    assert febrl.true_pairs(found) == febrl.TRUE_PAIRS[which]
    file = GOLDEN / f"febrl-{which}.toml"
    model = read_model(file.read_bytes(), file.name)
    needed = model.rules.needed(len(found))
    told = [
        found[a].person == found[b].person
        for a, b in febrl.meeting(found, which)
        if score(found[a].subject, found[b].subject, model, Frequencies()).points >= needed
    ]
    right, true = sum(told), febrl.TRUE_PAIRS[which]
    precision, recall = right / len(told), right / true
    assert 2 * precision * recall / (precision + recall) >= least, (precision, recall)
    assert precision >= 0.999
