"""Decay: the clock that ends first decides, and less time never counts less."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.reasons import total
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.rules import decay
from tipline.insight.triage.rules_types import Band, Clock

POLICY = default_policy()
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def clock(kind, days):
    return Clock(kind, NOW - timedelta(days=30), NOW + timedelta(days=days))


def clocks():
    made = st.builds(clock, st.sampled_from(["esp", "letter", "logs"]), st.floats(-400, 400))
    return st.lists(made, max_size=5)


def test_the_earliest_running_clock_is_the_deadline():
    result = decay([clock("esp", 335), clock("logs", 12.5), clock("letter", 60)], NOW, POLICY)
    assert (result.clock, result.days_left, result.alarm) == ("logs", 12, 14)
    assert result.deadline == NOW + timedelta(days=12.5)
    assert (result.score.value, result.score.band) == (70, Band.HIGH)
    assert [reason.code for reason in result.score.reasons] == [
        "triage.clock.first",
        "triage.clock.later",
        "triage.clock.later",
    ]


def test_a_clock_that_has_ended_is_told_and_hurries_nobody():
    result = decay([clock("logs", -1), clock("esp", 200)], NOW, POLICY)
    assert (result.clock, result.days_left, result.alarm) == ("esp", 200, None)
    assert [reason.code for reason in result.score.reasons] == [
        "triage.clock.first",
        "triage.clock.ended",
    ]


def test_without_a_running_clock_there_is_no_deadline():
    for given_clocks in ([], [clock("esp", 0)]):
        result = decay(given_clocks, NOW, POLICY)
        assert (result.deadline, result.clock, result.days_left) == (None, "", None)
        assert (result.score.value, result.score.band) == (0, Band.LOW)


@pytest.mark.parametrize(
    ("days", "points", "alarm"),
    [
        (2.9, 100, 3),
        (3, 100, 3),
        (3.1, 70, 14),
        (14, 70, 14),
        (15, 40, 30),
        (31, 15, None),
        (400, 0, None),
    ],
)
def test_the_steps_and_alarms_of_the_policy(days, points, alarm):
    result = decay([clock("esp", days)], NOW, POLICY)
    assert (result.score.value, result.alarm) == (points, alarm)


@given(given_clocks=clocks(), later=st.floats(0, 300))
def test_time_that_passes_raises_the_score_until_the_clock_ends(given_clocks, later):
    now, then = (decay(given_clocks, NOW + timedelta(days=d), POLICY) for d in (0, later))
    if now.deadline and then.deadline == now.deadline:
        assert then.score.value >= now.score.value
    assert total(now.score.reasons) == now.score.value
    assert len(now.score.reasons) == len(given_clocks)


@given(given_clocks=clocks(), more=clocks())
def test_another_clock_never_moves_the_deadline_back(given_clocks, more):
    few, many = decay(given_clocks, NOW, POLICY), decay(given_clocks + more, NOW, POLICY)
    if few.deadline:
        assert many.deadline <= few.deadline
        assert many.score.value >= few.score.value


def test_a_clock_without_a_zone_is_no_clock():
    with pytest.raises(ValueError, match="zone"):
        Clock("esp", NOW, NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="zone"):
        Clock("esp", NOW.replace(tzinfo=None), NOW)
