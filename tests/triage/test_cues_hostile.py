"""Cues under whatever is sent: no crash, no gain by size or repetition, bounded work."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.triage.test_cues import FOUND, NOT_FOUND

from tipline.insight.triage.cues.facts_text import Text, neutral, quote
from tipline.insight.triage.cues.rules_reading import OF_ALL, OF_ONE, readings
from tipline.insight.triage.rules_cues import LONGEST_QUOTE, cues
from tipline.record.reports.facts import Narrative, Role

SAID = [text for texts in FOUND.values() for text in texts]
PIECES = st.sampled_from([*SAID, *NOT_FOUND, "no", "not", "ne", "don't", ",", ". ", "\n", "\u202e"])
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES | st.text(max_size=9), max_size=8).map(" ".join),
)
NARRATIVES = st.builds(
    Narrative,
    path=st.sampled_from(["/report/additionalInfo", "/report/victim[1]/additionalInfo"]),
    text=TEXTS,
    role=st.sampled_from(Role),
)


def kinds(*narratives):
    return {cue.kind for cue in cues(narratives)}


def one(text, role=Role.INCIDENT):
    return Narrative("/report/additionalInfo", text, role)


@given(st.lists(NARRATIVES, max_size=5))
def test_any_text_is_read_and_every_quote_is_its_own(narratives):
    texts = {(n.path, n.role.value): "" for n in narratives}
    for narrative in narratives:
        texts[narrative.path, narrative.role.value] += f"\n\n{narrative.text}"
    found = cues(narratives)
    assert len({cue.kind for cue in found}) == len(found)
    for cue in found:
        assert 0 < len(cue.words) <= LONGEST_QUOTE
        assert cue.words in neutral(texts[cue.path, cue.role])
    json.dumps([asdict(cue) for cue in found]).encode()


@given(
    st.lists(NARRATIVES, max_size=5).flatmap(lambda n: st.tuples(st.just(n), st.permutations(n)))
)
def test_the_order_of_texts_says_nothing(both):
    assert cues(both[0]) == cues(both[1])


@given(TEXTS)
def test_saying_it_twice_says_no_more(text):
    assert kinds(one(f"{text}\n\n{text}")) == kinds(one(text))
    assert kinds(one(text), one(text, Role.VICTIM)) == kinds(one(text))


@given(st.text(max_size=60), st.integers(0, 9), st.integers(1, 9), st.integers(1, 130))
def test_a_quote_is_the_texts_own_words(written, first, length, longest):
    text = Text(written)
    if first + length <= len(text.words):
        said = quote(text, first, first + length, longest)
        assert said in neutral(written)
        assert len(said) <= longest


@given(st.text())
def test_words_stand_where_they_say(written):
    ends = 0
    for word in Text(written).words:
        assert ends <= word.start < word.end <= len(written)
        ends = word.start
    assert len(neutral(written)) == len(written)


def test_no_more_is_read_than_the_bounds_say():
    many = [one("x" * 1_000_000), *(one(f"{n} " * 9000, Role.VICTIM) for n in range(40))]
    read = [len(piece) for _narrative, piece in readings(many)]
    assert max(read) <= OF_ONE + 2
    assert sum(read) <= OF_ALL + 2 * len(read)
    assert len(list(readings([one(str(n)) for n in range(100_000)]))) <= OF_ALL // 64


def test_both_ends_of_a_long_text_are_read():
    padding = "nothing to see here. " * 50_000
    assert kinds(one(f"meet you tomorrow. {padding}")) == kinds(one("meet you tomorrow"))
    assert kinds(one(f"{padding} meet you tomorrow")) == kinds(one("meet you tomorrow"))


def test_a_flood_of_others_texts_does_not_hide_an_escalation():
    said = Narrative("/report/incidentSummary/escalateToHighPriority", SAID[0], Role.INCIDENT)
    flood = [one("x " * 40_000 + str(n), Role.RECIPIENT) for n in range(30)]
    assert kinds(*flood, said) == kinds(said)


def steps(text):
    """How many lines of program run to read a text: the work, whatever the clock says."""
    count = 0

    def traced(_frame, event, _arg):
        nonlocal count
        count += event == "line"
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        cues([one(text)])
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "piece", ["meet ", "send your ", "no ", "aaaa", "you have only ", ". ", "é"]
)
def test_work_grows_with_the_text_and_ends_at_the_bound(piece):
    cues([one(piece)])
    short, long = steps(piece * (4000 // len(piece))), steps(piece * (8000 // len(piece)))
    assert long <= 2.2 * short + 2000


def test_a_million_characters_cost_what_the_bound_costs():
    assert steps("x " * 500_000) <= 1.1 * steps("x " * (OF_ONE // 2))
