"""The one-line summary and the words of triage's reasons."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.triage.reports import features

from tipline.ground.foundation.reasons import known_codes, words
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.insight.triage import words as triage_words
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.rules import (
    actionability,
    danger,
    disposition,
    urgency,
    what_would_help,
)
from tipline.insight.triage.rules_help import WISHES
from tipline.insight.triage.rules_terms import ACTIONABILITY, ALWAYS_URGENT, DANGER
from tipline.insight.triage.summary import ReportFacts, Summary, summarise
from tipline.insight.triage.words import LONGEST, sentence

POLICY = default_policy()


def facts(**values):
    return st.builds(
        ReportFacts,
        incident_type=st.none() | st.sampled_from(IncidentType),
        files=st.integers(0, 10**6),
        known_files=st.none() | st.integers(0, 10**6),
        new_files=st.none() | st.integers(0, 10**6),
        place=st.text(max_size=400),
        urgency=features().map(lambda f: urgency(f, POLICY)),
        **values,
    )


def test_an_urgent_report_in_one_sentence():
    summary = summarise(
        ReportFacts(
            incident_type=IncidentType.ENTICEMENT,
            files=3,
            known_files=2,
            new_files=1,
            place="US-CA",
            urgency=urgency(Features(escalated=True), POLICY),
        )
    )
    assert sentence(summary) == (
        "Urgent, unconfirmed: escalated by the reporter; Online enticement of a child; "
        "3 files (1 new, 2 known); US-CA."
    )


@pytest.mark.parametrize(
    ("given_facts", "text"),
    [
        (ReportFacts(), "Incident type not given; no files."),
        (
            ReportFacts(incident_type=IncidentType.CSAM, files=1),
            "Abuse material; 1 file.",
        ),
        (
            ReportFacts(incident_type=IncidentType.CSAM, files=2, known_files=2, new_files=0),
            "Abuse material; 2 files (0 new, 2 known).",
        ),
        (
            ReportFacts(urgency=urgency(Features(urgent_confirmed=True, escalated=True), POLICY)),
            "Urgent: confirmed by a person; Incident type not given; no files.",
        ),
        (
            ReportFacts(
                urgency=urgency(
                    Features(escalated=True, urgent_refuted=frozenset({"escalated"})), POLICY
                )
            ),
            "Incident type not given; no files.",
        ),
    ],
)
def test_other_sentences(given_facts, text):
    assert sentence(summarise(given_facts)) == text


def test_the_place_gives_way_before_the_urgency():
    long = ReportFacts(place="x" * 300, urgency=urgency(Features(escalated=True), POLICY))
    assert sentence(summarise(long)) == (
        "Urgent, unconfirmed: escalated by the reporter; Incident type not given; no files."
    )


def test_a_summary_of_exactly_the_longest_length_stays_whole():
    start = sentence(summarise(ReportFacts()))
    room = 160 - len(start) - len("; ")
    whole = sentence(summarise(ReportFacts(place="x" * room)))
    assert (len(whole), whole[-3:]) == (160, "xx.")
    assert sentence(summarise(ReportFacts(place="x" * (room + 1)))) == start


@given(given_facts=facts())
def test_a_summary_is_short_plain_data_and_one_line(given_facts):
    summary = summarise(given_facts)
    text = sentence(summary)
    assert len(text) <= LONGEST
    assert "\n" not in text
    assert sentence(Summary(summary.code, json.loads(json.dumps(summary.params)))) == text


def test_every_code_has_words_and_every_word_a_code():
    signs = {*DANGER, *ACTIONABILITY, *ALWAYS_URGENT}
    groups = {term.group for terms in (DANGER, ACTIONABILITY) for term in terms.values()} - {
        "viral",
        "missing",
    }
    codes = {
        *(f"triage.{sign}" for sign in signs),
        *(f"triage.help.{wish}" for wish in WISHES),
        *(f"triage.cap.{group}" for group in groups),
    }
    assert codes <= known_codes()
    others = {code for code in set(triage_words.WORDS) - codes if code.count(".") == 1}
    assert others == {"triage.minor_suspect", "triage.with_police", "triage.nexus_judged"}


@given(base=features())
def test_every_reason_that_is_ever_given_reads_as_a_sentence(base):
    result = disposition(base, POLICY)
    scores = danger(base, POLICY).reasons + actionability(base, POLICY).reasons
    for reason in (*scores, *result.reasons, *what_would_help(base, POLICY)):
        assert reason.code in known_codes()
        assert re.fullmatch(r"[A-Z][^{}?]*\.", words(reason)), words(reason)
        json.dumps(reason.as_json())
