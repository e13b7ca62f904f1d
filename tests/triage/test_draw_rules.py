"""Drawing by chance: nobody picks, the share is exact, every week comes once."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.triage.draws.rules import (
    MOST_WEEKS,
    Stratum,
    bounds,
    draw,
    week_of,
    weeks_due,
)

WEEK = date(2026, 11, 16)
numbers = st.sets(st.integers(1, 10**9), max_size=400)


@given(pool=numbers, stratum=st.sampled_from(Stratum))
def test_two_of_a_hundred_are_drawn_and_one_at_least(pool, stratum):
    drawn = draw(pool, WEEK, stratum)
    assert set(drawn.numbers) <= pool
    assert len(drawn.numbers) == math.ceil(len(pool) * 0.02)
    assert drawn.population == len(pool)
    assert drawn.share == (len(drawn.numbers) / len(pool) if pool else 0)
    assert bool(drawn.numbers) == bool(pool)


@given(pool=numbers)
def test_the_order_in_which_they_come_draws_no_other(pool):
    assert draw(sorted(pool), WEEK, Stratum.FOLDED) == draw(
        sorted(pool, reverse=True), WEEK, Stratum.FOLDED
    )


def test_each_week_and_stratum_draws_others():
    pool = range(1, 10_001)
    one = set(draw(pool, WEEK, Stratum.FOLDED).numbers)
    next_week = set(draw(pool, WEEK + timedelta(days=7), Stratum.FOLDED).numbers)
    bottom = set(draw(pool, WEEK, Stratum.BOTTOM).numbers)
    assert len(one) == len(next_week) == len(bottom) == 200
    assert len(one & next_week) < 40
    assert len(one & bottom) < 40


def test_all_have_the_same_chance():
    """Over 500 weeks each of 100 reports is drawn about ten times: never far from it."""
    times = dict.fromkeys(range(100), 0)
    for week in range(500):
        for number in draw(times, WEEK + timedelta(days=7 * week), Stratum.BOTTOM).numbers:
            times[number] += 1
    assert sum(times.values()) == 1000
    expected = 10
    chi_square = sum((n - expected) ** 2 / expected for n in times.values())
    assert 60 < chi_square < 149  # 99 degrees of freedom: 0.1 % lie above 148.2


def test_weeks_begin_on_monday_at_midnight_utc():
    assert week_of(datetime(2026, 11, 22, 23, 59, tzinfo=UTC)) == WEEK
    assert week_of(datetime(2026, 11, 23, 0, 0, tzinfo=UTC)) == WEEK + timedelta(days=7)
    start, end = bounds(WEEK)
    assert (start, end) == (datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))


def test_what_is_over_is_drawn_once_and_caught_up():
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    week = timedelta(days=7)
    assert weeks_due(now, None, None) == []
    assert weeks_due(now, None, WEEK + week) == []  # this week is not over
    assert weeks_due(now, None, WEEK) == [WEEK]
    assert weeks_due(now, WEEK, None) == []
    assert weeks_due(now, WEEK - 3 * week, None) == [WEEK - 2 * week, WEEK - week, WEEK]
    long_ago = weeks_due(now, date(2001, 1, 1), None)
    assert (len(long_ago), long_ago[-1]) == (MOST_WEEKS, WEEK)
