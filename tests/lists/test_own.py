"""Our own lists: three distinct people, one withdrawal, the same statements everywhere."""

from __future__ import annotations

import pytest
from tests.filing import SEEN, newest, picture
from tests.lists.made import agree, entries, matches, worked

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.insight.annotation.models import LabelEvent
from tipline.insight.annotation.queries import viral_list
from tipline.insight.annotation.services import confirm_label, lists_follow, set_label
from tipline.insight.lists import changes
from tipline.insight.lists.models import Entry, HashList
from tipline.insight.lists.own import OWN, make_own_lists, on_own_list
from tipline.insight.lists.standing import known_by_lists
from tipline.record.evidence.queries import files_of

CONTENT = picture(1)


def own(label) -> HashList:
    return HashList.objects.get(label=label)


def test_there_is_one_list_for_each_kind(db):
    make_own_lists()
    make_own_lists()
    assert {row.label for row in HashList.objects.filter(kind="own")} == {one.label for one in OWN}


@pytest.mark.parametrize("label", [one.label for one in OWN])
def test_the_third_person_puts_it_on_and_any_withdrawal_takes_it_off(filed, three, label):
    [file] = files_of(filed(files=[(CONTENT, SEEN)]).pk)
    agree(three[:2], file, label)
    assert on_own_list(label, [file.sha256]) == set()
    confirm_label(three[2], file, label)
    assert on_own_list(label, [file.sha256]) == {file.sha256}
    prints = changes.prints_of(entries(own(label)))
    kinds = {one.type for one in prints[entries(own(label))[0].pk]}
    assert kinds == {"sha256", "sha1", "md5", "pdq"}

    set_label(three[1], file, label, present=False)
    assert on_own_list(label, [file.sha256]) == set()
    [tombstone] = entries(own(label))
    assert tombstone.removed_at is not None

    agree(three, file, label)
    [entry] = entries(own(label))
    assert (entry.pk, entry.removed_at) == (tombstone.pk, None)
    verbs = LedgerEntry.objects.filter(verb__startswith="list.entry").order_by("pk")
    assert [one.verb for one in verbs] == [
        "list.entry-added",
        "list.entry-removed",
        "list.entry-added",
    ]


def test_one_person_three_times_is_one_person(filed, three):
    [file] = files_of(filed(files=[(CONTENT, SEEN)]).pk)
    set_label(three[0], file, "harmless", present=True)
    assert not confirm_label(three[0], file, "harmless")
    assert on_own_list("harmless", [file.sha256]) == set()


def test_other_labels_are_on_no_list(filed, three):
    [file] = files_of(filed(files=[(CONTENT, SEEN)]).pk)
    set_label(three[0], file, "violence", present=True)
    with pytest.raises(Invalid):
        confirm_label(three[1], file, "violence")
    with pytest.raises(Conflict):
        confirm_label(three[1], file, "viral")


def test_the_entry_matches_its_copies_and_what_looks_like_it(filed, three):
    first = filed(files=[(CONTENT, SEEN)])
    copy = filed(files=[(CONTENT, SEEN)], esp="quillnet")
    near = filed(files=[(picture(1, quality=85), SEEN)], esp="quillnet")
    agree(three, files_of(first.pk)[0], "apparent_csam")
    worked()
    assert matches(copy) == [
        ("own-csam", "digest", "sha256", 0),
        ("own-csam", "pdq", "pdq", 0),
    ]
    [(slug, layer, kind, distance)] = matches(near)
    assert (slug, layer, kind) == ("own-csam", "pdq", "pdq")
    assert 0 <= distance <= 10
    [file] = files_of(near.pk)
    assert known_by_lists([file]) == frozenset()
    assert LabelEvent.objects.filter(sha256=file.sha256).count() == 0


def test_a_report_of_a_near_copy_is_assessed_again(filed, three):
    first, near = filed(files=[(CONTENT, SEEN)]), filed(files=[(picture(1, quality=85), SEEN)])
    worked()
    before = newest(near).pk
    agree(three, files_of(first.pk)[0], "apparent_csam")
    worked()
    assert newest(near).pk == before  # looked at again, and nothing of it changed
    assert matches(near)


def test_statements_from_before_there_were_lists_are_followed(filed, three):
    [file] = files_of(filed(files=[(CONTENT, SEEN)]).pk)
    agree(three, file, "viral")
    for model in (Entry,):
        changes.EntryFingerprint.objects.all().delete()
        model.objects.all().delete()
    assert viral_list([file.sha256]) == frozenset()
    assert lists_follow() == 1
    assert viral_list([file.sha256]) == {file.sha256}
    assert lists_follow() == 0
