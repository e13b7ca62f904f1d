"""Which judgement counts: no word of one person alone makes an escalated report less urgent."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.triage.reports import features

from tipline.ground.taxonomy.levels import Disposition, Level
from tipline.insight.triage.features import Features, Label
from tipline.insight.triage.judgements import rules
from tipline.insight.triage.judgements.rules import Question, Signal, Word, in_force
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.rules import danger, disposition, urgency
from tipline.insight.triage.rules_types import Band, Urgency

POLICY = default_policy()
START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ANA, SOFIA, OTTO = 1, 2, 3
CODES = ["escalated", "level_1", "imminent_danger", "suicidal_victim", "cue_self_harm", "sadistic"]


def word(number, question, answer, by=ANA, **more) -> Word:
    at = START + timedelta(minutes=number)
    return Word(id=number, question=Question(question), answer=answer, by=by, at=at, **more)


def refuted(number, *codes, by=ANA, **more) -> Word:
    return word(number, "urgency", "refuted", by, signals=tuple(map(Signal, codes)), **more)


def confirmed(number, by=ANA, **more) -> Word:
    return word(number, "urgency", "confirmed", by, **more)


@st.composite
def histories(draw, people=(ANA, SOFIA, OTTO)):
    """Anything that these people may say, second and take back, in whatever order."""
    person, codes = st.sampled_from(people), st.lists(st.sampled_from(CODES), max_size=4)
    said = st.sampled_from([(q, a) for q, answers in rules.ANSWERS.items() for a in answers])
    made = []
    for number in range(1, draw(st.integers(0, 7)) + 1):
        question, answer = draw(said)
        signals = draw(codes) if answer == "refuted" else []
        made.append(
            word(
                number,
                question,
                answer,
                draw(person),
                signals=tuple(map(Signal, signals)),
                needs_second=draw(st.booleans()),
                seconded_by=draw(st.none() | person),
                withdrawn=draw(st.booleans()),
            )
        )
    return made


def present(given_features: Features) -> tuple[Signal, ...]:
    return rules.standing_in(one.as_json() for one in urgency(given_features, POLICY).signals)


def judged(given_features: Features, words, labelled=None) -> Features:
    level = in_force(words, (), {}).analyst_level
    base = replace(given_features, analyst_level=level, urgent_confirmed=None)
    base = replace(base, urgent_refuted=frozenset(), disposition_judged=None)
    found = in_force(words, present(base), labelled or {})
    return replace(base, **{field.name: getattr(found, field.name) for field in fields(found)})


def people_behind(words) -> set[int]:
    return {who for one in words if one.counts for who in (one.by, one.seconded_by)} - {None}


@given(base=features(escalated=True), words=histories(people=(ANA,)))
def test_nobody_alone_makes_an_escalated_report_less_urgent(base, words):
    found = judged(base, words)
    assert urgency(found, POLICY).urgent
    assert danger(found, POLICY).band is Band.URGENT
    result = disposition(found, POLICY)
    assert (result.code, result.level) == (Disposition.REFERRAL, Level.ONE)


@given(
    base=features(labels=frozenset({Label.SUICIDAL_VICTIM.value})), words=histories(people=(ANA,))
)
def test_nobody_alone_sets_self_harm_aside(base, words):
    assert urgency(judged(base, words), POLICY).urgent


@given(base=features(escalated=True), words=histories())
def test_where_it_is_set_aside_two_people_said_so(base, words):
    if not urgency(judged(base, words), POLICY).urgent:
        covering = [one for one in words if one.counts and Signal("escalated") in one.signals]
        assert any(one.seconded_by not in (None, one.by) for one in covering)
        assert len(people_behind(words)) >= 2


@given(base=features(), words=histories(), one=histories())
def test_withdrawing_restores_what_was_before(base, words, one):
    later = [replace(each, id=each.id + 100, withdrawn=True) for each in one]
    assert judged(base, [*words, *later]) == judged(base, words)


@given(base=features(), words=histories(), shuffled=st.randoms())
def test_the_order_in_which_rows_are_read_does_not_matter(base, words, shuffled):
    mixed = list(words)
    shuffled.shuffle(mixed)
    assert judged(base, mixed) == judged(base, words)


@given(base=features(), words=histories(), by=st.sampled_from([ANA, SOFIA]))
def test_whoever_confirms_last_is_believed(base, words, by):
    found = judged(base, [*words, confirmed(100, by)])
    assert found.urgent_confirmed is True
    assert found.urgent_refuted == frozenset()
    assert urgency(found, POLICY).urgency is Urgency.CONFIRMED


@given(base=features(), words=histories())
def test_a_signal_that_nobody_spoke_of_stands(base, words):
    spoken = {one.code for each in words if each.counts for one in each.signals}
    assert in_force(words, present(base), {}).urgent_refuted <= spoken


@given(words=histories())
def test_a_refutation_that_waits_changes_nothing(words):
    waits = rules.waiting(words)
    if waits is not None:
        assert not waits.counts
        rest = [one for one in words if one is not waits]
        assert in_force(words, tuple(map(Signal, CODES)), {}) == in_force(
            rest, tuple(map(Signal, CODES)), {}
        )


class TestOneByOne:
    """The cases that people will meet."""

    def test_one_person_refutes_what_a_label_says(self):
        base = Features(labels=frozenset({"imminent_danger"}))
        found = judged(base, [refuted(1, "imminent_danger")])
        assert urgency(found, POLICY).urgency is Urgency.REFUTED

    def test_the_second_person_must_be_another(self):
        base = Features(escalated=True)
        for second, urgent in ((None, True), (ANA, True), (SOFIA, False)):
            made = refuted(1, "escalated", needs_second=True, seconded_by=second)
            assert urgency(judged(base, [made]), POLICY).urgent is urgent

    def test_a_row_that_forgot_that_it_takes_two_takes_two_all_the_same(self):
        made = refuted(1, "escalated", needs_second=False)
        assert urgency(judged(Features(escalated=True), [made]), POLICY).urgent

    def test_refutations_add_up_and_each_is_taken_back_alone(self):
        base = Features(escalated=True, labels=frozenset({"planned_meeting"}))
        first = refuted(1, "escalated", seconded_by=SOFIA)
        later = refuted(2, "planned_meeting", by=OTTO)
        assert not urgency(judged(base, [first, later]), POLICY).urgent
        assert urgency(judged(base, [first, replace(later, withdrawn=True)]), POLICY).urgent
        assert urgency(judged(base, [replace(first, withdrawn=True), later]), POLICY).urgent

    def test_after_a_confirmation_all_must_be_refuted_anew(self):
        base = Features(escalated=True)
        first, then = refuted(1, "escalated", seconded_by=SOFIA), confirmed(2, by=OTTO)
        alone = refuted(3, by=ANA)
        assert urgency(judged(base, [first, then, alone]), POLICY).urgent
        assert not urgency(judged(base, [first, replace(then, withdrawn=True)]), POLICY).urgent

    def test_a_label_set_after_the_refutation_is_a_new_signal(self):
        base = Features(labels=frozenset({"imminent_danger"}))
        words = [refuted(5, "imminent_danger")]
        before, after = START, START + timedelta(minutes=6)
        assert not urgency(judged(base, words, {"imminent_danger": before}), POLICY).urgent
        assert urgency(judged(base, words, {"imminent_danger": after}), POLICY).urgent
        assert not urgency(judged(base, words, {"violence": after}), POLICY).urgent

    def test_level_1_set_after_the_refutation_is_a_new_signal(self):
        words = [word(1, "level", "1", SOFIA), refuted(2, "level_1")]
        assert not urgency(judged(Features(), words), POLICY).urgent
        assert urgency(judged(Features(), [*words, word(3, "level", "1", OTTO)]), POLICY).urgent

    def test_other_words_in_the_text_are_a_new_signal(self):
        told, other = ({"words": said, "path": "/report/additionalInfo"} for said in ("one", "two"))
        made = replace(refuted(1), signals=(Signal("cue_planned_meeting", told),))
        for said, stands in ((told, False), (other, True)):
            found = in_force([made], [Signal("cue_planned_meeting", said)], {})
            assert (found.urgent_refuted == frozenset()) is stands

    def test_the_newest_disposition_and_level_count(self):
        words = [
            word(1, "disposition", "informational"),
            word(2, "disposition", "referral", SOFIA),
            word(3, "level", "2"),
            word(4, "level", "3", withdrawn=True),
        ]
        found = in_force(words, (), {})
        assert (found.disposition_judged, found.analyst_level) == (Disposition.REFERRAL, Level.TWO)

    def test_informational_never_outweighs_an_urgent_signal(self):
        found = judged(Features(escalated=True), [word(1, "disposition", "informational")])
        result = disposition(found, POLICY)
        assert (result.code, result.overridden) == (Disposition.REFERRAL, True)

    def test_what_was_overtaken_waits_no_longer_until_that_is_taken_back(self):
        waits, then = refuted(1, "escalated", needs_second=True), confirmed(2, by=SOFIA)
        assert rules.waiting([waits]) == waits
        assert rules.waiting([waits, then]) is None
        assert rules.waiting([waits, replace(then, withdrawn=True)]) == waits

    def test_the_same_form_again_is_the_same_word(self):
        made = refuted(1, "sadistic")
        ask = (Question.URGENCY, "refuted")
        assert rules.same_again([made], *ask, ANA, ()) == made
        assert rules.same_again([made], *ask, ANA, [Signal("sadistic")]) == made
        assert rules.same_again([made], *ask, ANA, [Signal("level_1")]) is None
        assert rules.same_again([made], *ask, SOFIA, ()) is None
        assert rules.same_again([replace(made, withdrawn=True)], *ask, ANA, ()) is None


@pytest.mark.parametrize("sign", ["imminent_danger", "suicidal_victim", "planned_meeting"])
def test_the_label_behind_a_sign_is_known(sign):
    assert rules.labels_behind(sign) == {sign}
    assert rules.labels_behind("escalated") == frozenset()
    assert rules.labels_behind("grooming") == {"grooming", "incitement", "sexual_talk"}
