"""When looking is enough, and when a break is due: pure, for any history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.policy import PolicyError, parse
from tipline.insight.care.policy import default_policy, validate
from tipline.insight.care.rules import (
    DAY,
    Allowed,
    BreakRules,
    Limits,
    Look,
    Near,
    Stopped,
    What,
    break_due,
    in_a_row,
    lowest,
    may_look,
    nearness,
    within_a_day,
)

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
AGO = st.integers(0, 3 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes))
LOOKS = st.lists(st.builds(Look, AGO, st.booleans()), max_size=40)
NUMBER = st.none() | st.integers(0, 40)
LIMITS = st.builds(Limits, NUMBER, NUMBER)
RULES = BreakRules(
    after_looks=5,
    after=timedelta(minutes=50),
    lasts=timedelta(minutes=10),
    pause=timedelta(minutes=15),
    again_after_looks=3,
)


def asked(looks, limits, *, reveal=False, now=NOW):
    return may_look(looks, limits, now, reveal=reveal, near_percent=80)


@given(LOOKS, LIMITS, st.booleans())
def test_a_limit_stops_at_its_number_and_not_before(looks, limits, reveal):
    today = within_a_day(looks, NOW)
    revealed = sum(one.revealed for one in today)
    over = limits.looks is not None and len(today) >= limits.looks
    over_reveals = reveal and limits.reveals is not None and revealed >= limits.reveals

    assert isinstance(asked(looks, limits, reveal=reveal), Stopped) is (over or over_reveals)


@given(LOOKS, LIMITS)
def test_a_look_that_was_stopped_is_allowed_when_it_says_so_and_not_before(looks, limits):
    found = asked(looks, limits)
    if not isinstance(found, Stopped):
        return
    if found.until is None:
        assert found.limit == 0
        return
    before = found.until - timedelta(microseconds=1)
    assert NOW < found.until <= NOW + DAY
    assert isinstance(asked(looks, limits, now=before), Stopped)
    assert isinstance(asked(looks, limits, now=found.until), Allowed)


@given(LOOKS, LIMITS, LIMITS)
def test_one_more_limit_never_allows_more(looks, limits, other):
    if isinstance(asked(looks, limits, reveal=True), Stopped):
        assert isinstance(asked(looks, lowest(limits, other), reveal=True), Stopped)


@given(LOOKS, LIMITS)
def test_whoever_may_reveal_may_look(looks, limits):
    if isinstance(asked(looks, limits, reveal=True), Allowed):
        assert isinstance(asked(looks, limits), Allowed)


@given(LIMITS, LIMITS)
def test_the_lowest_holds_and_order_is_nothing(one, other):
    both = lowest(one, other)

    assert both == lowest(other, one)
    assert lowest(both, one) == both
    for name in ("looks", "reveals"):
        values = [getattr(each, name) for each in (one, other) if getattr(each, name) is not None]
        assert getattr(both, name) == (min(values) if values else None)


@given(st.integers(0, 50), st.integers(0, 50), LIMITS, st.integers(1, 100))
def test_more_looks_never_bring_one_further_from_a_limit(looks, reveals, limits, percent):
    order = list(Near)
    now, more = (nearness(looks + n, reveals, limits, percent) for n in (0, 1))

    assert order.index(more) >= order.index(now)


def test_the_last_look_before_a_limit_is_allowed_and_near():
    looks = [Look(NOW - timedelta(minutes=n)) for n in range(9)]

    assert asked(looks, Limits(10)) == Allowed(Near.NEAR)
    assert asked(looks, Limits(9)) == Stopped(What.LOOKS, 9, looks[-1].at + DAY)
    assert asked(looks, Limits(reveals=0), reveal=True) == Stopped(What.REVEALS, 0, None)


def test_midnight_gives_no_second_allowance():
    evening = [Look(datetime(2026, 11, 19, 23, 50, tzinfo=UTC))] * 10

    assert isinstance(asked(evening, Limits(10)), Stopped)


def every(minutes: int, number: int, end: datetime = NOW) -> list[Look]:
    return [Look(end - timedelta(minutes=minutes * n)) for n in reversed(range(number))]


def test_a_break_is_due_after_so_many_looks_or_so_long():
    assert break_due(every(1, 4), RULES, NOW) is None
    assert break_due(every(1, 5), RULES, NOW).looks == 5
    long = every(14, 5)[1:]
    assert break_due(long, RULES, NOW) is None
    assert break_due(every(14, 5), RULES, NOW).over == timedelta(minutes=56)


def test_a_pause_is_a_break():
    assert break_due(every(1, 9), RULES, NOW + RULES.pause) is None
    apart = [*every(1, 9, NOW - timedelta(minutes=20)), *every(1, 2)]
    assert in_a_row(apart, None, NOW, RULES.pause) == 2
    assert break_due(apart, RULES, NOW) is None


def test_a_break_that_was_taken_begins_the_count_anew():
    rested = NOW - timedelta(minutes=3, seconds=30)

    assert break_due(every(1, 9), RULES, NOW, rested=rested) is None


def test_later_is_asked_again_after_some_looks():
    put_off = NOW - timedelta(minutes=2, seconds=30)

    assert break_due(every(1, 9), RULES, NOW - timedelta(minutes=1), put_off=put_off) is None
    assert break_due(every(1, 9), RULES, NOW, put_off=put_off) is not None


@given(LOOKS, st.none() | AGO, st.none() | AGO)
def test_a_break_is_offered_to_nobody_who_does_not_look(looks, rested, put_off):
    ordered = sorted(looks, key=lambda one: one.at)
    due = break_due(ordered, RULES, NOW, rested=rested, put_off=put_off)

    if due is not None:
        assert 0 < due.looks <= len(looks)
        assert NOW - max(one.at for one in looks) < RULES.pause
        assert due.looks >= RULES.after_looks or due.over >= RULES.after


FILE = b"""
name = "care"
version = "1"
jurisdiction = "any"
[breaks]
after_looks = 5
after_minutes = 50
minutes = 10
pause_minutes = 15
again_after_looks = 3
[limits]
looks = 20
reveals = 10
near_percent = 80
[pictures]
blur = 1
more_blur = 3
"""


def test_the_policy_that_ships_can_be_used():
    assert default_policy().rules.limits.looks
    assert parse(FILE, "care.toml", validate).rules.breaks == RULES


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"after_looks = 5", b"", "breaks.after_looks: is missing"),
        (b"reveals = 10", b"reveals = 30", "limits.reveals: a reveal is a look, too"),
        (b"near_percent = 80", b"near_percent = 0", "limits.near_percent: 0 is out of bounds"),
        (b"blur = 1\n", b"blur = 9\n", "pictures.blur: 9 is out of bounds"),
        (b"minutes = 10", b"minuets = 10", "breaks.minuets: unknown key"),
        (b"looks = 20", b'looks = "20"', "limits.looks: must be a whole number"),
    ],
)
def test_a_wrong_policy_names_the_key_and_the_fix(old, new, words):
    with pytest.raises(PolicyError) as refused:
        parse(FILE.replace(old, new, 1), "care.toml", validate)

    assert words in refused.value.message
