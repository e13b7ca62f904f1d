"""From the first question to the receipt, and to the desks behind it."""

from __future__ import annotations

import pytest
from tests.personas import make_world
from tests.portals_public.conftest import LEAST, PAGES, WHOLE, Visitor, sealed_in

from tipline.doors.portals.public import draft as drafts
from tipline.ground.foundation.actor import SYSTEM
from tipline.pipeline import stages
from tipline.record.intake.models import Submission
from tipline.record.intake.queries import books
from tipline.record.reports.models import Report, ReportDocument
from tipline.record.reports.queries import identity_of

pytestmark = pytest.mark.django_db


def test_the_whole_form_becomes_one_filed_report(visitor):
    visitor.walk(WHOLE)
    visitor.send("send")

    report = Report.objects.get()
    assert visitor.number == report.pk
    assert (report.state, report.door, report.sender) == ("finished", "public", None)
    assert ReportDocument.objects.get().document == {
        "incidentSummary": {
            "incidentType": "Online Enticement of Children for Sexual Acts",
            "platform": "Kitegram",
            "escalateToHighPriority": "The reporter says that a child is in danger right now.",
            "incidentDateTime": "2026-11-20T21:30:00-05:00",
            "incidentDateTimeDescription": "at night",
        },
        "internetDetails": [{"webPageIncident": {"url": ["https://kitegram.example/blue.kite"]}}],
        "reporter": {
            "reportingPerson": {},
            "sealed": {"reportingPerson": ["firstName", "lastName", "phone", "email"]},
        },
        "personOrUserReported": [
            {
                "personOrUserReportedPerson": {
                    "firstName": "Robin",
                    "lastName": "Vale",
                    "age": 41,
                    "phone": [{"value": "+1 559 555 0147"}],
                    "email": [{"value": "robin@example.org"}],
                    "address": [{"city": "Fresno", "state": "CA", "country": "US"}],
                },
                "espService": "Kitegram",
                "screenName": "blue.kite",
            }
        ],
        "victim": [
            {
                "victimPerson": {
                    "age": 12,
                    "address": [{"city": "Fresno", "state": "CA", "country": "US"}],
                },
                "additionalInfo": "The reporter knows the child.",
            }
        ],
        "additionalInfo": "First line.\nSecond line.",
    }
    assert identity_of(report) == {
        "reportingPerson": {
            "firstName": "Noor",
            "lastName": "Amberley",
            "phone": [{"value": "+1 559 555 0188"}],
            "email": [{"value": "noor@example.com"}],
        }
    }


def test_nearly_everything_may_stay_empty(visitor):
    visitor.answer(LEAST)
    visitor.send("send")

    document = ReportDocument.objects.get(report_id=visitor.number).document
    assert document["reporter"] == {"reportingPerson": {}}
    assert "victim" not in document
    assert "personOrUserReported" not in document
    assert "escalateToHighPriority" not in document["incidentSummary"]
    assert document["incidentSummary"]["incidentDateTime"] == "1970-01-01T00:00:00"
    assert document["incidentSummary"]["incidentDateTimeDescription"] == "The day is not known."


def test_a_visitor_who_leaves_before_sending_leaves_nothing(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        visitor.walk(WHOLE)
        visitor.open()

    assert (Report.objects.count(), Submission.objects.count()) == (0, 0)


def test_a_double_click_makes_one_report_and_balanced_books(visitor):
    visitor.answer(LEAST)
    twin = Visitor(visitor.client, page=visitor.page)
    visitor.send("send")
    twin.send("send")

    assert twin.number == visitor.number
    assert Report.objects.count() == 1
    found = books(SYSTEM)
    assert found.balanced
    assert found.sums() == {
        "received": 2, "accepted": 1, "duplicate": 1, "refused": 0, "expired": 0,
        "retracted": 0, "open": 0,
    }  # fmt: skip


def test_two_visitors_with_the_same_answers_make_two_reports(visitor):
    for each in (visitor, Visitor()):
        each.answer(LEAST)
        each.send("send")

    assert Report.objects.count() == 2


def test_going_back_after_sending_and_changing_asks_before_a_second_report(visitor):
    visitor.answer(LEAST)
    before = visitor.page
    visitor.send("send")
    first = visitor.number
    visitor.page = before
    visitor.send("to-danger")
    visitor.send(danger="yes")
    visitor.send("send")

    assert visitor.page.status_code == 409
    assert "was sent before" in visitor.text
    assert Report.objects.count() == 1
    visitor.send("send")
    assert visitor.number != first
    assert Report.objects.count() == 2


def test_back_keeps_what_was_typed_even_when_it_is_wrong(visitor):
    visitor.answer(LEAST, until="who")
    visitor.send("back", age="about forty")
    assert "Where online did it happen?" in visitor.text
    visitor.send()

    assert 'value="about forty"' in visitor.page.content.decode()


def test_a_change_from_the_check_leads_back_to_the_check(visitor):
    visitor.answer(WHOLE)
    assert "Check your answers" in visitor.text
    visitor.send("to-who")
    assert 'value="Robin"' in visitor.page.content.decode()
    visitor.send(**{**WHOLE["who"], "first_name": "Kim"})

    assert "Check your answers" in visitor.text
    assert "Kim" in visitor.text
    assert "Robin" not in visitor.text


def test_the_check_shows_choices_in_words_and_what_was_not_said(visitor):
    visitor.answer({**LEAST, "child": {"known": "me"}})

    assert "Someone online asks a child" in visitor.text
    assert "I am the child" in visitor.text
    assert "not said" in visitor.text


@pytest.mark.parametrize("page", ["danger", "what", "you"])
def test_sending_asks_again_for_what_is_missing(visitor, page):
    from tipline.doors.portals.public import draft as drafts

    answers = {name: said for name, said in LEAST.items() if name != page}
    sealed = drafts.seal(drafts.Draft("n" * 32, "check", checking=True, answers=answers))
    response = visitor.client.post("/report/", {"sealed": sealed, "go": "send"})

    assert response.status_code == 422
    assert "Choose one of the answers." in response.content.decode()
    assert Report.objects.count() == 0


def test_a_child_in_danger_makes_the_report_urgent_by_the_reporters_word(visitor):
    make_world()
    visitor.answer(WHOLE)
    visitor.send("send")
    stages.run(visitor.number)

    from tipline.insight.triage.queue import newest_assessment

    result = newest_assessment(visitor.number).result
    codes = {reason["code"]: reason["source"] for reason in result["danger"]["reasons"]}
    assert result["urgency"] == "unconfirmed"
    assert codes["triage.child_in_danger_now"] == "reporter"
    assert "triage.escalated" not in codes


def test_a_filed_report_is_announced_once(visitor):
    from tipline.ground.foundation.models import Job

    visitor.answer(LEAST)
    twin = Visitor(visitor.client, page=visitor.page)
    visitor.send("send")
    twin.send("send")

    lanes = list(Job.objects.values_list("lane", flat=True))
    assert lanes
    assert set(lanes) == {"public:0"}
    assert Job.objects.count() == len(set(Job.objects.values_list("kind", flat=True)))


def test_a_report_that_cannot_be_filed_leaves_nothing_half_done(visitor, monkeypatch):
    from tipline.record.reports import services

    def broken(_actor, _report):
        raise RuntimeError

    monkeypatch.setattr(services, "finish", broken)
    visitor.answer(LEAST)
    with pytest.raises(RuntimeError):
        visitor.send("send")

    assert (Report.objects.count(), Submission.objects.count()) == (0, 0)


def test_every_page_is_asked_once_in_order(visitor):
    asked = []
    visitor.open()
    for name in PAGES:
        asked.append(drafts.unseal(sealed_in(visitor.page)).page)
        visitor.send(**LEAST[name])

    assert asked == list(PAGES)
