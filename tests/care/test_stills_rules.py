"""Few frames stand for a film, evenly spread."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.care.rules_stills import MOST_STILLS, chosen, clock_words

TIMES = st.lists(st.integers(0, 10_000_000), unique=True, max_size=700).map(sorted)


@given(TIMES, st.integers(1, MOST_STILLS))
def test_few_of_them_in_order_with_the_first(times, most):
    found = chosen(times, most)

    assert len(found) == min(len(times), most)
    assert list(found) == sorted(set(found))
    assert set(found) <= set(times)
    assert found[:1] == tuple(times[:1])


@given(st.integers(1, 600))
def test_they_are_spread_evenly(number):
    places = chosen(range(number))
    gaps = {later - earlier for earlier, later in pairwise(places)}

    assert not gaps or max(gaps) - min(gaps) <= 1


@pytest.mark.parametrize(
    ("at_ms", "words"), [(0, "0:00"), (999, "0:00"), (65_000, "1:05"), (3_605_000, "1:00:05")]
)
def test_a_time_is_written_as_people_do(at_ms, words):
    assert clock_words(at_ms) == words
