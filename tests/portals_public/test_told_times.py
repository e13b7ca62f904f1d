"""Times as people tell them."""

from __future__ import annotations

from datetime import date, time

import pytest

from tipline.ground.foundation.times import is_xsd_datetime, read_time
from tipline.record.reports.told_times import ToldTime

DAY, AT = date(2026, 7, 4), time(21, 30)


@pytest.mark.parametrize(
    ("told", "written", "description"),
    [
        (ToldTime(), "1970-01-01T00:00:00", "The day is not known."),
        (
            ToldTime(words=" in spring "),
            "1970-01-01T00:00:00",
            "in spring (The day is not known.)",
        ),
        (ToldTime(DAY), "2026-07-04T00:00:00", "The time of day is not known."),
        (ToldTime(DAY, zone="UTC"), "2026-07-04T00:00:00", "The time of day is not known."),
        (ToldTime(DAY, AT), "2026-07-04T21:30:00", ""),
        (ToldTime(DAY, AT, "America/New_York", "late"), "2026-07-04T21:30:00-04:00", "late"),
    ],
)
def test_what_is_known_is_written_and_what_is_not_is_said(told, written, description):
    assert (told.written, told.description) == (written, description)
    assert is_xsd_datetime(told.written)


def test_only_a_time_with_its_zone_is_an_instant():
    assert read_time(ToldTime(DAY, AT, "UTC").written).instant is not None
    assert read_time(ToldTime(DAY, AT).written).instant is None
    assert read_time(ToldTime(DAY).written).instant is None
