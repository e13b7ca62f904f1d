"""The states of papers and what they are worth at an instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.record.evidence.papers.rules import FIRST, NEXT, Standing, State, standing, state_of

DAY = timedelta(days=1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@given(
    state=st.sampled_from(State),
    start=st.integers(-3, 3),
    length=st.one_of(st.none(), st.integers(1, 4)),
)
def test_only_a_granted_paper_within_its_time_is_in_force(state, start, length):
    now = NOW
    end = None if length is None else now + (start + length) * DAY
    found = standing(state, now + start * DAY, end, now)
    holds = state is State.GRANTED and start <= 0 and (length is None or start + length > 0)
    assert (found is Standing.IN_FORCE) == holds


def test_states_only_move_forward():
    assert set(NEXT) == set(State)
    seen = set(FIRST)
    for state in (State.APPLIED, State.GRANTED, State.DENIED, State.REVOKED, State.ENDED):
        seen |= set(NEXT[state])
        assert state not in NEXT[state]
        assert State.APPLIED not in NEXT[state]
    assert seen == set(State)
    assert State.GRANTED not in {two for one in NEXT[State.GRANTED] for two in NEXT[one]}


def test_what_an_older_program_ended_is_ended():
    assert state_of("granted", ended=True) is State.ENDED
    assert state_of("revoked", ended=True) is State.REVOKED
    assert state_of("granted", ended=False) is State.GRANTED


@pytest.mark.parametrize(
    ("state", "start", "end", "wanted"),
    [
        ("granted", NOW, None, "in-force"),
        ("granted", NOW - DAY, NOW, "run-out"),
        ("granted", NOW - 2 * DAY, NOW - DAY, "run-out"),
        ("granted", NOW - DAY, NOW + timedelta(microseconds=1), "in-force"),
        ("granted", NOW + timedelta(microseconds=1), None, "begins-later"),
        ("applied", NOW - DAY, None, "applied"),
        ("denied", NOW - DAY, NOW + DAY, "denied"),
        ("revoked", NOW - DAY, NOW + DAY, "revoked"),
        ("ended", NOW - DAY, NOW + DAY, "ended"),
    ],
)
def test_what_a_paper_is_worth(state, start, end, wanted):
    assert standing(State(state), start, end, NOW) == wanted


def test_what_a_paper_may_become():
    told = {one.value: [two.value for two in NEXT[one]] for one in NEXT}
    assert told == {
        "applied": ["granted", "denied", "ended"],
        "granted": ["revoked", "ended"],
        "denied": [],
        "revoked": [],
        "ended": [],
    }
    assert [one.value for one in FIRST] == ["granted", "applied"]
