from __future__ import annotations

from collections import Counter

import pytest

from simulator.answers import ClosingReason, NotUsefulReason, Status, agency_answer
from simulator.planning.plan import plan
from simulator.world.profiles import DEMO


@pytest.fixture(scope="module")
def truths():
    return [report.truth.as_json() for report in plan(6, 600, DEMO)]


def test_the_same_truth_gives_the_same_answer(truths):
    assert [agency_answer(t, 1) for t in truths] == [agency_answer(t, 1) for t in truths]
    assert [agency_answer(t, 1) for t in truths] != [agency_answer(t, 2) for t in truths]


def test_about_a_third_is_answered(truths):
    answered = sum(agency_answer(truth, 1) is not None for truth in truths)
    assert answered / len(truths) == pytest.approx(0.34, abs=0.06)
    assert all(agency_answer(truth, 1, response_share=1.0) for truth in truths)
    assert not any(agency_answer(truth, 1, response_share=0.0) for truth in truths)


def test_every_answer_is_a_complete_form(truths):
    seen = Counter()
    for truth in truths:
        answer = agency_answer(truth, 1, response_share=1.0)
        seen[answer.status] += 1
        assert (answer.closing_reason is None) == (answer.status is not Status.CLOSED)
        assert (answer.not_useful_reason is None) == answer.useful
        asked = answer.status in (Status.ARREST, Status.CLOSED)
        assert (answer.child_identified is not None) == asked
        assert (answer.additional_victims is not None) == (answer.status is Status.ARREST)
    assert set(seen) == set(Status)


def test_urgent_leads_further_than_viral(truths):
    urgent = [agency_answer(t, 1, 1.0) for t in truths if t["urgent"]]
    viral = [agency_answer(t, 1, 1.0) for t in truths if t["scene"] == "viral"]
    assert Status.CLOSED not in {answer.status for answer in urgent}
    assert {answer.status for answer in viral} == {Status.CLOSED}


def test_the_form_in_plain_values(truths):
    answer = agency_answer(truths[0], 1, 1.0).as_json()
    assert set(answer) == {
        "status",
        "closing_reason",
        "child_identified",
        "additional_victims",
        "self_production",
        "useful",
        "not_useful_reason",
    }
    assert len(ClosingReason) == 10
    assert len(NotUsefulReason) == 3
