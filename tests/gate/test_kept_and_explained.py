"""What is kept of a decision makes the same decision again, and its explanation agrees with it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.gate.test_gate import BASE, NOW, PAPERS, POLICIES, WARRANT, decisions

from tipline.record.evidence.gate import decide
from tipline.record.evidence.rules_explained import explain
from tipline.record.evidence.rules_kept import digest_of, inputs_from, kept

INPUTS = st.builds(
    lambda inputs, papers: replace(inputs, openings=tuple(papers)),
    decisions(),
    st.lists(PAPERS, max_size=3),
)
SAMPLED = st.sampled_from(POLICIES)


@given(inputs=INPUTS, policy=SAMPLED)
def test_what_is_kept_decides_the_same_again(inputs, policy):
    made = decide(inputs, policy)
    again = decide(inputs_from(json.loads(json.dumps(kept(inputs))), inputs.now), policy)

    assert (again.rule, again.pixels, again.exif) == (made.rule, made.pixels, made.exif)
    named = [r.code for r in made.reasons if r.code != "gate.opening_does_not_hold"]
    assert [r.code for r in again.reasons if r.code != "gate.opening_does_not_hold"] == named
    assert digest_of(again) == digest_of(made)


@given(inputs=INPUTS, policy=SAMPLED)
def test_the_digest_is_that_of_inputs_answer_and_policy_and_not_of_the_instant(inputs, policy):
    made = decide(inputs, policy)
    later = decide(replace(inputs, now=inputs.now + timedelta(seconds=1)), policy)
    if (later.rule, later.pixels) == (made.rule, made.pixels):
        assert digest_of(later) == digest_of(made)
    assert digest_of(replace(made, digest="of other bytes")) != digest_of(made)
    assert digest_of(replace(made, rule="other")) != digest_of(made)
    other = replace(inputs, file="f9", openings=())
    assert digest_of(replace(made, inputs=other)) != digest_of(made)


def test_nobody_is_named_in_what_is_kept():
    paper = replace(WARRANT, approved_by="Judge Ada Example", paper=7)
    said = kept(replace(BASE, openings=(paper, replace(paper, files=frozenset({"f2"})))))

    assert "Ada" not in json.dumps(said)
    assert said["openings"] == [
        {
            "paper": 7,
            "kind": "warrant",
            "state": "granted",
            "holder": "agency-1",
            "from": (NOW - timedelta(days=1)).isoformat(),
            "until": (NOW + timedelta(days=9)).isoformat(),
            "approved": True,
        }
    ]


@given(inputs=INPUTS, policy=SAMPLED)
def test_an_explanation_has_every_row_and_the_one_that_decided(inputs, policy):
    found = explain(inputs, policy)

    assert found.decision == decide(inputs, policy)
    assert [one.row for one in found.rows] == list(policy.rules.rows)
    deciding = [one.row.rule for one in found.rows if one.decides]
    assert deciding == ([found.decision.rule] if found.decision.open else [])
    for one in found.rows:
        assert one.holds == all(question.holds for question in one.questions)
        assert {question.name for question in one.questions} == set(one.row.when)
    above = [one for one in found.rows[: _place(found)] if one.holds]
    assert above == []


def _place(found) -> int:
    return next((n for n, one in enumerate(found.rows) if one.decides), len(found.rows))
