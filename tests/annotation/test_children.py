"""Several children in one content, each with labels of its own; undo; two analysts at once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.filing import SEEN, picture
from tests.personas import file_report, make_world

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.insight.annotation.errors import ChangedMeanwhile
from tipline.insight.annotation.models import LabelEvent
from tipline.insight.annotation.queries import labels_of, standings
from tipline.insight.annotation.rules_standing import (
    CHILD_EVENT,
    Child,
    Event,
    Standing,
    differences,
    reversing,
    standing,
)
from tipline.insight.annotation.services import (
    MOST_CHILDREN,
    add_child,
    remove_child,
    set_label,
    undo,
)
from tipline.insight.annotation.values import set_value, values_of
from tipline.insight.annotation.writing import standing_of
from tipline.record.evidence.queries import files_of

CODES = ("violence", "age_0_2", "girl", CHILD_EVENT)


@st.composite
def histories(draw):
    """Events of two people on a content with up to three children, in an order that may be."""
    made = []
    for number in range(draw(st.integers(0, 25))):
        child = draw(st.integers(0, 3))
        code = draw(st.sampled_from(CODES if child else CODES[:3]))
        wanted = [(child, code, draw(st.booleans()))]
        author, act = draw(st.integers(1, 2)), f"act{number}"
        for of, what, present in differences(standing(made), wanted):
            made.append(Event(len(made) + 1, what, of, present, author, act))
    return made


@given(histories())
def test_the_newest_word_of_each_subject_holds_and_numbers_stay(events):
    now = standing(events)
    numbers = [child.number for child in now.children]
    assert numbers == sorted(set(numbers))
    assert all(0 < number < now.next_child for number in numbers)
    for child in (0, *numbers):
        for code in CODES[:3]:
            said = [e.present for e in events if (e.child, e.code) == (child, code)]
            assert (code in now.of(child)) == (bool(said) and said[-1])
    assert now.position == len(events)


@given(histories(), st.integers(1, 2))
def test_an_act_is_taken_back_exactly_and_only_once(events, author):
    if not events:
        return
    act = events[-1].act
    before = standing(events[:-1])
    wanted, against = reversing(events, act, events[-1].author)
    assert against == []
    again = [
        *events,
        *(Event(len(events) + n, code, child, present, author, "undo")
          for n, (child, code, present) in enumerate(wanted, 1)),
    ]  # fmt: skip
    after = standing(again)
    assert (after.content, after.children) == (before.content, before.children)
    assert reversing(again, act, events[-1].author) == ([], [])


@pytest.fixture
def file(world):
    return files_of(file_report(world, files=[(picture(1), SEEN)]).pk)[0]


@pytest.fixture
def ana(world):
    return world.actor("ana")


def children(file) -> dict[int, set[str]]:
    return {child.number: set(child.labels) for child in standing_of(file).children}


def test_each_child_has_its_own_age_and_labels(ana, file):
    first = add_child(ana, file)
    assert [event.child for event in first] == [1]
    add_child(ana, file)
    set_label(ana, file, "age_0_2", present=True, child=1)
    set_label(ana, file, "age_12_14", present=True, child=2)
    set_label(ana, file, "girl", present=True, child=2)
    set_label(ana, file, "violence", present=True)

    now = standings([file.sha256])[file.sha256]
    assert now.content == {"violence"}
    assert now.children == (
        Child(1, frozenset({"age_0_2"})),
        Child(2, frozenset({"age_12_14", "girl"})),
    )
    assert labels_of([file.sha256])[file.sha256] == {"violence", "age_0_2", "age_12_14", "girl"}


def test_the_first_label_of_the_next_child_adds_it_in_one_act(ana, file):
    events = set_label(ana, file, "age_3_6", present=True, child=1)
    assert [(e.code, e.child) for e in events] == [(CHILD_EVENT, 1), ("age_3_6", 1)]
    assert len({e.act for e in events}) == 1
    undo(ana, file, events[0].act)
    assert standing_of(file) == Standing(next_child=2, position=standing_of(file).position)


def test_one_age_of_a_child_replaces_the_other_and_undo_brings_it_back(ana, file):
    set_label(ana, file, "age_3_6", present=True, child=1)
    events = set_label(ana, file, "age_7_11", present=True, child=1)
    assert children(file) == {1: {"age_7_11"}}
    undo(ana, file, events[0].act)
    assert children(file) == {1: {"age_3_6"}}
    assert undo(ana, file, events[0].act) == []
    assert children(file) == {1: {"age_3_6"}}


def test_a_child_that_is_taken_out_keeps_its_number(ana, file):
    for child in (1, 2):
        set_label(ana, file, "girl", present=True, child=child)
    gone = remove_child(ana, file, 1)
    assert children(file) == {2: {"girl"}}
    assert add_child(ana, file)[0].child == 3
    with pytest.raises(Conflict):
        set_label(ana, file, "boy", present=True, child=1)
    undo(ana, file, gone[0].act)
    assert children(file) == {1: {"girl"}, 2: {"girl"}, 3: set()}
    assert remove_child(ana, file, 3)
    assert remove_child(ana, file, 3) == []
    assert add_child(ana, file, 3)[0].child == 3
    assert add_child(ana, file, 3) == []
    verbs = LedgerEntry.objects.filter(verb__startswith="label.child").order_by("pk")
    assert [one.verb for one in verbs][:3] == ["label.child-added"] * 2 + ["label.child-removed"]


def test_what_is_wrong_is_named(world, ana, file):
    with pytest.raises(Invalid, match="Say of which child"):
        set_label(ana, file, "age_0_2", present=True)
    with pytest.raises(Invalid, match="whole content"):
        set_label(ana, file, "violence", present=True, child=1)
    for child in (0, -1, 2, 99_999_999):
        with pytest.raises(Invalid):
            set_label(ana, file, "girl", present=True, child=child)
        with pytest.raises(Invalid):
            remove_child(ana, file, child)
    for child in (0, 2, MOST_CHILDREN + 1):
        with pytest.raises(Invalid, match="number 1"):
            add_child(ana, file, child)
    with pytest.raises(NotVisible):
        undo(ana, file, "f" * 32)
    for name in ("adam", "enzo", "ines"):
        with pytest.raises(NotAllowed):
            add_child(world.actor(name), file)
    assert not LabelEvent.objects.exists()


def test_a_form_that_has_not_seen_the_others_change_is_told_what_and_who(world, ana, file):
    sofia = world.actor("sofia")
    seen = standing_of(file).position
    set_label(sofia, file, "age_3_6", present=True, child=1, seen=seen)

    with pytest.raises(ChangedMeanwhile) as error:
        set_label(ana, file, "age_7_11", present=True, child=1, seen=seen)
    told = [(c.author.name, c.code, c.child) for c in error.value.changes]
    assert told == [("Sofia", CHILD_EVENT, 1), ("Sofia", "age_3_6", 1)]
    assert children(file) == {1: {"age_3_6"}}

    set_label(ana, file, "violence", present=True, seen=seen)
    set_label(ana, file, "age_7_11", present=True, child=1, seen=standing_of(file).position)
    assert children(file) == {1: {"age_7_11"}}
    assert labels_of([file.sha256])[file.sha256] == {"violence", "age_7_11"}


def test_taking_back_what_somebody_has_said_anew_is_refused(world, ana, file):
    act = set_label(ana, file, "violence", present=True)[0].act
    set_label(world.actor("sofia"), file, "violence", present=False)
    assert undo(ana, file, act) == []
    set_label(world.actor("sofia"), file, "violence", present=True)
    with pytest.raises(ChangedMeanwhile):
        undo(ana, file, act)
    with pytest.raises(NotVisible):
        undo(world.actor("sofia"), file, act)
    assert labels_of([file.sha256]) == {file.sha256: {"violence"}}


@pytest.mark.django_db(transaction=True)
def test_two_who_add_a_child_at_once_get_two_numbers(transactional_db, tipline_home):
    world = make_world()
    [file] = files_of(file_report(world, files=[(picture(1), {})]).pk)
    numbers = []

    def press(name) -> None:
        try:
            numbers.append(add_child(world.actor(name), file)[0].child)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(name,)) for name in ("ana", "sofia")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2]


# --- open classification -------------------------------------------------------------------


def test_a_value_is_kept_as_typed_and_the_newest_counts(ana, file):
    assert set_value(ana, file, "demographic", "Skin tone", " light ")
    assert not set_value(ana, file, "demographic", "Skin tone", "light")
    assert set_value(ana, file, "demographic", "Skin tone", "dark")
    assert set_value(ana, file, "investigative", "Setting", "indoors")
    held = values_of([file.sha256])[file.sha256]
    assert [(v.scheme, v.version, v.block, v.key, v.value) for v in held] == [
        ("ucs", "3", "demographic", "Skin tone", "dark"),
        ("ucs", "3", "investigative", "Setting", "indoors"),
    ]
    assert set_value(ana, file, "demographic", "Skin tone", "")
    assert [v.key for v in values_of([file.sha256])[file.sha256]] == ["Setting"]
    ledger = LedgerEntry.objects.filter(verb="label.value-set")
    assert ledger.count() == 4
    assert "light" not in str([one.detail for one in ledger])


@pytest.mark.parametrize(
    ("block", "key", "value", "field"),
    [
        ("colour", "a", "b", "block"),
        ("demographic", " ", "b", "key"),
        ("demographic", "k" * 101, "b", "key"),
        ("demographic", "k\n", "b\nc", "value"),
        ("demographic", "k", "v" * 501, "value"),
        ("demographic", "k", "nul\x00", "value"),
    ],
)
def test_a_value_that_is_wrong_names_its_field(  # noqa: PLR0917 - one case, spelled out
    ana, file, block, key, value, field
):
    with pytest.raises(Invalid) as error:
        set_value(ana, file, block, key, value)
    assert error.value.field == field
    assert values_of([file.sha256]) == {}
