"""The document of the form is one that the API's own reader takes, whatever is typed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from tipline.doors.portals.public.document import (
    MAYBE_IN_DANGER,
    TYPE_NOT_TOLD,
    canonical,
    document_of,
)
from tipline.doors.portals.public.forms import PAGES
from tipline.record.reports.reading import read_report
from tipline.record.reports.writing import report_xml

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEAST = {
    "danger": {"danger": "no"},
    "what": {"what": "csam"},
    "when": {},
    "where": {},
    "who": {},
    "child": {},
    "words": {},
    "you": {"contact": "anonymous"},
}

texts = st.text(max_size=90)
choice = st.sampled_from
blank = st.just("")


def options(page: str, name: str):
    return choice([code for code, _words in PAGES[page].base_fields[name].choices])


answers = st.fixed_dictionaries(
    {
        "danger": st.fixed_dictionaries({"danger": options("danger", "danger")}),
        "what": st.fixed_dictionaries({"what": options("what", "what")}),
        "when": st.fixed_dictionaries(
            {
                "day": st.dates(date(1900, 1, 1), NOW.date()).map(str),
                "time": st.one_of(blank, st.times().map(lambda at: at.strftime("%H:%M"))),
                "zone": options("when", "zone"),
                "words": texts,
            }
        ),
        "where": st.fixed_dictionaries({"service": texts, "link": texts, "account": texts}),
        "who": st.fixed_dictionaries(
            {
                "first_name": texts,
                "last_name": texts,
                "age": st.one_of(blank, st.integers(0, 150).map(str)),
                "phone": st.text(max_size=50),
                "email": choice(["", "robin@example.org"]),
                "city": texts,
                "state": options("who", "state"),
                "country": options("who", "country"),
            }
        ),
        "child": st.fixed_dictionaries(
            {
                "age": st.one_of(blank, st.integers(0, 150).map(str)),
                "city": texts,
                "state": options("child", "state"),
                "country": options("child", "country"),
                "known": options("child", "known"),
            }
        ),
        "words": st.fixed_dictionaries({"words": st.text(max_size=2500)}),
        "you": st.fixed_dictionaries(
            {
                "contact": st.just("contact"),
                "first_name": texts,
                "last_name": texts,
                "phone": st.just("+1 559 555 0188"),
                "email": blank,
            }
        ),
    }
)


def checked(said):
    forms = {name: kind(said[name]) for name, kind in PAGES.items()}
    assert {name: form.errors for name, form in forms.items() if not form.is_valid()} == {}
    return {name: form.cleaned_data for name, form in forms.items()}, forms["when"].told()


def made(**changed):
    return document_of(*checked({**LEAST, **changed}))


@given(answers)
def test_whatever_is_typed_reads_back_as_it_was_and_fits_the_schema(said):
    clean, when = checked(said)
    document = document_of(clean, when)
    reading = read_report(report_xml(document), strict=True, now=NOW)

    assert reading.problems == ()
    assert reading.document == document


def test_being_unsure_is_said_in_words_and_not_left_out():
    document = made(danger={"danger": "unsure"}, what={"what": "unsure"})

    assert document["additionalInfo"] == f"{TYPE_NOT_TOLD}\n{MAYBE_IN_DANGER}"
    assert "escalateToHighPriority" not in document["incidentSummary"]


def test_an_address_with_blanks_is_a_description():
    document = made(where={"link": "the group called Blue Kites"})

    assert document["internetDetails"] == [
        {"webPageIncident": {"additionalInfo": "the group called Blue Kites"}}
    ]


def test_a_service_alone_makes_no_reported_person():
    document = made(where={"service": "Kitegram"})

    assert document["incidentSummary"]["platform"] == "Kitegram"
    assert "personOrUserReported" not in document


def test_whether_the_child_is_known_is_never_lost():
    alone = made(child={"known": "me"})
    with_age = made(child={"known": "me", "age": "9"})

    assert alone["additionalInfo"] == "The reporter is the child."
    assert "victim" not in alone
    assert with_age["victim"][0]["additionalInfo"] == "The reporter is the child."
    assert "additionalInfo" not in with_age


def test_equal_answers_give_equal_bytes():
    first, _when = checked(LEAST)
    again, _when = checked(dict(reversed(LEAST.items())))
    other, _when = checked({**LEAST, "words": {"words": "more"}})

    assert canonical(first) == canonical(again)
    assert canonical(first) != canonical(other)
