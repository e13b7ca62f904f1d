"""When two videos are alike. Pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.matching.hashes import FRAME, HASH_BYTES, WHOLE
from tipline.insight.matching.rules import RADIUS, way_reasons
from tipline.insight.matching.rules_films import FilmPolicy, frames, near_film
from tipline.insight.matching.rules_probes import Print

VALUES = st.lists(st.binary(min_size=HASH_BYTES, max_size=HASH_BYTES), max_size=6)


def shown(*numbers: int, quality: int = 90) -> list[Print]:
    """Frames that are far from each other, by number."""
    return [
        Print(FRAME, bytes([17 * n % 256, 90 + n] * 16), quality, at_ms=1000 * at)
        for at, n in enumerate(numbers)
    ]


def test_a_clip_is_in_its_film_and_the_film_is_not_the_clip():
    whole, clip = shown(*range(10)), shown(3, 4, 5)
    found = near_film(clip, whole)
    assert (found.share, found.share_of_other, found.distance) == (100, 30, 0)
    assert near_film(whole, clip) is None
    assert way_reasons(found.way)[0].params == {"share": 100}


@pytest.mark.parametrize(("others", "alike"), [(2, True), (3, False)])
def test_four_frames_of_five_must_be_there(others, alike):
    clip = shown(*range(8), *range(100, 100 + others))
    assert (near_film(clip, shown(*range(8))) is not None) is alike


def test_the_other_may_have_to_show_its_share_too():
    strict = FilmPolicy(least_of_other=50)
    assert near_film(shown(3, 4), shown(*range(10)), strict) is None
    assert near_film(shown(3, 4), shown(3, 4, 5), strict) is not None


def test_plain_frames_and_pictures_are_left_out():
    assert frames([*shown(1, quality=49), Print(WHOLE, bytes(32), 90), *shown(2)]) == shown(2)
    assert near_film([], shown(1)) is None
    assert near_film(shown(1), []) is None


@given(VALUES, VALUES)
def test_a_film_is_like_itself_and_shares_are_percent(one, other):
    mine = [Print(FRAME, value, 90) for value in one]
    theirs = [Print(FRAME, value, 90) for value in other]
    found = near_film(mine, [*mine, *theirs])
    assert (found is None) == (not mine)
    if found:
        assert (found.share, found.distance) == (100, 0)
    again = near_film(mine, theirs)
    if again:
        assert 80 <= again.share <= 100
        assert 0 <= again.share_of_other <= 100
        assert 0 <= again.distance <= RADIUS
