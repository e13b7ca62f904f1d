"""What a caller tells becomes a document that the schema accepts, whatever was left empty."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tipline.doors.portals.desk.call_document import document_of_call
from tipline.doors.portals.desk.forms_call import CallForm
from tipline.ground.foundation.xml import Schema
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.record.reports import facts
from tipline.record.reports.reading import read_report
from tipline.record.reports.told_times import ToldTime
from tipline.record.reports.writing import report_xml
from tipline.record.reports.xsd import schema_document

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEXTS = st.one_of(st.just(""), st.text(st.characters(blacklist_categories=["Cc", "Cs", "Cn"])))
PHONE = {"danger": "no", "incident_type": "enticement", "told": "Someone wrote to my child."}


def form_of(**said):
    form = CallForm({"token": "t", **PHONE, **said})
    assert form.is_valid(), form.errors
    return form


def problems(document):
    return Schema(schema_document()).problems(report_xml(document))


FIELDS = st.fixed_dictionaries(
    {
        "incident_type": st.sampled_from([kind.value for kind in IncidentType]),
        "told": st.just("Someone wrote to my child."),
        "danger": st.sampled_from(["no", "unknown"]),
        **{name: TEXTS.map(lambda text: text[:50]) for name in
           ("who_first_name", "who_last_name", "who_service", "who_account", "who_phone",
            "who_email", "who_city", "child_city", "when_told", "url", "caller_first_name",
            "caller_phone")},
        "who_state": st.sampled_from(["", "CA", "TX"]),
        "who_country": st.sampled_from(["", "US", "DE"]),
        "child_age": st.sampled_from(["", "0", "12"]),
        "when_day": st.sampled_from(["", "2026-11-20"]),
    }
)  # fmt: skip


@given(FIELDS)
def test_every_call_is_valid_and_reads_back_as_it_was_written(said):
    document = form_of(**said).document()

    assert problems(document) == []
    read = read_report(report_xml(document), strict=True, now=NOW)
    assert read.problems == ()
    assert read.document["incidentSummary"] == document["incidentSummary"]


def test_everything_that_was_told_stands_in_its_place():
    document = form_of(
        who_first_name="Kit", who_last_name="Blue", who_service="Quill", who_account="blue.kite",
        who_phone="+1 415 555 0100", who_email="kit@example.org", who_city="Fresno",
        who_state="CA", who_country="US", child_age="12", child_city="Austin", child_state="TX",
        child_country="US", caller_first_name="Sam", caller_last_name="Gray",
        caller_phone="415 555 0199", caller_email="sam@example.org", url="https://quill.example/x",
        when_day="2026-11-20", when_time="21:30", when_zone="America/Los_Angeles",
        when_told="Friday evening", danger="yes", danger_why="They meet tomorrow.",
    ).document()  # fmt: skip

    assert document == {
        "incidentSummary": {
            "incidentType": "Online Enticement of Children for Sexual Acts",
            "escalateToHighPriority": "They meet tomorrow.",
            "incidentDateTime": "2026-11-20T21:30:00-08:00",
            "incidentDateTimeDescription": "Friday evening",
        },
        "internetDetails": [{"webPageIncident": {"url": ["https://quill.example/x"]}}],
        "reporter": {
            "reportingPerson": {
                "firstName": "Sam",
                "lastName": "Gray",
                "phone": [{"value": "415 555 0199"}],
                "email": [{"value": "sam@example.org"}],
            }
        },
        "personOrUserReported": [
            {
                "personOrUserReportedPerson": {
                    "firstName": "Kit",
                    "lastName": "Blue",
                    "phone": [{"value": "+1 415 555 0100"}],
                    "email": [{"value": "kit@example.org"}],
                    "address": [{"city": "Fresno", "state": "CA", "country": "US"}],
                },
                "espService": "Quill",
                "screenName": "blue.kite",
            }
        ],
        "victim": [
            {
                "victimPerson": {
                    "age": 12,
                    "address": [{"city": "Austin", "state": "TX", "country": "US"}],
                }
            }
        ],
        "additionalInfo": "Someone wrote to my child.",
    }
    assert problems(document) == []


def test_who_stays_anonymous_leaves_nothing_behind():
    document = form_of(anonymous="on").document()

    assert document["reporter"] == {"reportingPerson": {}}
    assert problems(document) == []


def test_only_a_child_in_danger_now_escalates():
    calm = form_of(danger="no", danger_why="Nothing said.").document()
    unknown = form_of(danger="unknown", danger_why="Nothing said.").document()
    now = form_of(danger="yes", danger_why="They meet tomorrow.").document()

    assert [facts.escalation(each) for each in (calm, unknown, now)] == [
        "",
        "",
        "They meet tomorrow.",
    ]


def test_a_document_needs_no_form():
    said = dict.fromkeys(CallForm.base_fields, "") | {"incident_type": "csam", "danger": "no"}

    assert document_of_call(said, ToldTime())["reporter"] == {"reportingPerson": {}}
