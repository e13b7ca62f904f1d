"""Times in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tipline.doors.portals.look.times import absolute, ago, left, machine, span

NOW = datetime(2026, 3, 2, 10, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=47, minutes=59), "47 h"),
        (timedelta(days=2), "2 d"),
        (timedelta(days=729), "729 d"),
        (timedelta(days=730), "2 y"),
        (timedelta(days=-3), "3 d"),
    ],
)
def test_a_length_reads_in_its_largest_useful_unit_never_rounded_up(length, words):
    assert span(length) == words


def test_age_and_what_is_left():
    assert ago(NOW - timedelta(hours=3), NOW) == "3 h ago"
    assert ago(NOW + timedelta(hours=3), NOW) == "in 3 h"
    assert ago(NOW - timedelta(seconds=30), NOW) == "just now"
    assert left(NOW + timedelta(hours=3), NOW) == "3 h left"
    assert left(NOW, NOW) == "0 s left"
    assert left(NOW - timedelta(minutes=5), NOW) == "5 min over"


def test_absolute_names_its_zone():
    assert absolute(NOW) == "2026-03-02 10:11 UTC"
    with timezone.override("America/New_York"):
        assert absolute(NOW) == "2026-03-02 05:11 EST"
    assert machine(NOW) == "2026-03-02T10:11:00+00:00"


@pytest.mark.parametrize("say", [absolute, machine, lambda t: ago(t, NOW), lambda t: left(t, NOW)])
def test_a_time_without_zone_is_refused(say):
    with pytest.raises(ValueError, match="as written"):
        say(datetime(2026, 3, 2, 10, 11))  # noqa: DTZ001 - the point of the test
