"""Practice has known answers in the labels of real work."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.annotation import vocabulary
from tipline.insight.care.rules_practice import (
    AGE_OF,
    CODES,
    CONTENT_OF,
    MOST_EXERCISES,
    SIGN_OF,
    Form,
    Frame,
    exercise,
    feedback,
)

NUMBERS = st.integers(1, MOST_EXERCISES)
GIVEN = st.frozensets(st.sampled_from(sorted(CODES)))


def test_its_labels_are_those_that_analysts_may_set():
    in_force = {label.code: label for label in vocabulary.own().in_force}

    assert in_force.keys() >= CODES
    assert {in_force[code].group for code in CONTENT_OF.values()} == {"content"}
    assert {in_force[code].group for code in SIGN_OF.values()} == {"act"}
    assert {in_force[code].group for code in AGE_OF.values()} == {"age"}


@given(NUMBERS)
def test_a_number_is_one_picture_with_one_answer(number):
    one = exercise(number)

    assert one == exercise(number)
    assert CONTENT_OF[one.form] in one.answer <= CODES
    assert len(one.answer & set(CONTENT_OF.values())) == 1
    assert bool(one.dots) is (one.form in {Form.SQUARE, Form.TRIANGLE})
    assert 0 <= one.hue < 360


def test_soon_everything_comes():
    shown = [exercise(number) for number in range(1, 200)]

    assert {one.form for one in shown} == set(Form)
    assert {one.frame for one in shown} == set(Frame)
    assert {one.dots for one in shown} == {0, *AGE_OF}


@given(NUMBERS, GIVEN)
def test_feedback_accounts_for_everything_once(number, said):
    one = exercise(number)
    found = feedback(one, said)

    assert found.right | found.extra == said
    assert found.right | found.missed == one.answer
    assert found.right.isdisjoint(found.missed | found.extra)
    assert found.perfect is (said == one.answer)
