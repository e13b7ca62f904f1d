"""Gwet's AC1 against published examples, and what holds of it always."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.rules_agreement import LEAST_PAIRS, _t, agreement

COUNTS = st.tuples(*[st.integers(0, 60)] * 4).map(lambda n: ((n[0], n[1]), (n[2], n[3])))


def test_the_published_example_of_three_categories():
    """100 abstracts rated by two abstractors: data set and figures of Gwet's package irrCAC."""
    found = agreement([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    assert (found.pairs, found.same) == (100, 89)
    assert found.ac1 == pytest.approx(0.8493305, abs=1e-7)
    assert found.interval == pytest.approx((0.764, 0.935), abs=5e-4)


def test_a_rare_label_on_which_people_agree():
    """The table for which kappa is -0.02, though 118 of 125 agree (Gwet 2002)."""
    found = agreement([[118, 5], [2, 0]])
    assert found.ac1 == pytest.approx(0.9408, abs=5e-5)
    assert found.interval is not None
    assert found.interval[0] < 0.9408 < found.interval[1] <= 1


def test_nothing_and_little():
    assert agreement([[0, 0], [0, 0]]).ac1 is None
    few = agreement([[LEAST_PAIRS - 1, 0], [0, 0]])
    assert (few.ac1, few.interval) == (1.0, None)
    assert agreement([[LEAST_PAIRS, 0], [0, 0]]).interval == (1.0, 1.0)


@given(COUNTS)
def test_it_stays_in_bounds_and_does_not_ask_who_was_first_or_what_yes_means(counts):
    found = agreement(counts)
    (a, b), (c, d) = counts
    if found.ac1 is None:
        assert found.pairs == 0
        return
    assert -1 <= found.ac1 <= 1
    assert (found.ac1 == pytest.approx(1)) == (b + c == 0)
    for other in (((a, c), (b, d)), ((d, c), (b, a))):
        assert agreement(other).ac1 == pytest.approx(found.ac1)
    if found.interval is not None:
        low, high = found.interval
        assert -1 <= low <= found.ac1 + 1e-9
        assert found.ac1 - 1e-9 <= high <= 1


@pytest.mark.parametrize(("freedom", "quantile"), [(9, 2.2622), (30, 2.0423), (99, 1.9842)])
def test_student_s_t(freedom, quantile):
    assert _t(0.975, freedom) == pytest.approx(quantile, abs=2e-3)
