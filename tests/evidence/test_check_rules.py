"""Comparing two lists piece by piece finds what comparing them whole finds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.record.evidence.checking import rules
from tipline.record.evidence.checking.rules import Named

NAMES = st.sets(st.integers(0, 60).map(lambda n: f"files/{n:032x}"), max_size=40)


@given(NAMES, NAMES, NAMES, NAMES, st.integers(1, 7))
def test_any_pieces_give_the_whole_difference(objects, live, gone, dying, most):
    gone, dying = gone - live, dying - live - gone
    rows = sorted(
        [Named(name, 1) for name in live]
        + [Named(name, 2, gone=True, dying=True) for name in gone]
        + [Named(name, 3, dying=True) for name in dying],
        key=lambda row: row.name,
    )
    found = {"unnamed": [], "missing": [], "left_over": [], "objects": []}
    count, cursor, pieces = 0, "", 0
    while True:
        part = [name for name in sorted(objects) if name > cursor][:most]
        piece = rules.compare(part, [row for row in rows if row.name > cursor][:most], most)
        for name, so_far in found.items():
            so_far.extend(getattr(piece, name))
        count, pieces = count + piece.rows, pieces + 1
        if not piece.upto:
            break
        assert piece.upto > cursor
        cursor = piece.upto
    named = live | gone | dying
    assert found["unnamed"] == sorted(objects - named)
    assert [row.name for row in found["missing"]] == sorted(live - objects)
    assert found["left_over"] == sorted(gone & objects)
    assert found["objects"] == sorted(objects)
    assert count == len(live)
    assert pieces <= len(objects | named) + 1


NOW = datetime(2026, 5, 4, tzinfo=UTC)


def test_what_is_young_is_left_alone():
    assert not rules.may_be_sighted(NOW - timedelta(hours=23), NOW)
    assert not rules.may_be_sighted(NOW + timedelta(hours=23), NOW)  # the store's clock is ahead
    assert rules.may_be_sighted(NOW - timedelta(hours=25), NOW)
    assert not rules.may_be_swept(NOW - timedelta(hours=23), NOW)
    assert rules.may_be_swept(NOW - timedelta(hours=24), NOW)


@pytest.mark.parametrize(
    ("unnamed", "objects", "many"),
    [(0, 0, False), (100, 100, False), (101, 101, True), (101, 2_020, False), (102, 2_020, True)],
)
def test_so_many_are_a_mistake(unnamed, objects, many):
    assert rules.too_many(unnamed, objects) is many


@given(st.integers(0, 10**8))
def test_ninety_days_open_all(rows):
    assert rules.to_be_opened(rows) * rules.DAYS_TO_OPEN_ALL >= rows
    assert rules.to_be_opened(rows) >= rules.LEAST_OPENED


def test_sums_begin_at_zero():
    assert set(rules.added({}, {}).values()) == {0}
    assert rules.added({"objects": 2}, {"objects": 3, "swept": 1})["objects"] == 5
