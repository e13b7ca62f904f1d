"""File ids survive every client: opaque, lower-case hexadecimal, never a number."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.ispws.strict_client import guess

from tipline.ground.foundation.ids import fresh
from tipline.record.reports.rules import acceptable_file_id


@given(st.text("0123456789abcdef", min_size=32, max_size=32))
@example("1" * 32)
@example("1" * 15 + "e" + "1" * 16)
@example("0x" + "1" * 30)
@example("e" + "1" * 31)
@example("1" * 31 + "e")
def test_an_accepted_id_survives_javascript(candidate):
    if acceptable_file_id(candidate):
        assert guess(candidate) == candidate


@given(st.text("0123456789e", min_size=32, max_size=32))
def test_an_id_that_javascript_would_change_is_never_accepted(candidate):
    if guess(candidate) != candidate:
        assert not acceptable_file_id(candidate)


def test_fresh_ids_are_accepted_and_differ():
    made = {fresh(acceptable_file_id) for _ in range(2_000)}

    assert len(made) == 2_000
    assert all(re.fullmatch("[0-9a-f]{32}", each) and guess(each) == each for each in made)


def test_what_looks_like_a_number_is_drawn_again(monkeypatch):
    from tipline.ground.foundation import ids

    drawn = iter(["1" * 32, "1" * 20 + "e" + "1" * 11, "ab" + "1" * 30])
    monkeypatch.setattr(ids, "random_hex", lambda: next(drawn))

    assert fresh(acceptable_file_id) == "ab" + "1" * 30


@pytest.mark.parametrize("candidate", ["", "ab", "AB" + "1" * 30, "g" * 32, "ab" * 16 + "\n"])
def test_other_forms_are_not_accepted(candidate):
    assert not acceptable_file_id(candidate)
