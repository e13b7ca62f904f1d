"""The operator's form: a call files a report like every other door."""

from __future__ import annotations

import re

import pytest
from tests.portals_desk.test_queue import numbers

from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.triage.queue import entry_of
from tipline.pipeline import stages
from tipline.record.intake.queries import books
from tipline.record.reports.queries import document_of, has_identity, report_for

pytestmark = pytest.mark.django_db

CALL = {
    "danger": "no",
    "incident_type": "enticement",
    "told": "A stranger wrote to my daughter & asked for pictures.",
    "when_day": "2026-11-20",
    "who_account": "blue.kite",
    "who_service": "Quill",
    "child_age": "12",
    "child_state": "CA",
    "child_country": "US",
    "anonymous": "on",
}


def token_of(client):
    html = client.get("/desk/call/").content.decode()
    return re.search(r'name="token" value="([0-9a-f]{32})"', html)[1]


def send(client, **other):
    return client.post("/desk/call/", {"token": token_of(client), **CALL, **other})


def filed_number(answer):
    assert answer.status_code == 303, answer.content.decode()
    return int(re.fullmatch(r"/desk/call/(\d+)/", answer["Location"])[1])


def test_a_call_files_a_report_and_gives_its_number(ana, world):
    answer = send(ana)
    number = filed_number(answer)

    receipt = ana.get(answer["Location"]).content.decode()
    assert f'<p class="receipt"><strong>{number}</strong></p>' in receipt
    report = report_for(world.actor("ana"), number)
    assert (report.door, report.sender.name) == ("phone", "Clearinghouse")
    assert document_of(number)["additionalInfo"] == CALL["told"]


def test_it_walks_the_same_way_as_every_report(ana, world):
    number = filed_number(send(ana, danger="yes", danger_why="They meet tomorrow."))
    stages.run(number)

    assert entry_of(number).urgency == "unconfirmed"
    assert entry_of(number).place == "US-CA"
    assert numbers(ana.get("/desk/").content.decode()) == [number]
    page = ana.get(f"/desk/reports/{number}/").content.decode()
    assert "They meet tomorrow." in page
    assert "California ICAC" in page


def test_who_called_stands_nowhere_on_the_page(ana):
    caller = {"anonymous": "", "caller_last_name": "Gray", "caller_phone": "+14155550199"}
    number = filed_number(send(ana, **caller))
    stages.run(number)

    page = ana.get(f"/desk/reports/{number}/").content.decode()

    assert "Sealed: Last name, Phone." in page
    assert "Show who it is" in page
    assert "Gray" not in page
    assert "5550199" not in page
    assert "kept sealed" in page  # the place that the number leads to, without the number


def test_of_an_anonymous_caller_nothing_is_kept(ana):
    number = filed_number(send(ana))
    stages.run(number)

    assert document_of(number)["reporter"] == {"reportingPerson": {}}
    assert not has_identity(number)
    page = ana.get(f"/desk/reports/{number}/").content.decode()
    assert "stays anonymous: nothing is kept of who they are" in page
    assert "Show who it is" not in page


def test_a_day_that_is_not_told_dates_nothing(ana):
    number = filed_number(send(ana, when_day=""))
    stages.run(number)

    result = entry_of(number).assessment.result
    codes = {one["code"] for one in result["actionability"]["reasons"]}
    assert "triage.no_incident_time" in codes
    assert not {"triage.stale", "triage.incident_time"} & codes
    page = ana.get(f"/desk/reports/{number}/").content.decode()
    assert "The day is not known." in page


def test_the_same_form_sent_twice_is_one_report(ana):
    token = token_of(ana)
    first = ana.post("/desk/call/", {"token": token, **CALL})
    second = ana.post("/desk/call/", {"token": token, **CALL})

    assert filed_number(first) == filed_number(second)
    (line,) = books(SYSTEM).lines
    assert (line.received, line.accepted, line.duplicate, line.difference) == (2, 1, 1, 0)


def test_the_same_form_with_other_words_is_asked_about_and_then_a_second_report(ana):
    token = token_of(ana)
    first = filed_number(ana.post("/desk/call/", {"token": token, **CALL}))
    changed = {**CALL, "told": "Another call."}

    asked = ana.post("/desk/call/", {"token": token, **changed})
    html = asked.content.decode()
    assert asked.status_code == 422
    assert "This form was sent before, with other words" in html
    assert "Another call." in html

    fresh = re.search(r'name="token" value="([0-9a-f]{32})"', html)[1]
    second = filed_number(ana.post("/desk/call/", {"token": fresh, **changed}))
    assert second != first
    assert books(SYSTEM).balanced


def test_what_is_wrong_is_said_and_nothing_is_lost(ana):
    wrong = {
        "Say why the child is in danger.": {"danger": "yes"},
        "Take out the caller&#x27;s data, or untick this.": {"caller_phone": "415 555 0100"},
        "Give the day too": {"when_day": "", "when_time": "10:00"},
        "This lies in the future.": {"when_day": "2099-01-01"},
        "This field is required.": {"told": ""},
        "Enter a valid email address.": {"anonymous": "", "caller_email": "at home"},
        "at most 3000 characters": {"told": "x" * 3001},
        "less than or equal to 150": {"child_age": "900"},
        "Select a valid choice.": {"who_country": "Atlantis"},
    }
    for sentence, change in wrong.items():
        answer = send(ana, **change)
        html = answer.content.decode()

        assert answer.status_code == 422, sentence
        assert sentence in html
        assert 'value="blue.kite"' in html
    assert books(SYSTEM).lines == []


def test_control_characters_leave_no_trace(ana):
    number = filed_number(send(ana, told="He said:\x0b\x1b[31m hello\r\nand left."))

    assert document_of(number)["additionalInfo"] == "He said:[31m hello\nand left."


def test_calls_are_taken_at_this_desk_only(signed_in):
    for name in ("enzo", "ines", "adam"):
        assert signed_in(name).get("/desk/call/").status_code == 404
        assert signed_in(name).post("/desk/call/", CALL).status_code == 404


def test_a_receipt_is_of_a_report_that_is_filed(ana):
    assert ana.get("/desk/call/424242/").status_code == 404
