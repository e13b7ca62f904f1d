"""Saved views: one's own and the house's, changed by their owner only, every change undone."""

from __future__ import annotations

import pytest

from tipline.ground.foundation.actor import PUBLIC
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.insight.triage import saved_views
from tipline.insight.triage.models import SavedView


@pytest.fixture
def ana(world):
    return world.actor("ana")


@pytest.fixture
def sofia(world):
    return world.actor("sofia")


def names(actor) -> list[str]:
    return [row.name for row in saved_views.views_for(actor)]


def test_everybody_sees_what_is_shared_and_ones_own_come_first(ana, sofia):
    saved_views.save_view(ana, "Zebra", "band=low", shared=False)
    saved_views.save_view(sofia, "Apple", "band=high", shared=True)
    saved_views.save_view(sofia, "Secret", "band=urgent", shared=False)
    assert names(ana) == ["Zebra", "Apple"]
    assert names(sofia) == ["Apple", "Secret"]


def test_a_retry_keeps_one_and_another_list_needs_another_name(ana):
    first = saved_views.save_view(ana, "Night", "band=high", shared=False)
    again = saved_views.save_view(ana, " Night ", "band=high", shared=False)
    assert first.pk == again.pk
    with pytest.raises(Invalid, match="choose another one") as caught:
        saved_views.save_view(ana, "Night", "band=low", shared=False)
    assert caught.value.field == "name"


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\N{RIGHT-TO-LEFT OVERRIDE}b"])
def test_a_name_that_nobody_can_read_is_refused(ana, name):
    with pytest.raises(Invalid, match="visible characters"):
        saved_views.save_view(ana, name, "", shared=False)


def test_there_is_an_end_to_them(ana, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 2)
    for n in range(2):
        saved_views.save_view(ana, f"View {n}", "", shared=False)
    with pytest.raises(Invalid, match="delete one first"):
        saved_views.save_view(ana, "One more", "", shared=False)
    with pytest.raises(Invalid, match="too long"):
        saved_views.save_view(ana, "Long", "q=" + "1" * 500, shared=False)


def test_only_the_owner_changes_or_deletes(ana, sofia):
    row = saved_views.save_view(sofia, "Apple", "band=high", shared=True)
    for deed in (
        lambda: saved_views.change_view(ana, row.pk, "Mine now", shared=True),
        lambda: saved_views.delete_view(ana, row.pk),
    ):
        with pytest.raises(NotVisible):
            deed()
    assert names(ana) == ["Apple"]


def test_a_change_and_a_deletion_are_undone(ana):
    row = saved_views.save_view(ana, "Night", "band=high", shared=False)
    before = saved_views.change_view(ana, row.pk, "Day", shared=True)
    assert names(ana) == ["Day"]
    saved_views.put_back(ana, before)
    assert [(v.name, v.shared) for v in saved_views.views_for(ana)] == [("Night", False)]

    gone = saved_views.delete_view(ana, row.pk)
    assert names(ana) == []
    for _ in range(2):  # pressed twice, it is back once
        saved_views.put_back(ana, gone)
    [back] = saved_views.views_for(ana)
    assert (back.name, back.query, back.created_at) == ("Night", "band=high", row.created_at)


def test_a_name_taken_meanwhile_is_not_taken_away(ana):
    row = saved_views.save_view(ana, "Night", "band=high", shared=False)
    gone = saved_views.delete_view(ana, row.pk)
    saved_views.save_view(ana, "Night", "band=low", shared=False)
    with pytest.raises(Conflict, match="another view of this name"):
        saved_views.put_back(ana, gone)
    assert SavedView.objects.get().query == "band=low"
    other = saved_views.save_view(ana, "Day", "", shared=False)
    with pytest.raises(Invalid, match="choose another one"):
        saved_views.change_view(ana, other.pk, "Night", shared=False)


def test_others_keep_no_view(world):
    for name in ("adam", "enzo", "ines"):
        assert saved_views.views_for(world.actor(name)) == []
        with pytest.raises(NotAllowed):
            saved_views.save_view(world.actor(name), "Mine", "", shared=True)
    assert saved_views.views_for(PUBLIC) == []
