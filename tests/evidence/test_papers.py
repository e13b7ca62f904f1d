"""What becomes of a paper, who may say so, and what the gate makes of it at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.personas import file_report

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.record.evidence.access import decisions
from tipline.record.evidence.models import Opening, OpeningStep
from tipline.record.evidence.papers.queries import paper_for, standing_now
from tipline.record.evidence.papers.rules import Standing, State
from tipline.record.evidence.papers.services import (
    Move,
    OpeningTerms,
    move_opening,
    named_files,
    record_opening,
)
from tipline.record.evidence.queries import files_of

DAY = timedelta(days=1)


def terms(**changes) -> OpeningTerms:
    wanted = OpeningTerms("warrant", "26-123", "Fresno County", clock.now() - DAY)
    return replace(wanted, **changes)


@pytest.fixture
def file(world):
    [file] = files_of(file_report(world, files=[(b"one", {})]).pk)
    return file


@pytest.fixture
def ines(world):
    return world.actor("ines")


def is_open(actor, file) -> bool:
    return decisions(actor, [file])[file.pk].open


def codes(actor, file) -> set[str]:
    return {reason.code for reason in decisions(actor, [file])[file.pk].reasons}


def test_an_application_opens_nothing_until_it_is_granted(ines, file):
    made = record_opening(ines, [file], terms(state="applied"))
    assert not is_open(ines, file)
    assert "gate.paper_applied" in codes(ines, file)
    assert standing_now(made) is Standing.APPLIED

    move_opening(ines, file.report_id, made.pk, Move(State.GRANTED, "Order of 3 March."))
    assert is_open(ines, file)


def test_what_is_granted_may_be_less_than_what_was_asked_for(ines, file):
    made = record_opening(ines, [file], terms(state="applied"))
    start, end = clock.now() + DAY, clock.now() + 2 * DAY
    granted = Move(State.GRANTED, "From tomorrow.", valid_from=start, valid_until=end)
    made = move_opening(ines, file.report_id, made.pk, granted)

    assert (made.valid_from, made.valid_until) == (start, end)
    assert not is_open(ines, file)
    assert "gate.paper_begins_later" in codes(ines, file)
    steps = [(s.state, s.reason) for s in paper_for(ines, file.report_id, made.pk).steps]
    assert steps == [("applied", ""), ("granted", "From tomorrow.")]


@pytest.mark.parametrize(
    ("first", "to", "code"),
    [
        ("applied", State.DENIED, "gate.paper_denied"),
        ("applied", State.ENDED, "gate.paper_ended"),
        ("granted", State.REVOKED, "gate.paper_revoked"),
        ("granted", State.ENDED, "gate.paper_ended"),
    ],
)
def test_each_end_closes_at_once_and_says_so(ines, file, first, to, code):
    made = record_opening(ines, [file], terms(state=first))
    move_opening(ines, file.report_id, made.pk, Move(to, "Because."))

    assert not is_open(ines, file)
    assert code in codes(ines, file)
    paper = paper_for(ines, file.report_id, made.pk)
    assert paper.may_become == ()
    assert [step.state for step in paper.steps] == [first, to]


def test_what_has_ended_stays_so(ines, file):
    for to in (State.REVOKED, State.ENDED):
        made = record_opening(ines, [file], terms())
        move_opening(ines, file.report_id, made.pk, Move(to, "Because."))
        before = OpeningStep.objects.count()
        move_opening(ines, file.report_id, made.pk, Move(to, "Pressed twice."))
        for other in set(State) - {to}:
            with pytest.raises(Conflict, match="final"):
                move_opening(ines, file.report_id, made.pk, Move(other, "Back."))
        assert OpeningStep.objects.count() == before
    assert not is_open(ines, file)


def test_who_was_slower_is_told_and_changes_nothing(ines, file, monkeypatch):
    """Somebody revoked it between the look and the act."""
    made = record_opening(ines, [file], terms(state="applied"))
    stale = Opening.objects.get(pk=made.pk)
    move_opening(ines, file.report_id, made.pk, Move(State.DENIED, "Denied."))
    monkeypatch.setattr("tipline.record.evidence.papers.services._mine", lambda *_asked: stale)
    with pytest.raises(Conflict, match="Somebody else"):
        move_opening(ines, file.report_id, made.pk, Move(State.GRANTED, "Granted."))
    assert Opening.objects.get(pk=made.pk).state == "denied"
    assert not is_open(ines, file)


@pytest.mark.parametrize("name", ["tomas", "sofia", "fay"])
def test_nobody_else_says_what_became_of_it(world, ines, file, name):
    made = record_opening(ines, [file], terms())
    with pytest.raises(NotVisible):
        move_opening(world.actor(name), file.report_id, made.pk, Move(State.ENDED, "Mine."))
    with pytest.raises(NotVisible):
        paper_for(world.actor(name), file.report_id, made.pk)
    with pytest.raises(NotVisible):
        paper_for(ines, file.report_id + 1, made.pk)
    with pytest.raises(NotAllowed):
        move_opening(world.actor("ana"), file.report_id, made.pk, Move(State.ENDED, "Mine."))
    assert is_open(ines, file)


def test_a_file_of_another_report_is_no_part_of_its_scope(world, ines, file):
    [other] = files_of(file_report(world, files=[(b"two", {})]).pk)
    with pytest.raises(Invalid, match="not of this report") as refused:
        named_files([file], [file.file_id, other.file_id])
    assert refused.value.field == "named"
    assert named_files([file], [file.file_id, file.file_id]) == [file]

    record_opening(ines, [file], terms())
    assert not is_open(ines, other)


@pytest.mark.parametrize(
    ("move", "field"),
    [
        (Move(State.GRANTED, " "), "reason"),
        (Move(State.GRANTED, "x" * 501), "reason"),
        (Move(State.GRANTED, "Granted."), "valid_until"),
        (
            Move(
                State.GRANTED,
                "Granted.",
                valid_from=clock.now(),
                valid_until=clock.now() - DAY,
                approved_by="Chief Ada",
            ),
            "valid_until",
        ),
        (
            Move(State.GRANTED, "Granted.", valid_from=clock.now(), valid_until=clock.now() + DAY),
            "approved_by",
        ),
    ],
)
def test_a_grant_is_checked_as_if_it_were_recorded_now(ines, file, move, field):
    asked = terms(kind="exigency", state="applied")
    made = record_opening(ines, [file], asked)
    with pytest.raises(Invalid) as refused:
        move_opening(ines, file.report_id, made.pk, move)
    assert refused.value.field == field
    assert Opening.objects.get(pk=made.pk).state == "applied"
    assert OpeningStep.objects.count() == 1


def test_no_paper_begins_denied(ines, file):
    for state in ("denied", "revoked", "ended", "perhaps"):
        with pytest.raises(Invalid) as refused:
            record_opening(ines, [file], terms(state=state))
        assert refused.value.field == "state"


def test_the_ledger_has_each_move_and_none_of_the_words(ines, file):
    made = record_opening(ines, [file], terms(state="applied", reference="PRIVATE-77"))
    move_opening(ines, file.report_id, made.pk, Move(State.GRANTED, "PRIVATE words"))
    move_opening(ines, file.report_id, made.pk, Move(State.REVOKED, "PRIVATE words"))

    entries = LedgerEntry.objects.filter(subject=f"report:{file.report_id}").order_by("pk")
    told = [(e.verb, e.detail.get("from")) for e in entries if e.verb.startswith("opening.")]
    assert told == [
        ("opening.recorded", None),
        ("opening.granted", "applied"),
        ("opening.revoked", "granted"),
    ]
    assert "PRIVATE" not in str(list(entries.values()))
