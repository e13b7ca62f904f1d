"""Entries are written once, removed to tombstones, and told in windows that are complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lists.made import draft, entries, foreign

from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.lists import changes, members
from tipline.insight.lists.entries import WrongEntry, remove_entries, write_entries
from tipline.insight.lists.models import EntryFingerprint
from tipline.insight.lists.positions import horizon
from tipline.insight.lists.rules_entries import Print, next_instant, whole_second

EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


@pytest.fixture
def harbour(world):
    return foreign()


@pytest.fixture
def owner(world):
    return members.add_member(SYSTEM, "Lantern Hotline")


def test_the_same_entries_twice_have_one_effect(harbour, owner):
    wanted = [draft(number) for number in range(5)]
    assert write_entries(harbour.pk, owner.pk, wanted).made == 5
    before = [(row.pk, row.position) for row in entries(harbour)]

    written = write_entries(harbour.pk, owner.pk, wanted)

    assert (written.made, written.changed, written.same) == (0, 0, 5)
    assert [(row.pk, row.position) for row in entries(harbour)] == before
    assert EntryFingerprint.objects.count() == 10


def test_a_changed_entry_moves_behind_all_others(harbour, owner):
    write_entries(harbour.pk, owner.pk, [draft(1), draft(2)])
    new = (Print("md5", "0" * 32),)
    assert write_entries(harbour.pk, owner.pk, [draft(1, prints=new)]).changed == 1
    assert [row.key for row in entries(harbour)] == ["e2", "e1"]
    first = changes.changes(harbour, *EVER)[1]
    assert [(one.type, one.value) for one in first.prints] == [("md5", "0" * 32)]


def test_a_removed_entry_is_a_tombstone_and_comes_back(harbour, owner):
    write_entries(harbour.pk, owner.pk, [draft(1), draft(2)])
    assert remove_entries(harbour.pk, owner.pk, ["e1", "e9"]) == 1
    assert remove_entries(harbour.pk, owner.pk, ["e1"]) == 0
    tombstone = changes.changes(harbour, *EVER)[-1]
    assert tombstone.entry.removed_at is not None
    assert tombstone.prints == ()
    harbour.refresh_from_db()
    assert (harbour.live, harbour.removed) == (1, 1)

    write_entries(harbour.pk, owner.pk, [draft(1)])
    harbour.refresh_from_db()
    assert (harbour.live, harbour.removed) == (2, 0)
    assert entries(harbour)[-1].removed_at is None


def test_one_wrong_draft_stops_all(harbour, owner):
    wrong = draft(2, prints=(Print("md5", "zz"),))
    with pytest.raises(WrongEntry, match=r"e2.*md5"):
        write_entries(harbour.pk, owner.pk, [draft(1), wrong])
    assert entries(harbour) == []


def test_pages_by_position_find_each_row_once(harbour, owner):
    write_entries(harbour.pk, owner.pk, [draft(number) for number in range(25)])
    found, beyond = [], 0
    while page := changes.changes(harbour, *EVER, beyond=beyond, most=10):
        found += [one.entry.key for one in page]
        beyond = page[-1].entry.position
    assert found == [f"e{number}" for number in range(25)]
    assert changes.count_changes(harbour, *EVER, most=20) == 20
    assert len({row.changed_at for row in entries(harbour)}) == 1


def test_what_comes_after_a_window_lies_outside_it(harbour, owner, monkeypatch):
    """Even where the clock stands still: a second that was served gets no more rows."""
    at = datetime(2026, 11, 1, 12, 0, 0, 999_000, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr("tipline.insight.lists.positions._now", lambda: at)
    write_entries(harbour.pk, owner.pk, [draft(1)])
    until = horizon(harbour.pk)
    served = changes.changes(harbour, EVER[0], until)
    write_entries(harbour.pk, owner.pk, [draft(2)])
    assert changes.changes(harbour, EVER[0], until) == served == []
    later = changes.changes(harbour, until, until + timedelta(seconds=1))
    assert [one.entry.key for one in later] == ["e1", "e2"]


instants = st.integers(0, 10**15).map(
    lambda micros: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)


@given(st.lists(instants, min_size=2, max_size=8))
def test_instants_never_fall_and_lie_past_every_window(clocks):
    last = None
    for now in clocks:
        at = next_instant(now, last)
        assert at.microsecond == 0
        assert at > whole_second(now)
        assert last is None or at >= last
        last = at


@given(st.text(max_size=80))
def test_a_key_is_safe_in_an_address(key):
    from urllib.parse import quote

    from tipline.insight.lists.rules_entries import wrong_with

    problems = {wrong.field for wrong in wrong_with(replace(draft(1), key=key))}
    if "id" not in problems:
        assert key
        assert quote(key, safe="") == key
