"""Learning, pure: what counts as an answer, which way points may go, how far few answers go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import parts
from tests.triage.policies import CLASSES, rules
from tests.triage.reports import features

from tipline.ground.foundation.policy import parse
from tipline.ground.taxonomy.outcomes import ClosingReason, OutcomeStatus
from tipline.insight.triage.features import Features
from tipline.insight.triage.learning.rules import (
    HELD,
    LEARNED,
    LEAST_ANSWERS,
    MOST_WEIGHT,
    Answer,
    Case,
    enough,
    of_agency,
    of_answer,
    of_draw,
    of_report,
    of_urgency,
    signs_of,
    weight,
)
from tipline.insight.triage.learning.rules_calibration import judge, marks
from tipline.insight.triage.learning.rules_fit import (
    PRIOR,
    SCALE,
    chances,
    data_of,
    fit,
    only_intercept,
    whole,
)
from tipline.insight.triage.learning.solver import minimise_with_scipy
from tipline.insight.triage.policy import default_policy, validate
from tipline.insight.triage.rules_score import danger
from tipline.insight.triage.rules_terms import DANGER, Direction
from tipline.insight.triage.rules_text import Header, as_toml, with_danger

POLICY = default_policy()
PRESENT = POLICY.rules.danger.points
ALONE = [sign for sign in LEARNED if sign not in CLASSES]

answers = st.builds(
    Answer,
    status=st.sampled_from(OutcomeStatus),
    closing_reason=st.sampled_from(["", *ClosingReason]),
    child_identified=st.none() | st.booleans(),
    additional_victims=st.none() | st.integers(0, 3),
)
EVIDENCE = [
    ClosingReason.SUBJECT_NOT_LOCATED,
    ClosingReason.ESP_RESPONSE_EMPTY,
    ClosingReason.NO_PROSECUTORIAL_MERIT,
    ClosingReason.AGE_UNDETERMINED,
    ClosingReason.DECEASED,
    ClosingReason.ADULT,
    ClosingReason.OTHER,
]


@pytest.fixture(scope="module")
def minimise():
    parts.need(parts.SCIPY)
    return minimise_with_scipy()


class TestAnswers:
    def test_only_three_closures_speak_against_danger(self):
        said = {r: of_answer(Answer(OutcomeStatus.CLOSED, r)) for r in ClosingReason}
        against = {
            ClosingReason.NO_CRIME,
            ClosingReason.UNFOUNDED,
            ClosingReason.FALSE_REPORT,
        }
        assert {reason for reason, verdict in said.items() if verdict is False} == against
        assert {verdict for reason, verdict in said.items() if reason not in against} == {None}

    @given(answers)
    def test_a_child_that_was_found_is_never_nothing(self, answer):
        assert of_answer(replace(answer, child_identified=True)) is True
        assert of_answer(replace(answer, additional_victims=1)) is True
        if answer.status in {OutcomeStatus.ARREST, OutcomeStatus.CONVICTION}:
            assert of_answer(answer) is True

    @given(st.lists(answers, max_size=5), st.sampled_from(EVIDENCE), st.integers(0, 5))
    def test_a_closure_about_evidence_changes_no_verdict(self, said, reason, place):
        more = Answer(OutcomeStatus.CLOSED, reason)
        assert of_agency([*said[:place], more, *said[place:]]) == of_agency(said)

    def test_the_last_word_that_tells_counts(self):
        arrest, none = Answer("arrest"), Answer("closed", "no_crime")
        assert of_agency([arrest, none]) is False
        assert of_agency([none, arrest, Answer("ongoing")]) is True
        assert of_agency([Answer("referred")]) is None

    def test_who_went_and_looked_comes_first(self):
        assert of_report([False, True], None, None) is True
        assert of_report([False], True, True) is False
        assert of_report([None], True, False) is True
        assert of_report([None], None, False) is False
        assert of_report([], None, None) is None

    def test_judgements_and_draws(self):
        assert [of_urgency(a) for a in ("confirmed", "refuted", "")] == [True, False, None]
        found = [of_draw(a) for a in ("too_low", "as_ranked", "too_high", "")]
        assert found == [True, False, False, None]

    @given(st.floats(0.0001, 1))
    def test_a_drawn_report_stands_for_those_not_drawn_within_reason(self, share):
        assert 1 <= weight(share) <= MOST_WEIGHT
        assert weight(1.0) == weight(None) == weight(0.0) == 1

    @given(features())
    def test_the_signs_are_those_that_score(self, facts):
        free = replace(POLICY.rules.danger, caps={}, lowest=-1000, highest=1000)
        policy = replace(POLICY, rules=replace(POLICY.rules, danger=free))
        reasons = danger(facts, policy).reasons
        scored = {r.code.removeprefix("triage.") for r in reasons if ".bound." not in r.code}
        assert signs_of(facts, POLICY.rules.limits) == scored


def case(number, signs, *, found, weight=1.0):
    return Case(number, frozenset(signs), found, weight)


def cases(signs=LEARNED, most=40):
    some = st.lists(st.sampled_from(signs), max_size=4).map(_one_class)
    one = st.tuples(some, st.booleans())
    return st.lists(one, max_size=most).map(
        lambda made: [case(n, each, found=found) for n, (each, found) in enumerate(made)]
    )


def _one_class(signs):
    """Only the gravest class of a report is found."""
    classes = [sign for sign in CLASSES if sign in signs]
    return frozenset(signs) - set(classes[1:])


def learn(some, minimise, present=PRESENT):
    return fit(data_of(some, present), present, minimise)


class TestPoints:
    @given(some=cases(), made=rules())
    def test_no_direction_turns_and_no_sign_is_lost_under_any_policy(self, minimise, some, made):
        present = made.danger.points
        points = whole(learn(some, minimise, present).points, present)
        assert set(points) == set(LEARNED)
        for sign, number in points.items():
            raises = DANGER[sign].direction is Direction.RAISES
            assert (number >= 0) if raises else (number <= 0)
            assert bool(number) or not present[sign]
        by_gravity = [points[sign] for sign in CLASSES]
        assert by_gravity == sorted(by_gravity, reverse=True)
        header = Header("made-up", "1", "US")
        text, read = with_danger(as_toml(header, made), "2", points)
        assert parse(text.encode(), "f", validate).rules == read
        kept = replace(read, danger=replace(read.danger, points=present))
        assert kept == made  # caps, bounds, bands and tests are as they were
        assert {sign: read.danger.points[sign] for sign in HELD} == {s: present[s] for s in HELD}

    @given(some=cases())
    def test_few_answers_move_little_and_none_move_nothing(self, minimise, some):
        fitted = learn(some, minimise).points
        points = whole(fitted, PRESENT)
        for sign in ALONE:
            seen = sum(sign in one.signs for one in some)
            assert abs(fitted[sign] - PRESENT[sign]) <= PRIOR**2 * SCALE * seen + 1e-3
            if seen <= 1:
                assert points[sign] == PRESENT[sign]

    @given(some=cases(ALONE), sign=st.sampled_from(ALONE), more=st.integers(1, 20))
    def test_more_positives_for_a_sign_never_lower_it(self, minimise, some, sign, more):
        """Exact where reports show one sign each; what stands beside a sign may take its part."""
        single = [replace(one, signs=frozenset(sorted(one.signs)[:1])) for one in some]
        added = [case(1000 + n, [sign], found=True) for n in range(more)]
        before, after = learn(single, minimise), learn([*single, *added], minimise)
        assert after.points[sign] >= before.points[sign] - 1e-3

    @given(some=cases(ALONE), sign=st.sampled_from(ALONE), more=st.integers(1, 20))
    def test_more_reports_with_nothing_never_raise_it(self, minimise, some, sign, more):
        single = [replace(one, signs=frozenset(sorted(one.signs)[:1])) for one in some]
        added = [case(1000 + n, [sign], found=False) for n in range(more)]
        before, after = learn(single, minimise), learn([*single, *added], minimise)
        assert after.points[sign] <= before.points[sign] + 1e-3

    @given(some=cases(), data=st.data())
    def test_the_order_of_the_answers_does_not_matter(self, minimise, some, data):
        shuffled = data.draw(st.permutations(some))
        one, other = learn(some, minimise), learn(shuffled, minimise)
        assert one.points == pytest.approx(other.points, abs=0.02)

    def test_many_answers_are_heard(self, minimise):
        """A sign that is always there when a child is found, and one that never is."""
        some = [case(n, ["prior_reports"] if n % 2 else ["novel_viewed"], found=n % 2 == 1)
                for n in range(2000)]  # fmt: skip
        points = whole(learn(some, minimise).points, PRESENT)
        assert points["prior_reports"] > PRESENT["prior_reports"] + 20
        assert points["novel_viewed"] == 1  # it raises still: a direction is no matter of counts
        others = set(LEARNED) - {"prior_reports", "novel_viewed"}
        assert {sign: points[sign] for sign in others} == {sign: PRESENT[sign] for sign in others}

    def test_points_of_truth_are_found_again(self, minimise):
        """Answers drawn from known points: the fit is nearer to them than where it began."""
        import random

        draw = random.Random(7)
        truth = {**PRESENT, "victim": 35, "novel_viewed": 5, "sextortion": 45}
        signs = ["victim", "novel_viewed", "sextortion", "type_enticement", "infant"]
        some = []
        for number in range(4000):
            shown = frozenset(sign for sign in signs if draw.random() < 0.4)
            odds = -2.5 + SCALE * sum(truth[sign] for sign in shown)
            some.append(case(number, shown, found=draw.random() < 1 / (1 + 2.718281828**-odds)))
        fitted = learn(some, minimise).points
        for sign in ("victim", "novel_viewed", "sextortion"):
            assert abs(fitted[sign] - truth[sign]) < 0.5 * abs(PRESENT[sign] - truth[sign])

    def test_an_analysts_level_is_an_answer_and_is_not_learned(self, minimise):
        assert "level_1" not in LEARNED
        some = [case(n, ["level_1", "victim"], found=True) for n in range(50)]
        assert data_of(some, PRESENT).shift[0] == pytest.approx(SCALE * PRESENT["level_1"])

    def test_half_a_point_is_no_reason_to_move(self):
        fitted = {
            **{sign: float(PRESENT[sign]) for sign in LEARNED},
            "victim": 20.5,
            "infant": 8.6,
        }
        points = whole(fitted, PRESENT)
        assert (points["victim"], points["infant"]) == (20, 9)
        assert whole({**fitted, "own_viral": -40.7}, PRESENT)["own_viral"] == -41


class TestCalibration:
    def test_right_points_lie_on_the_diagonal(self, minimise):
        import random

        draw = random.Random(3)
        some = []
        for number in range(3000):
            shown = frozenset(s for s in ("victim", "grooming", "infant") if draw.random() < 0.5)
            odds = -1.5 + SCALE * sum(PRESENT[sign] for sign in shown)
            some.append(case(number, shown, found=draw.random() < 1 / (1 + 2.718281828**-odds)))
        said = judge(some, PRESENT, minimise)
        for name in ("proposed", "present"):
            assert sum(mark["cases"] for mark in said["calibration"][name]) == 3000
            for mark in said["calibration"][name]:
                assert abs(mark["foretold"] - mark["found"]) < 0.1
        assert said["loss"]["present"] == pytest.approx(said["loss"]["proposed"], abs=0.01)

    def test_no_case_is_foretold_from_itself(self, minimise):
        """Answers without any pattern: whoever learns by heart would seem to foretell them."""
        import random

        draw = random.Random(5)
        some = [case(n, [draw.choice(ALONE)], found=draw.random() < 0.5) for n in range(400)]
        said = judge(some, PRESENT, minimise)
        assert said["loss"]["proposed"] > 0.65

    def test_groups_are_of_equal_size_and_in_order(self, minimise):
        some = [case(n, ["victim"] if n % 3 else [], found=n % 2 == 0) for n in range(100)]
        data = data_of(some, PRESENT)
        found = marks(data, chances(data, only_intercept(data, PRESENT, minimise)))
        assert [mark["cases"] for mark in found] == [13, 13, 13, 13, 12, 12, 12, 12]
        assert [m["foretold"] for m in found] == sorted(m["foretold"] for m in found)


class TestEnough:
    def test_too_few_are_refused_with_what_is_missing(self):
        some = [case(n, [], found=n < 12) for n in range(37)]
        assert enough(some).sentence == (
            "There are 37 reports with an answer that tells (12: a child in danger was found, "
            "25: nothing was there); at least 100 are needed, and 20 of each kind. "
            "Nothing is proposed."
        )

    def test_one_kind_alone_is_not_enough(self):
        assert enough([case(n, [], found=n < 19) for n in range(500)]).sentence
        assert not enough([case(n, [], found=n < 20) for n in range(LEAST_ANSWERS)]).sentence


def test_no_facts_show_no_sign():
    assert signs_of(Features(), POLICY.rules.limits) == frozenset()
