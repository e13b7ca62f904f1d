"""Where a share lies of which some cases were counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.rules_share import wilson, wilson_of


@pytest.mark.parametrize(
    ("hits", "looks", "low", "high"),
    [(0, 0, 0, 1), (0, 10, 0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634)],
)
def test_the_interval_is_wilsons(hits, looks, low, high):
    """Values as in Newcombe (1998) and common tables."""
    assert wilson(hits, looks) == pytest.approx((low, high), abs=1e-4)


@given(looks=st.integers(1, 500), data=st.data())
def test_the_interval_holds_the_share_and_narrows(looks, data):
    hits = data.draw(st.integers(0, looks))
    low, high = wilson(hits, looks)
    assert 0 <= low <= hits / looks <= high <= 1
    more_low, more_high = wilson(10 * hits, 10 * looks)
    assert more_high - more_low < high - low


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@given(looks=st.integers(2, 500), data=st.data())
def test_weighted_cases_have_the_interval_of_as_many_plain_ones(looks, data):
    hits = data.draw(st.integers(1, looks - 1))
    assert wilson_of(hits / looks, looks) == wilson(hits, looks)


@given(st.floats(0, 1), st.floats(1, 1e6))
def test_the_interval_of_weighted_cases_holds_the_share(share, count):
    low, high = wilson_of(share, count)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1
    wider = wilson_of(share, count / 2)
    assert wider[1] - wider[0] >= high - low - 1e-9
