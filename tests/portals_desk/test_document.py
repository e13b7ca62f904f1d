"""Section A: nothing that was sent is left out, roles stand apart, long texts are folded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.doors.portals.desk.shown_document import (
    MOST_ENTRIES,
    Walk,
    file_facts,
    section_a,
    warning_facts,
)
from tipline.doors.portals.desk.shown_elements import Folded, zone_note
from tipline.doors.portals.desk.words_elements import ELEMENTS, element_words
from tipline.ground.foundation.reasons import Source
from tipline.record.reports.schema import FILE_DETAILS, REPORT, Complex

NAMES = st.sampled_from(
    ["incidentSummary", "personOrUserReported", "victim", "email", "ipCaptureEvent", "address",
     "espIdentifier", "additionalInfo", "neverHeardOf", "value", "verified", "unrecognised",
     "reportAnnotations", "deviceId", "nameValuePair", "companyTemplate"]
)  # fmt: skip
LEAVES = st.text("abcxyz", min_size=4, max_size=8).map(lambda text: f"<{text}>")
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3), st.dictionaries(NAMES, inner, max_size=4)
    ),
    max_leaves=12,
)


def leaves(value):
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def said(facts):
    for fact in facts:
        yield f"{fact.label} {fact.value} {fact.note}"
        yield from said(fact.children)


@given(st.dictionaries(NAMES, DOCUMENTS, max_size=4))
def test_every_value_is_somewhere_on_the_page(content):
    document = {f"part{n}": {name: value} for n, (name, value) in enumerate(content.items())}

    shown = "\n".join(line for group in section_a(document, Walk()) for line in said(group.facts))

    assert [leaf for leaf in leaves(document) if leaf not in shown] == []


def names_of(element, seen):
    seen.add(element.name)
    if isinstance(element.type, Complex):
        seen.update(each.name for each in element.type.attributes)
        for child in element.type.children:
            names_of(child, seen)
    return seen


def test_every_element_of_the_schema_has_words():
    names = names_of(REPORT, set()) | names_of(FILE_DETAILS, set())
    flags = {"reportAnnotations", "fileAnnotations"}
    heads = {"report", "incidentSummary", "internetDetails", "lawEnforcement", "reporter",
             "personOrUserReported", "intendedRecipient", "victim", "fileDetails"}  # fmt: skip
    annotations = {
        child.name
        for root in (REPORT, FILE_DETAILS)
        for flag in flags
        for child in _children_of(root, flag)
    }

    assert names - set(ELEMENTS) - heads - (annotations - {"potentialMeme"}) == set()


def _children_of(element, name):
    if not isinstance(element.type, Complex):
        return []
    if element.name == name:
        return list(element.type.children)
    return [found for child in element.type.children for found in _children_of(child, name)]


def test_an_unknown_element_shows_its_own_name():
    assert element_words("somethingNewHere") == "Something new here"


def test_people_stand_apart_by_role():
    document = {
        "victim": [{"victimPerson": {"age": 9}}],
        "personOrUserReported": [{"screenName": "one"}, {"screenName": "two"}],
        "intendedRecipient": [{"screenName": "three"}],
    }

    groups = {str(group.heading): list(said(group.facts)) for group in section_a(document, Walk())}

    assert list(groups) == ["Reported person 1", "Reported person 2", "Intended recipient",
                            "Victim"]  # fmt: skip
    assert groups["Reported person 2"] == ["Screen name two "]


def test_every_fact_of_section_a_says_that_the_reporter_said_it():
    document = {
        "incidentSummary": {"incidentType": "x", "reportAnnotations": {"spam": True}},
        "personOrUserReported": [
            {"ipCaptureEvent": [{"ipAddress": "169.229.216.200"}], "accountX": {"deep": {"er": 1}}}
        ],
        "unrecognised": [{"path": "/report/x", "xml": "<x/>"}],
    }

    def sources(facts):
        for fact in facts:
            yield from sources(fact.children) if fact.children else [fact.source]

    found = [one for group in section_a(document, Walk()) for one in sources(group.facts)]

    assert len(found) == 5
    assert set(found) == {Source.REPORTER}


def test_long_and_standing_texts_are_folded():
    long = "word " * 200
    document = {
        "additionalInfo": long,
        "reporter": {"companyTemplate": "Short.", "termsOfService": long},
    }

    folded = [
        fact.value.whole
        for group in section_a(document, Walk())
        for fact in group.facts
        if isinstance(fact.value, Folded)
    ]

    assert folded == ["Short.", long, long]


def test_long_lists_are_cut_and_counted_until_everything_is_asked_for():
    captures = [{"ipAddress": f"169.229.{n // 250}.{n % 250}"} for n in range(MOST_ENTRIES + 7)]
    document = {"personOrUserReported": [{"ipCaptureEvent": captures}]}
    cut, whole = Walk(), Walk(most=10_000)

    assert len(section_a(document, cut)[0].facts) == MOST_ENTRIES
    assert cut.left_out == 7
    assert len(section_a(document, whole)[0].facts) == MOST_ENTRIES + 7
    assert whole.left_out == 0


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("2026-11-20T10:00:00Z", "2026-11-20 10:00 UTC"),
        ("2026-11-20T10:00:00+02:00", "2026-11-20 08:00 UTC"),
        ("2026-11-20T10:00:00", "zone not given"),
        ("last week", "cannot be read as a time"),
    ],
)
def test_a_time_says_what_is_known_of_it(written, note):
    assert zone_note(written) == note


def test_a_capture_without_port_and_time_says_so():
    document = {"personOrUserReported": [{"ipCaptureEvent": [{"ipAddress": "169.229.216.200"}]}]}

    fact = section_a(document, Walk())[0].facts[0]

    assert fact.value == "169.229.216.200"
    assert fact.note == "no port · no time given"


def test_what_stands_on_the_card_is_not_repeated_below_it():
    details = {"fileId": "x", "reportId": 1, "fileViewedByEsp": True, "originalFileName": "a.png"}

    assert [str(fact.value) for fact in file_facts(details, Walk())] == ["a.png"]


def test_warnings_name_the_place_the_finding_and_the_fix():
    warning = {"code": "too_long", "path": "/report/x", "message": "Too long.", "fix": "Cut it."}

    assert list(said(warning_facts([warning]))) == ["/report/x Too long. Cut it."]
