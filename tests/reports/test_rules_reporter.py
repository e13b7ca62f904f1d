"""A member of the public is set apart whole, and what is left is still a report document."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.record.reports.facts import Missing, Role, identifiers, locations, missing, parties
from tipline.record.reports.reading import read_report
from tipline.record.reports.rules_reporter import (
    SEALED,
    put_back,
    sealed_parts,
    set_apart,
    without_quotes,
    without_reporter,
)
from tipline.record.reports.schema_shared import PERSON
from tipline.record.reports.writing import report_xml

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOLD = {
    "incidentSummary": {
        "incidentType": "Child Sex Trafficking",
        "incidentDateTime": "2026-11-20T10:00:00Z",
    },
    "additionalInfo": "In my own words.",
}
#: Every value begins with this, so that one that is left behind is found.
MARK = "canary"

texts = st.text(st.characters(min_codepoint=97, max_codepoint=122), max_size=8).map(
    lambda text: MARK + text
)
contacts = st.lists(st.fixed_dictionaries({"value": texts}), min_size=1, max_size=3)
addresses = st.lists(
    st.fixed_dictionaries({}, optional={"address": texts, "city": texts, "zipCode": texts}),
    max_size=2,
)
contact_people = st.fixed_dictionaries(
    {},
    optional={
        "firstName": texts,
        "lastName": texts,
        "phone": contacts,
        "email": contacts,
        "address": addresses,
    },
)
people = st.tuples(
    contact_people,
    st.fixed_dictionaries({}, optional={"age": st.integers(0, 150), "dateOfBirth": st.dates()}),
).map(lambda parts: {**parts[0], **{name: _plain(value) for name, value in parts[1].items()}})
reporters = st.fixed_dictionaries(
    {"reportingPerson": people},
    optional={"contactPerson": contact_people, "legalURL": st.just("https://esp.example/legal")},
)
documents = reporters.map(lambda reporter: {**TOLD, "reporter": reporter})


def _plain(value):
    return value if isinstance(value, int) else value.isoformat()


def without_empty(document):
    """Blocks in which nothing is said come back as they may: left out."""

    def said(part):
        return json.dumps(part) not in {"{}", "[]", "[{}]", "[{}, {}]"}

    kept = {
        person: {name: part for name, part in block.items() if said(part)}
        for person, block in document["reporter"].items()
        if isinstance(block, dict)
    }
    others = {n: p for n, p in document["reporter"].items() if not isinstance(p, dict)}
    people = {name: block for name, block in kept.items() if block or name == "reportingPerson"}
    return {**document, "reporter": {**people, **others}}


@given(documents)
def test_what_is_set_apart_can_be_put_back(document):
    apart = set_apart(document)

    assert without_empty(put_back(apart.document, apart.identity)) == without_empty(document)
    assert SEALED not in put_back(apart.document, apart.identity)["reporter"]


@given(documents)
def test_no_value_of_the_reporter_is_left(document):
    apart = set_apart(document)

    assert MARK not in json.dumps(apart.document)
    assert set(apart.document["reporter"]["reportingPerson"]) == set()
    assert set(apart.document["reporter"]) <= {"reportingPerson", "legalURL", SEALED}
    assert not [each for each in identifiers(apart.document) if each.role is Role.REPORTER]
    assert not [each for each in locations(apart.document) if each.role is Role.REPORTER]


@given(documents)
def test_a_second_time_changes_nothing(document):
    once = set_apart(document).document
    again = set_apart(once)

    assert again.document == once
    assert again.identity == {}


@given(documents)
def test_what_was_given_is_named_and_nothing_else(document):
    person = without_empty(document)["reporter"]["reportingPerson"]
    apart = set_apart(document)

    named = sealed_parts(apart.document).get("reportingPerson", [])
    assert sorted(named) == sorted(person)
    assert named == [row.name for row in PERSON.children if row.name in person]
    assert bool(sealed_parts(apart.document)) == bool(apart.identity)


@given(documents)
def test_what_is_left_is_a_report_that_the_reader_takes(document):
    left = set_apart(document).document
    reading = read_report(report_xml(left), strict=True, now=NOW)

    assert reading.problems == ()
    assert reading.document["reporter"]["reportingPerson"] == {}


@given(documents)
def test_sealing_does_not_make_a_report_less_complete(document):
    left = set_apart(document).document

    assert missing(left, ()) == missing(document, ())


def test_who_says_nothing_leaves_no_marker():
    for reporter in ({"reportingPerson": {}}, {"reportingPerson": {"email": []}}, {}):
        apart = set_apart({**TOLD, "reporter": reporter})
        assert apart.document["reporter"] == {"reportingPerson": {}}
        assert apart.identity == {}
    assert set_apart(TOLD).document["reporter"] == {"reportingPerson": {}}
    assert Missing.REPORTER_EMAIL in missing(set_apart(TOLD).document, ())


def test_an_age_of_nought_is_said():
    apart = set_apart({**TOLD, "reporter": {"reportingPerson": {"age": 0}}})

    assert apart.identity == {"reportingPerson": {"age": 0}}


def test_what_the_schema_does_not_know_of_a_reporter_is_sealed_too():
    told = {**TOLD, "reporter": {"reportingPerson": {}, "nickname": "Kite"}}
    apart = set_apart(told)

    assert "Kite" not in json.dumps(apart.document)
    assert put_back(apart.document, apart.identity) == told


def test_others_in_the_report_stay_as_they_are():
    others = {
        "victim": [{"victimPerson": {"firstName": "Vic"}}],
        "personOrUserReported": [{"screenName": "blue.kite"}],
        "lawEnforcement": {"agencyName": "PD", "officerContact": {"lastName": "Stone"}},
    }
    document = {**TOLD, **others, "reporter": {"reportingPerson": {"firstName": "Rita"}}}
    left = set_apart(document).document

    assert {name: left[name] for name in (*TOLD, *others)} == {**TOLD, **others}
    assert without_reporter(document) == {**TOLD, **others}
    assert [party.role for party in parties(left)] == [Role.SUSPECT, Role.VICTIM, Role.REPORTER]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/report/reporter/reportingPerson/phone[1]", False),
        ("/report/reporter/contactPerson/firstName", False),
        ("/report/reporter/reportingPerson", True),
        ("/report/reporter", True),
        ("/report/victim/victimPerson/age", True),
        ("/", True),
    ],
)
def test_a_warning_quotes_nothing_of_the_reporter(path, kept):
    warning = {"code": "bad_form", "path": path, "message": "Odd: 555.", "fix": "Not 555."}
    (said,) = without_quotes([warning])

    assert (said == warning) is kept
    assert ("555" in json.dumps(said)) is kept
    assert (said["code"], said["path"]) == ("bad_form", path)
