"""The ledger: searched by subject, verified on demand."""

from __future__ import annotations

import pytest
from tests.personas import file_report
from tests.portals_staff.conftest import words_of

from tipline.doors.portals.staff import views_ledger
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.audit.services import seal


def test_a_subject_shows_who_did_what(world, adam):
    person = world.people["ana"]
    adam.post(f"/staff/people/{person.pk}/suspend/")
    text = words_of(adam.get("/staff/ledger/", {"q": f"person:{person.pk}"}))

    assert "2 entries" in text
    assert "person.suspended Adam" in text
    assert "person.added system" in text


def test_a_subject_without_entries_says_so(adam):
    assert "The ledger holds nothing about this subject." in words_of(
        adam.get("/staff/ledger/", {"q": "report:999999999"})
    )


@pytest.mark.parametrize("wrong", ["report", "report:", ":1", "report:1 or 1", "x" * 81, "r:\n1"])
def test_what_is_no_subject_is_refused_with_an_example(adam, wrong):
    answer = adam.get("/staff/ledger/", {"q": wrong})

    assert answer.status_code == 422
    assert "There is a problem" in words_of(answer)


def test_an_empty_search_asks_for_a_subject(adam):
    for sent in ({}, {"q": ""}):
        answer = adam.get("/staff/ledger/", sent)
        assert answer.status_code == 200
        assert "report:100023" in words_of(answer)


def test_only_the_newest_entries_are_shown(adam, monkeypatch):
    monkeypatch.setattr(views_ledger, "MOST", 3)
    for number in range(5):
        LedgerEntry.objects.create(
            at="2026-11-23T10:00:00Z", actor="system", verb=f"made-up.{number}", subject="job:7"
        )
    text = words_of(adam.get("/staff/ledger/", {"q": "job:7"}))

    assert "made-up.4" in text
    assert "made-up.1" not in text
    assert "Only the newest entries are shown." in text


def test_a_whole_chain_holds(world, adam):
    file_report(world)
    count = seal()
    text = words_of(adam.post("/staff/ledger/verify/"))

    assert f"The chain holds: {count} entries were checked." in text


def test_an_altered_entry_is_found_at_its_place(world, adam):
    seal()
    third = LedgerEntry.objects.order_by("pk")[2]
    LedgerEntry.objects.filter(pk=third.pk).update(verb="report.read")
    text = words_of(adam.post("/staff/ledger/verify/"))

    assert "The chain does not hold: 1 problem." in text
    assert "The entry at place 3 was altered." in text


def test_a_long_chain_is_left_to_the_command_line(world, adam, monkeypatch):
    seal()
    monkeypatch.setattr(views_ledger, "LONGEST_CHAIN", 3)
    text = words_of(adam.post("/staff/ledger/verify/"))

    assert "./tipline audit verify" in text
    assert "The chain holds" not in text
