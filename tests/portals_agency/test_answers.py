"""An answer takes one click, and only what its status asks must be answered."""

from __future__ import annotations

import re

import pytest
from tests.portals_agency.conftest import elsewhere, referred
from tests.portals_agency.pages import hidden, page, text

from tipline.ground.taxonomy.outcomes import ClosingReason, NotUsefulReason, OutcomeStatus
from tipline.record.outcomes.models import Outcome
from tipline.record.outcomes.queries import released_for_sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(world):
    return referred(world).pk


def send(client, number, **said):
    return client.post(f"/agency/reports/{number}/answer/", {"token": "t", **said})


def test_the_page_has_the_whole_closed_list_as_buttons_without_script(ines, number):
    source = page(ines, f"/agency/reports/{number}/answer/")

    for vocabulary in (OutcomeStatus, ClosingReason, NotUsefulReason):
        for code in vocabulary:
            assert re.search(rf'type="radio" name="\w+" value="{code.value}"', source)
    assert "<select" not in source
    assert "<script" not in source.split("<main")[1]


@pytest.mark.parametrize("status", ["conviction", "arrest", "ongoing", "referred"])
def test_one_question_is_enough(ines, number, status):
    assert send(ines, number, status=status).status_code == 303

    outcome = Outcome.objects.get()
    assert outcome.status == status
    assert outcome.released_to_sender is False
    assert outcome.recorded_by.username == "ines"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "status"),
        ({"status": "elsewhere"}, "status"),
        ({"status": "closed"}, "closing_reason"),
        ({"status": "ongoing", "useful": "no"}, "not_useful_reason"),
        ({"status": "arrest", "additional_victims": "-1"}, "additional_victims"),
        ({"status": "arrest", "additional_victims": "many"}, "additional_victims"),
        ({"status": "arrest", "child_identified": "perhaps"}, "child_identified"),
    ],
)
def test_what_the_status_asks_must_be_answered(ines, number, said, field):
    answer = send(ines, number, **said)
    source = answer.content.decode()

    assert answer.status_code == 422
    assert "There is a problem" in source
    assert f'id="id_{field}_error"' in source
    assert not Outcome.objects.exists()


def test_everything_that_was_answered_is_kept_and_shown(ines, number):
    send(
        ines, number, status="arrest", child_identified="yes", additional_victims="2",
        useful="yes", release="on",
    )  # fmt: skip
    outcome = Outcome.objects.get()

    assert (outcome.child_identified, outcome.additional_victims) == (True, 2)
    assert (outcome.useful, outcome.released_to_sender) == (True, True)
    said = text(ines, f"/agency/reports/{number}/")
    assert "Arrest" in said
    assert "additional victims: 2" in said
    assert "the provider may learn it" in said


def test_an_answer_is_released_only_when_ticked(world, ines, number):
    send(ines, number, status="ongoing")
    enzo = world.actor("enzo")
    assert released_for_sender(enzo, [number]) == {}
    ines.post(
        f"/agency/reports/{number}/answer/",
        {"token": "u", "status": "closed", "closing_reason": "adult", "release": "on"},
    )
    assert [one.status for one in released_for_sender(enzo, [number])[number]] == ["closed"]


def test_one_click_answers(ines, number):
    source = page(ines, f"/agency/reports/{number}/")
    form = next(part for part in source.split("<form") if "subject_not_located" in part)
    data = {name: hidden(form, name)[0] for name in ("token", "status", "closing_reason")}
    for _ in range(2):  # a double click
        assert ines.post(f"/agency/reports/{number}/answer/", data).status_code == 303

    outcome = Outcome.objects.get()
    assert (outcome.status, outcome.closing_reason) == ("closed", "subject_not_located")
    assert "Unable to locate the subject" in text(ines, f"/agency/reports/{number}/")


def test_answers_stand_beside_each_other(ines, number):
    send(ines, number, status="ongoing")
    ines.post(f"/agency/reports/{number}/answer/", {"token": "u", "status": "conviction"})
    said = text(ines, f"/agency/reports/{number}/answer/")

    assert said.index("Ongoing investigation") < said.index("Conviction")
    assert Outcome.objects.count() == 2


def test_another_agencys_answer_is_not_shown(world, ines, tomas):
    document = elsewhere("TX")
    both = {
        **document,
        "victim": [{"victimPerson": {"address": [{"state": "CA", "country": "US"}]}}],
    }
    number = referred(world, document=both).pk
    send(tomas, number, status="conviction")

    assert "Your answers" in text(tomas, f"/agency/reports/{number}/")
    assert "Your answers" not in text(ines, f"/agency/reports/{number}/")
    assert "Texas ICAC" in text(ines, f"/agency/reports/{number}/")  # section D
