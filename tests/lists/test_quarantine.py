"""What suddenly matches everything is set aside until a person has looked; nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.filing import SEEN, picture
from tests.lists.made import foreign, matches, put, worked
from tests.lists.test_matching import file_in

from tipline.ground.foundation import clock
from tipline.ground.foundation.errors import Conflict, NotAllowed, NotVisible
from tipline.insight.lists.models import Entry, ListMatch, Quarantine
from tipline.insight.lists.quarantine import release, waiting_for, watch
from tipline.insight.lists.rules_flood import Rate, entry_floods, list_floods
from tipline.insight.lists.rules_policy import ListRules


@pytest.fixture
def flooded(filed):
    """A list of which one entry matched four files today."""
    hash_list = foreign(flood_least=4, flood_times=2)
    reports = [filed(files=[(picture(1), SEEN)]) for _number in range(4)]
    put(hash_list, "busy", md5=file_in(reports[0]).md5)
    other = filed(files=[(picture(2), SEEN)])
    put(hash_list, "quiet", md5=file_in(other).md5)
    worked()
    assert len(matches()) == 5
    return hash_list


def test_a_busy_entry_is_set_aside_and_comes_back(flooded, world):
    assert watch() == 1
    assert watch() == 0
    worked()
    assert len(matches()) == 1
    [row] = waiting_for(world.actor("ana"))
    assert (row.entry.key, row.found, row.expected) == ("busy", 4, 1.0)

    with pytest.raises(NotAllowed):
        release(world.actor("ana"), row.pk)
    release(world.actor("sofia"), row.pk)
    worked()
    assert len(matches()) == 5
    with pytest.raises(Conflict):
        release(world.actor("silas"), row.pk)
    with pytest.raises(NotVisible):
        release(world.actor("silas"), 10**6)


def test_a_wrong_entry_is_removed_for_good(flooded, world):
    watch()
    release(world.actor("sofia"), Quarantine.objects.get().pk, remove=True)
    worked()
    assert len(matches()) == 1
    assert Entry.objects.get(key="busy").removed_at is not None


def test_a_whole_list_is_set_aside_and_comes_back(flooded, world, monkeypatch):
    monkeypatch.setattr("tipline.insight.lists.quarantine.entry_floods", lambda *_: False)
    monkeypatch.setattr("tipline.insight.lists.quarantine.list_floods", lambda *_: True)
    assert watch() == 1
    worked()
    assert matches() == []
    row = Quarantine.objects.get()
    assert row.entry is None
    assert row.found == 5
    release(world.actor("sofia"), row.pk)
    worked()
    assert len(matches()) == 5


def test_what_matched_as_often_before_is_no_flood(flooded):
    now = clock.now()
    for days in range(1, 29):
        Entry.objects.update(made_at=now - timedelta(days=40))
        rows = ListMatch.objects.filter(entry__key="busy").order_by("pk")
        rows.filter(pk=rows[0].pk).update(at=now - timedelta(days=days, hours=1))
    assert watch() == 0


def test_our_own_lists_never_flood(filed, three):
    assert ListRules().flood_least > 0
    from tipline.insight.lists.rules_entries import Content
    from tipline.insight.lists.rules_policy import starting

    assert all(starting(own=True, content=one).flood_least == 0 for one in Content)


rates = st.builds(Rate, st.integers(0, 10**5), st.integers(0, 10**6), st.integers(0, 28))


@given(rates, st.integers(1, 1000), st.integers(2, 100))
def test_more_of_the_past_never_makes_a_flood(rate, least, times):
    rules = ListRules(flood_least=least, flood_times=times)
    calmer = Rate(rate.today, rate.before + 100, rate.days)
    for floods in (entry_floods, list_floods):
        if floods(calmer, rules):
            assert floods(rate, rules)
        if floods(rate, rules):
            assert rate.today >= least


@given(rates)
def test_a_policy_without_a_least_sets_nothing_aside(rate):
    rules = ListRules(flood_least=0)
    assert not entry_floods(rate, rules)
    assert not list_floods(rate, rules)
