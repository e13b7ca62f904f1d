"""A list of ours is checked again: who stands behind it still, and looks that are asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.filing import SEEN, filed, picture, world
from tests.lists.made import agree, entries
from tests.triage.test_viral import add_otto

from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.roles import Role
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import Invalid, NotAllowed
from tipline.insight.annotation.audits import ALL, audit
from tipline.insight.annotation.looks import services
from tipline.insight.annotation.looks.rules import Answer
from tipline.insight.annotation.models import LabelEvent, Look
from tipline.insight.annotation.rules import PEOPLE_NEEDED, agreeing
from tipline.insight.annotation.rules_audit import Finding, Looked, findings, sample
from tipline.insight.annotation.services import set_label
from tipline.insight.lists.models import HashList
from tipline.record.evidence.queries import files_of

__all__ = ["filed", "world"]

SAID = st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=10)


@given(SAID, st.frozensets(st.integers(1, 5)), st.booleans(), st.booleans())
def test_an_entry_stands_exactly_when_three_who_are_here_stand_behind_it(said, here, no, copy):
    found = findings(Looked("k", said, here, no, copy))
    people = set(agreeing(said))
    assert (Finding.WITHDRAWN in found) == (not people)
    assert (Finding.TOO_FEW in found) == (0 < len(people) < PEOPLE_NEEDED)
    enough = len(people & here) >= PEOPLE_NEEDED
    assert (not set(found) & {Finding.WITHDRAWN, Finding.TOO_FEW, Finding.SOME_LEFT}) == enough
    assert (Finding.DISPUTED in found, Finding.GONE in found) == (no, not copy)


@given(st.sets(st.text("abc", min_size=1, max_size=4)), st.integers(0, 9))
def test_a_sample_is_of_the_keys_and_the_same_again(keys, number):
    drawn = sample(keys, number, "day")
    assert drawn == sample(sorted(keys), number, "day")
    assert len(drawn) == len(set(drawn)) == min(number, len(keys))
    assert set(drawn) <= keys
    assert drawn == sample(keys, number + 1, "day")[:number]


@pytest.fixture
def listed(filed, world):
    """Two contents on our own list, with Ana, Otto and Sofia behind them."""
    add_otto(world)
    three = [world.actor(name) for name in ("ana", "otto", "sofia")]
    made = [files_of(filed(files=[(picture(seed), SEEN)]).pk)[0] for seed in (1, 2)]
    for file in made:
        agree(three, file, "apparent_csam")
    return made


def own() -> HashList:
    return HashList.objects.get(label="apparent_csam")


def test_a_list_that_stands_is_clean(listed):
    made = audit(SYSTEM, own())
    assert (made.entries, made.clean, made.asked) == (2, True, 0)
    row = LedgerEntry.objects.get(verb="list.audited")
    assert row.detail["entries"] == 2


def test_what_no_longer_stands_is_named(listed, world):
    first, second = (file.sha256 for file in listed)
    LabelEvent.objects.filter(sha256=first).order_by("-pk").first().delete()
    made = audit(SYSTEM, own())
    assert made.found[Finding.TOO_FEW] == [first]
    LabelEvent.objects.filter(sha256=first).delete()
    accounts.suspend_person(SYSTEM, world.people["otto"])
    made = audit(SYSTEM, own())
    assert made.found[Finding.WITHDRAWN] == [first]
    assert made.found[Finding.SOME_LEFT] == [second]
    assert not made.clean


def test_looks_are_asked_for_once_and_a_withdrawn_entry_leaves_a_tombstone(listed, world):
    made = audit(SYSTEM, own(), ALL)
    assert (made.asked, made.waiting) == (2, 0)
    assert {(row.audit, row.drawn) for row in Look.objects.filter(state="waiting")} == {
        (True, False)
    }
    again = audit(SYSTEM, own(), 1)
    assert (again.asked, again.waiting) == (0, 1)

    silas = world.actor("silas")
    row = services.take(silas)
    services.answer(silas, row.pk, Answer(frozenset({"harmless"})))
    assert audit(SYSTEM, own()).found[Finding.DISPUTED] == [row.sha256]

    world.people["omar"] = accounts.add_person(
        SYSTEM, username="omar", name="Omar", role=Role.SUPERVISOR,
        organisation=world.organisations["Clearinghouse"], password="a-long-enough-pass-1",
    )  # fmt: skip
    services.settle(world.actor("omar"), row.pk, Answer(frozenset({"harmless"})), "A drawing.")
    assert {entry.key for entry in entries(own()) if entry.removed_at} == {row.sha256}
    assert audit(SYSTEM, own()).entries == 1


def test_who_may_and_what_is_wrong(listed, world):
    with pytest.raises(NotAllowed):
        audit(world.actor("ana"), own())
    with pytest.raises(Invalid):
        audit(SYSTEM, own(), -2)
    foreign = HashList(slug="x", name="X", kind="foreign", content="other")
    with pytest.raises(Invalid, match="our own lists"):
        audit(SYSTEM, foreign)
    set_label(world.actor("ana"), listed[0], "apparent_csam", present=False)
    assert audit(world.actor("sofia"), own()).entries == 1
