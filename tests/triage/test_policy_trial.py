"""One report under two policies, and the sums: pure."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from tests.triage.policies import policies
from tests.triage.reports import features

from tipline.insight.triage import rules
from tipline.insight.triage.features import Cue, CueKind, Features
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.publication.rules_trial import (
    MOST_MOVERS,
    add,
    compare,
    empty,
)
from tipline.insight.triage.rules_types import Band

NOW = datetime(2026, 11, 1, tzinfo=UTC)
POLICY = default_policy()


def other(**points):
    """The shipped policy with other points for danger."""
    danger = replace(POLICY.rules.danger, points={**POLICY.rules.danger.points, **points})
    return replace(POLICY, version="x", rules=replace(POLICY.rules, danger=danger))


@given(facts=features(), old=policies(), new=policies())
def test_a_comparison_says_what_each_policy_says(facts, old, new):
    moved = compare(facts, (), NOW, old, new)
    for side, policy in ((moved.old, old), (moved.new, new)):
        assert side.danger == rules.danger(facts, policy)
        assert side.disposition == rules.disposition(facts, policy).code
    assert moved.crosses == (moved.new.danger.band is Band.URGENT) - (
        moved.old.danger.band is Band.URGENT
    )
    same = compare(facts, (), NOW, old, old)
    assert (same.by, same.crosses, same.band_moves, same.disposition_moves) == (0, 0, False, False)


@given(st.lists(features(), max_size=12), policies(), policies(), st.integers(0, 12))
def test_sums_are_the_same_in_any_pages(facts, old, new, cut):
    moved = [(number, compare(one, (), NOW, old, new)) for number, one in enumerate(facts, 1)]
    whole = add(empty(), moved)
    paged = add(json.loads(json.dumps(add(empty(), moved[:cut]))), moved[cut:])
    assert paged == whole
    assert sum(whole["matrix"].values()) == whole["tried"] == len(facts)
    diagonal = sum(n for cell, n in whole["matrix"].items() if len(set(cell.split(">"))) == 1)
    assert whole["moved"] == whole["tried"] - diagonal
    up = sum(n for cell, n in whole["matrix"].items() if cell.endswith(">urgent"))
    assert whole["urgent_up"] == up - whole["matrix"].get("urgent>urgent", 0)


def test_movers_are_the_largest_and_those_that_cross_the_urgent_line_come_first():
    small = Features(victim_present=True)
    crossing = Features(annotations=frozenset({"sextortion"}))
    rules_new = replace(other(victim=55).rules, also_urgent=("sextortion",))
    new = replace(POLICY, version="x", rules=rules_new)
    moved = [(n, compare(small, (), NOW, POLICY, new)) for n in range(1, 150)]
    moved.append((150, compare(crossing, (), NOW, POLICY, new)))
    moved.append((151, compare(Features(), (), NOW, POLICY, new)))
    sums = add(empty(), moved)
    assert len(sums["movers"]) == MOST_MOVERS
    assert [mover["number"] for mover in sums["movers"][:3]] == [150, 1, 2]
    assert sums["movers"][1]["danger"] == [20, 55]
    assert sums["movers"][1]["band"] == ["medium", "high"]
    assert sums["movers"][1]["reasons"] == [
        {"code": "triage.victim", "points": [20, 55], "params": {}}
    ]
    assert (sums["tried"], sums["moved"], sums["urgent_up"], sums["urgent_down"]) == (
        151,
        150,
        1,
        0,
    )


def test_a_report_whose_facts_are_not_kept_is_counted_apart():
    assert add(empty(), [(1, None)]) == {**empty(), "without_facts": 1}


def test_no_words_of_a_report_are_kept():
    cue = Cue(CueKind.TRAVEL, "words of a child", "/report", "en", "incident")
    sums = add(
        empty(), [(1, compare(Features(cues=(cue,)), (), NOW, POLICY, other(cue_travel=90)))]
    )
    assert sums["movers"][0]["reasons"][0]["code"] == "triage.cue_travel"
    assert "words of a child" not in json.dumps(sums)
