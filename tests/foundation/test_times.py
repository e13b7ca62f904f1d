"""Reported times: what is known of them, and that nothing written ever breaks us."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tipline.ground.foundation.times import (
    ReportedTime,
    TimeKind,
    is_xsd_date,
    is_xsd_datetime,
    read_time,
)
from tipline.ground.foundation.xml import Schema, element, to_bytes


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-01-02T03:04:05Z", utc(2024, 1, 2, 3, 4, 5)),
        ("2024-01-02t03:04:05z", utc(2024, 1, 2, 3, 4, 5)),
        ("2024-01-02T03:04:05.678Z", utc(2024, 1, 2, 3, 4, 5, 678000)),
        ("2024-01-02T03:04:05.123456789Z", utc(2024, 1, 2, 3, 4, 5, 123456)),
        ("2024-01-02T03:04:05.999999999+00:00", utc(2024, 1, 2, 3, 4, 5, 999999)),
        ("2024-01-02T03:04:05+05:30", utc(2024, 1, 1, 21, 34, 5)),
        ("2024-01-02T03:04:05-0800", utc(2024, 1, 2, 11, 4, 5)),
        ("2024-01-02T03:04:05+01", utc(2024, 1, 2, 2, 4, 5)),
        ("2024-01-02T03:04:05-00:00", utc(2024, 1, 2, 3, 4, 5)),
        ("2024-01-02 03:04 UTC", utc(2024, 1, 2, 3, 4)),
        ("  2024-01-02T03:04:05Z\n", utc(2024, 1, 2, 3, 4, 5)),
        ("2023-12-31T24:00:00Z", utc(2024, 1, 1)),
        ("2016-12-31T23:59:60Z", utc(2017, 1, 1)),
        ("0001-01-01T00:00:00Z", utc(1, 1, 1)),
    ],
)
def test_with_a_zone_there_is_an_instant(text, instant):
    time = read_time(text, TimeKind.LOGIN)
    assert (time.instant, time.zone_known, time.kind) == (instant, True, TimeKind.LOGIN)
    assert time.as_written == text
    assert time.readable


@pytest.mark.parametrize(
    "text", ["2024-01-02T03:04:05", "2024-01-02 03:04:05", "2024-01-02T03:04:05.0"]
)
def test_without_a_zone_there_is_a_wall_clock_and_no_instant(text):
    time = read_time(text)
    assert (time.instant, time.zone_known) == (None, False)
    assert time.naive == datetime(2024, 1, 2, 3, 4, 5)  # noqa: DTZ001 - a wall clock
    assert time.naive.tzinfo is None


@pytest.mark.parametrize("text", ["2024-01-02", "2024-01-02Z", "2024-01-02+01:00"])
def test_a_day_is_no_time(text):
    time = read_time(text)
    assert (time.instant, time.naive, time.day) == (None, None, date(2024, 1, 2))
    assert not time.zone_known
    assert time.readable


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("9999-12-31T24:00:00Z", date(9999, 12, 31)),
        ("9999-12-31T23:59:59-05:00", date(9999, 12, 31)),
        ("0001-01-01T00:00:00+05:00", date(1, 1, 1)),
        ("-0001-01-01T00:00:00Z", None),
        ("0000-01-01T00:00:00Z", None),
        ("12345-01-01T00:00:00Z", None),
        ("2024-02-30T00:00:00Z", None),
        ("2024-13-01T00:00:00Z", None),
        ("2024-01-02T25:00:00Z", date(2024, 1, 2)),
        ("2024-01-02T24:00:01Z", date(2024, 1, 2)),
        ("2024-01-02T23:60:00Z", date(2024, 1, 2)),
        ("2024-01-02T23:00:61Z", date(2024, 1, 2)),
        ("2024-01-02T23:00:00+24:00", date(2024, 1, 2)),
        ("2024-01-02T23:00:00+01:99", date(2024, 1, 2)),
        ("", None),
        ("yesterday", None),
        ("1704164645", None),
        ("02/01/2024", None),
        ("٢٠٢٤-01-02T03:04:05Z", None),
    ],
)
def test_what_cannot_be_an_instant_is_none_and_does_not_raise(text, day):
    time = read_time(text)
    assert (time.instant, time.day, time.readable) == (None, day, day is not None)
    assert time.as_written == text


@given(
    st.datetimes(
        timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
    )
)
@example(datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))))
@example(datetime.min.replace(tzinfo=timezone(timedelta(hours=14))))
def test_every_aware_time_is_read_back(moment):
    time = read_time(moment.isoformat())
    assert time.naive == moment.replace(tzinfo=None)
    assert time.zone_known
    try:
        assert time.instant == moment.astimezone(UTC)
    except OverflowError:
        assert time.instant is None


@given(st.datetimes())
def test_no_naive_time_ever_has_an_instant(moment):
    time = read_time(moment.isoformat())
    assert (time.naive, time.instant, time.zone_known) == (moment, None, False)


@given(st.text(max_size=40) | st.text("0123456789-+:.TZtz ", max_size=40))
def test_no_text_raises(text):
    time = read_time(text, TimeKind.UPLOAD)
    assert isinstance(time, ReportedTime)
    assert time.as_written == text
    assert time.instant is None or (time.zone_known and time.instant.tzinfo is UTC)


def test_as_json_can_be_read_again():
    time = read_time("2024-01-02T03:04:05+01:00", TimeKind.UPLOAD)
    stored = time.as_json()
    assert stored["instant"] == "2024-01-02T02:04:05+00:00"
    assert read_time(stored["as_written"], TimeKind(stored["kind"])) == time
    assert read_time("2024-01-02T03:04:05").as_json()["instant"] is None


SCHEMA = Schema(
    b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
    <xs:element name="moment" type="xs:dateTime"/><xs:element name="day" type="xs:date"/>
    </xs:schema>"""
)


def valid(tag: str, text: str) -> bool:
    return not SCHEMA.problems(to_bytes(element(tag, text=text)))


years = st.sampled_from(["2024", "0000", "-0001", "-0004", "1900", "2000", "12000", "02024", "24"])
moments = st.builds(
    "{}-{:02}-{:02}{}{:02}:{:02}:{}{}".format,
    years,
    st.integers(0, 13),
    st.integers(0, 32),
    st.sampled_from(["T", "T", "T", " ", "t"]),
    st.integers(0, 25),
    st.integers(0, 61),
    st.sampled_from(["00", "59", "60", "00.0", "00.000000001", "5", ""]),
    st.sampled_from(["", "Z", "z", "+14:00", "+14:01", "-13:59", "-00:00", "+1:00", "+0100", " Z"]),
)


@given(moments)
@example("2024-01-01T24:00:00")
@example("2024-01-01T24:00:00.0Z")
@example("2024-02-29T00:00:00")
@example("2023-02-29T00:00:00")
@example("9999999999-01-01T00:00:00Z")
def test_xsd_datetime_agrees_with_the_validator(text):
    assert is_xsd_datetime(text) == valid("moment", text)


@given(
    st.builds(
        "{}-{:02}-{:02}{}".format,
        years,
        st.integers(0, 13),
        st.integers(0, 32),
        st.sampled_from(["", "Z", "+14:00", "-14:01", "T00:00:00"]),
    )
)
def test_xsd_date_agrees_with_the_validator(text):
    assert is_xsd_date(text) == valid("day", text)


def test_xsd_times_may_have_white_space_around():
    assert is_xsd_datetime("\n 2024-01-02T03:04:05Z\t")
    assert is_xsd_date(" 2024-01-02 ")
    assert not is_xsd_datetime("\u00a02024-01-02T03:04:05Z")
