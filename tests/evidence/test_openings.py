"""Openings: whom they open what to, from when until when, and what may not be recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.filing import SEEN
from tests.personas import file_report

from tipline.ground.accounts import services as accounts
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import Invalid, NotAllowed, NotVisible
from tipline.record.evidence.access import decisions, decisions_for_house
from tipline.record.evidence.models import Opening, OpeningFile
from tipline.record.evidence.queries import files_of
from tipline.record.evidence.services import OpeningTerms, end_opening, record_opening

DAY = timedelta(days=1)


def terms(**changes) -> OpeningTerms:
    wanted = OpeningTerms("warrant", "26-123", "Fresno County", clock.now() - DAY)
    return replace(wanted, **changes)


def is_open(actor, file) -> bool:
    return decisions(actor, [file])[file.pk].open


@pytest.fixture
def files(world):
    """Two files of one report that nobody at the ESP viewed."""
    return files_of(file_report(world, files=[(b"one", {}), (b"two", {})]).pk)


def test_a_warrant_opens_what_it_names_to_its_holder_and_to_nobody_else(world, files):
    named, other = files
    record_opening(world.actor("ines"), [named], terms())

    assert is_open(world.actor("ines"), named)
    assert not is_open(world.actor("ines"), other)
    for name in ("tomas", "fay", "ana", "sofia", "enzo"):
        assert not is_open(world.actor(name), named), name


def test_an_opening_of_the_house_opens_to_all_its_analysts(world, files):
    record_opening(world.actor("sofia"), [files[0]], terms())

    assert is_open(world.actor("ana"), files[0])
    assert decisions_for_house(files)[files[0].pk].open
    assert not decisions_for_house(files)[files[1].pk].open
    assert not is_open(world.actor("ines"), files[0])


def test_an_opening_of_an_agency_is_none_of_the_house(world, files):
    record_opening(world.actor("ines"), files, terms())
    assert not any(decision.open for decision in decisions_for_house(files).values())


@pytest.mark.parametrize(
    ("start", "end", "opens"),
    [(-DAY, None, True), (DAY, None, False), (-2 * DAY, -DAY, False), (-DAY, DAY, True)],
)
def test_it_opens_from_its_start_until_its_end(world, files, start, end, opens):
    now = clock.now()
    wanted = terms(valid_from=now + start, valid_until=None if end is None else now + end)
    record_opening(world.actor("ines"), files, wanted)
    assert is_open(world.actor("ines"), files[0]) is opens


def test_an_ended_opening_opens_nothing_more(world, files):
    opening = record_opening(world.actor("ines"), files, terms())
    end_opening(world.actor("ines"), files[0].report_id, opening.pk)

    assert not is_open(world.actor("ines"), files[0])
    with pytest.raises(NotVisible):  # it has ended already
        end_opening(world.actor("ines"), files[0].report_id, opening.pk)


def test_nobody_ends_the_opening_of_another_organisation(world, files):
    opening = record_opening(world.actor("ines"), files, terms())
    for name in ("tomas", "sofia"):
        with pytest.raises(NotVisible):
            end_opening(world.actor(name), files[0].report_id, opening.pk)
    with pytest.raises(NotVisible):  # the right holder, but another report
        end_opening(world.actor("ines"), files[0].report_id + 1, opening.pk)
    assert is_open(world.actor("ines"), files[0])


@pytest.mark.parametrize("name", ["ana", "adam", "enzo"])
def test_not_everybody_records_one(world, files, name):
    with pytest.raises(NotAllowed):
        record_opening(world.actor(name), files, terms())
    assert not Opening.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "favour"}, "kind"),
        ({"reference": " "}, "reference"),
        ({"reference": "x" * 101}, "reference"),
        ({"issuer": ""}, "issuer"),
        ({"issuer": "x" * 201}, "issuer"),
        ({"kind": "consent"}, "valid_until"),
        ({"kind": "exigency", "valid_until": clock.now() + DAY}, "approved_by"),
        ({"kind": "exigency", "valid_until": clock.now() + DAY, "approved_by": " "}, "approved_by"),
        ({"valid_until": clock.now() - 2 * DAY}, "valid_until"),
    ],
)
def test_what_is_no_opening(world, files, changes, field):
    with pytest.raises(Invalid) as refused:
        record_opening(world.actor("ines"), files, terms(**changes))
    assert refused.value.field == field
    assert not Opening.objects.exists()


def test_an_opening_names_files_once(world, files):
    with pytest.raises(Invalid):
        record_opening(world.actor("ines"), [], terms())
    record_opening(world.actor("ines"), [files[0], files[0]], terms())
    assert OpeningFile.objects.count() == 1


def test_an_exigency_that_nobody_approved_opens_nothing(world, files):
    """Whatever wrote such a row, the one who asked for it is not the one who approved it."""
    wanted = terms(kind="exigency", valid_until=clock.now() + DAY, approved_by="Chief Ada")
    opening = record_opening(world.actor("ines"), files, wanted)
    assert is_open(world.actor("ines"), files[0])
    Opening.objects.filter(pk=opening.pk).update(approved_by="")
    assert not is_open(world.actor("ines"), files[0])


def test_recording_and_ending_stand_on_the_ledger_without_the_paper(world, files):
    opening = record_opening(world.actor("ines"), files, terms(reference="PRIVATE-77"))
    end_opening(world.actor("ines"), files[0].report_id, opening.pk)

    entries = LedgerEntry.objects.filter(subject=f"report:{files[0].report_id}")
    verbs = list(entries.order_by("pk").values_list("verb", flat=True))[-2:]
    assert verbs == ["opening.recorded", "opening.ended"]
    assert "PRIVATE" not in str(list(entries.values()))


class TestProfiles:
    """The flags of a file mean what the profile of its own ESP, then, says that they mean."""

    def test_files_of_several_reports_keep_to_their_own(self, world):
        [trusted] = files_of(file_report(world, files=[(b"one", SEEN)]).pk)
        [unknown] = files_of(file_report(world, esp="quillnet", files=[(b"two", SEEN)]).pk)
        for order in ([trusted, unknown], [unknown, trusted]):
            found = decisions(world.actor("ana"), order)
            assert found[trusted.pk].open
            assert not found[unknown.pk].open

    def test_a_later_profile_changes_nothing_about_earlier_reports(self, world):
        [file] = files_of(file_report(world, esp="quillnet", files=[(b"two", SEEN)]).pk)
        accounts.set_esp_profile(
            SYSTEM,
            world.organisations["Quillnet"],
            {"viewed_means": "this_upload_by_person_before_reporting"},
        )
        assert not is_open(world.actor("ana"), file)
        [later] = files_of(file_report(world, esp="quillnet", files=[(b"two", SEEN)]).pk)
        assert is_open(world.actor("ana"), later)


class TestCircuits:
    """Rule 4 is for agencies all of whose areas lie in a circuit that takes it."""

    @pytest.mark.parametrize(
        ("areas", "opens"),
        [
            (["US-TX"], True),
            (["US-TX", "US-LA"], True),
            (["US-TX", "US-CA"], False),
            (["US-TX", "US-FEDERAL"], False),
            (["US-FEDERAL"], False),
            (["US-CA"], False),
            (["DE"], False),
            ([], False),
        ],
    )
    def test_only_where_all_agree(self, world, files, areas, opens):
        content = {"areas": areas, "allow_hash_confirm": True}
        accounts.set_agency_profile(SYSTEM, world.organisations["Texas ICAC"], content)
        known = frozenset({files[0].sha256})
        found = decisions(world.actor("tomas"), files, known)
        assert found[files[0].pk].open is opens
        assert not found[files[1].pk].open
        assert not decisions(world.actor("ana"), files, known)[files[0].pk].open
