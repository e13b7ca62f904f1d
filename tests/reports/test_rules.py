"""The life cycle, its clocks, and file ids that survive guessing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tipline.record.reports.rules import (
    State,
    Verb,
    acceptable_file_id,
    expires_at,
    looks_like_number,
    preservation_until,
    transition,
)

T0 = datetime(2026, 1, 1, tzinfo=UTC)
spans = st.timedeltas(timedelta(0), timedelta(days=3))
moments = st.timedeltas(timedelta(days=-2000), timedelta(days=2000)).map(lambda span: T0 + span)


def test_an_upload_late_on_the_first_day_gives_one_more_hour():
    assert expires_at(T0, None) == T0 + timedelta(hours=24)
    modified = T0 + timedelta(hours=23, minutes=30)
    assert expires_at(T0, modified) == T0 + timedelta(hours=24, minutes=30)
    assert expires_at(T0, T0 + timedelta(hours=2)) == T0 + timedelta(hours=24)


@given(moments, spans)
def test_expiry_is_the_later_of_both_limits(opened, later):
    expiry = expires_at(opened, opened + later)
    assert expiry >= opened + timedelta(hours=24)
    assert expiry >= opened + later + timedelta(hours=1)
    assert expiry in {opened + timedelta(hours=24), opened + later + timedelta(hours=1)}


@given(moments, spans, spans)
def test_a_later_change_never_shortens_the_life(opened, later, more):
    first = opened + later
    assert expires_at(opened, first + more) >= expires_at(opened, first)


@pytest.mark.parametrize("verb", Verb)
def test_only_an_open_report_changes(verb):
    assert transition(None, verb) == 5001
    assert transition(State.EXPIRED, verb) == 5001
    assert transition(State.RETRACTED, verb) == 5101
    assert transition(State.FINISHED, verb) == 5102
    assert isinstance(transition(State.OPEN, verb), State)


def test_where_an_open_report_goes():
    assert {verb: transition(State.OPEN, verb) for verb in Verb} == {
        Verb.UPLOAD: State.OPEN,
        Verb.FILE_DETAILS: State.OPEN,
        Verb.FINISH: State.FINISHED,
        Verb.RETRACT: State.RETRACTED,
        Verb.EXPIRE: State.EXPIRED,
    }


@given(st.lists(st.sampled_from(list(Verb)), max_size=12))
def test_after_an_end_nothing_succeeds(verbs):
    state: State = State.OPEN
    for verb in verbs:
        after = transition(state, verb)
        if isinstance(after, State):
            assert state is State.OPEN
            state = after
        else:
            assert state is not State.OPEN


def test_content_is_preserved_for_a_year():
    assert preservation_until(T0) == T0 + timedelta(days=365)
    first = datetime(2024, 5, 7, tzinfo=UTC)
    assert preservation_until(first) == first + timedelta(days=365)
    before = first - timedelta(microseconds=1)
    assert preservation_until(before) == before + timedelta(days=90)


@pytest.mark.parametrize(
    "text",
    ["0", "42", "02139", "1e5", "1E5", "0x1F", "0b1", "0o7", "-1", "+1.5", ".5", "5.", "1e-7",
     "Infinity", "-Infinity", "NaN", " 42 ", "9" * 32, "1" * 15 + "e" + "1" * 16],
)  # fmt: skip
def test_what_a_guessing_client_takes_for_a_number(text):
    assert looks_like_number(text)
    assert not acceptable_file_id(text)


@pytest.mark.parametrize("text", ["", "abc", "1e5e", "0x", "0xg", "e5", "1 2", "12ab", "e", "٣"])
def test_what_it_does_not(text):
    assert not looks_like_number(text)


@given(st.text("0123456789abcdef", min_size=32, max_size=32))
@example("1" * 31 + "e")
@example("1" * 15 + "e" + "1" * 16)
@example("0" * 30 + "ee")
@example("1e" + "1" * 28 + "e1")
def test_an_acceptable_id_never_looks_like_a_number(file_id):
    letters = sum(character.isalpha() for character in file_id)
    assert acceptable_file_id(file_id) == (letters >= 2)
    assert not (acceptable_file_id(file_id) and looks_like_number(file_id))


@pytest.mark.parametrize(
    "file_id", ["", "ab", "a" * 31, "a" * 33, "A" * 32, "g" * 32, "a" * 31 + "\n", "٣" * 30 + "ab"]
)
def test_other_texts_are_no_file_ids(file_id):
    assert not acceptable_file_id(file_id)
