"""What pairs say becomes a model file: bounds, order, sources, and nothing invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.entities.test_scoring import SUBJECTS

from tipline.insight.entities.scoring.rules_levels import ELSE, LADDERS
from tipline.insight.entities.scoring.rules_model import read_model, shipped
from tipline.insight.entities.scoring.rules_terms import terms
from tipline.insight.entities.training.rules import (
    ENOUGH_DRAWN,
    ENOUGH_MATCHES,
    LEAST_M,
    MOST_M,
    Counted,
    Lesson,
    Weighed,
    estimated_u,
    model_with,
    together,
)
from tipline.insight.entities.training.rules_file import text_of
from tipline.insight.entities.training.rules_rows import PASSES, row
from tipline.insight.entities.training.rules_sql import COLUMNS, RENDERED

NOW = shipped().rules
LESSON = Lesson(12_345, date(2026, 11, 29))
SAID = "learned from 12,345 subjects on 2026-11-29: "


def written(model):
    """As our reader takes it from the file."""
    return read_model(text_of(model, "link", "t1", "any", "told").encode(), "t").rules


def bits(model, comparison):
    weights = model.comparisons[comparison].weights
    return [weights[level.name].bits for level in LADDERS[comparison]]


def level_values(values):
    return st.fixed_dictionaries(
        {
            name: st.fixed_dictionaries({level.name: values for level in ladder})
            for name, ladder in LADDERS.items()
        }
    )


M = level_values(st.floats(0, 1))
MATCHES = st.sampled_from([0.0, ENOUGH_MATCHES - 1, ENOUGH_MATCHES, 1e6])
COUNTS = st.integers(0, 10**6)


@st.composite
def counted(draw):
    """Any counts at all, whether or not they could come from one store."""
    found = {}
    for name, ladder in LADDERS.items():
        levels = [level.name for level in ladder]
        some = st.dictionaries(st.sampled_from(levels), st.integers(0, 2_000_000))
        forms = sorted({level.form for level in ladder if level.form})
        sharing = st.dictionaries(st.sampled_from(forms), COUNTS) if forms else st.just({})
        found[name] = Counted(
            pairs=draw(st.integers(0, 10**12)),
            sharing=draw(sharing),
            drawn=draw(some),
            likely=draw(some),
            unlikely=draw(some),
        )
    return found


def test_a_model_that_is_written_and_read_is_the_same():
    read = written(NOW)
    assert replace(read, comparisons=NOW.comparisons) == NOW
    for name, one in NOW.comparisons.items():
        for level, weight in one.weights.items():
            again = read.comparisons[name].weights[level]
            assert (again.form, again.neutral, again.source) == (
                weight.form, weight.neutral, weight.source,
            )  # fmt: skip
            assert again.bits == pytest.approx(weight.bits, abs=1e-6)


def test_nothing_seen_changes_nothing():
    assert model_with(NOW, {}, {}, LESSON, 0.0) == replace(NOW, subjects=LESSON.subjects)


@settings(deadline=None)
@given(counted(), M, MATCHES, st.floats(0, 1e9))
def test_whatever_was_counted_the_file_is_one_that_our_reader_takes(counts, m, seen, matches):
    weighed = {
        name: Weighed(
            {level: value / (sum(each.values()) or 1) for level, value in each.items()}, seen
        )
        for name, each in m.items()
    }
    read = written(model_with(NOW, counts, weighed, LESSON, matches))
    for name in LADDERS:
        for better, worse in pairwise(bits(read, name)):
            assert better >= worse - 1e-5
        for weight in read.comparisons[name].weights.values():
            assert LEAST_M <= weight.m <= MOST_M


def test_m_is_taken_from_em_where_enough_was_seen_and_says_from_what():
    m = {"same": 0.7, "same_national": 0.1, "one_digit": 0.05, ELSE: 0.15}
    taught = model_with(NOW, {}, {"phone": Weighed(m, 4_000)}, LESSON, 0.0)
    weights = taught.comparisons["phone"].weights
    assert weights["same"].m == pytest.approx(0.7)
    assert weights["same"].u == NOW.comparisons["phone"].weights["same"].u
    assert weights["same"].source.startswith(
        f"{SAID}m by EM over 4,000 pairs; u as before: by hand"
    )
    few = model_with(NOW, {}, {"phone": Weighed(m, ENOUGH_MATCHES - 1)}, LESSON, 0.0)
    assert few.comparisons == NOW.comparisons


def test_m_that_was_never_or_always_seen_stays_within_bounds():
    m = {"same": 1.0, "same_national": 0.0, "one_digit": 0.0, ELSE: 0.0}
    weights = (
        model_with(NOW, {}, {"phone": Weighed(m, 400)}, LESSON, 0.0).comparisons["phone"].weights
    )
    assert weights["same"].m == pytest.approx(0.997)
    assert {weights[name].m for name in ("same_national", "one_digit", ELSE)} == {LEAST_M}


def test_u_of_what_is_the_same_is_the_pairs_that_share_it_less_those_of_one_person():
    counts = Counted(
        pairs=10**6, sharing={"mailbox": 150, "user": 450}, likely={"same_mailbox": 100}
    )
    found = estimated_u("email", NOW.comparisons["email"], counts)
    apart = 10**6 - 100
    assert found["same_mailbox"][0] == pytest.approx(50 / apart)
    assert found["same_user"][0] == pytest.approx(300 / apart)
    assert "near_user" not in found


def test_u_where_only_one_person_shares_values_is_half_a_pair_and_never_nothing():
    counts = Counted(pairs=10**6, sharing={"mailbox": 80}, likely={"same_mailbox": 90})
    found = estimated_u("email", NOW.comparisons["email"], counts)
    assert found["same_mailbox"][0] == pytest.approx(0.5 / (10**6 - 90))


def test_levels_of_one_form_share_its_pairs_as_they_were_seen():
    counts = Counted(
        pairs=10**6, sharing={"name": 100}, unlikely={"same_at_service": 25, "same_name": 75}
    )
    found = estimated_u("screen_name", NOW.comparisons["screen_name"], counts)
    assert found["same_at_service"][0] == pytest.approx(25e-6, rel=1e-3)
    assert found["same_name"][0] == pytest.approx(75e-6, rel=1e-3)


def test_u_of_what_is_alike_comes_from_random_pairs_where_enough_stand_there():
    drawn = {"near_user": ENOUGH_DRAWN, ELSE: 10**6 - ENOUGH_DRAWN}
    found = estimated_u("email", NOW.comparisons["email"], Counted(pairs=10**6, drawn=drawn))
    assert found["near_user"][0] == pytest.approx(ENOUGH_DRAWN / 10**6)
    drawn["near_user"] -= 1
    assert estimated_u("email", NOW.comparisons["email"], Counted(drawn=drawn)) == {}


def test_levels_out_of_order_are_worth_the_same():
    m = {"same": 0.1, "same_national": 0.3, "one_digit": 0.1, ELSE: 0.5}
    u = {"same": 0.001, "same_national": 0.001, "one_digit": 0.01, ELSE: 0.988}
    phone = NOW.comparisons["phone"]
    now = replace(
        phone, weights={name: replace(one, u=u[name]) for name, one in phone.weights.items()}
    )
    model = replace(NOW, comparisons={**NOW.comparisons, "phone": now})
    weights = (
        model_with(model, {}, {"phone": Weighed(m, 900)}, LESSON, 0.0).comparisons["phone"].weights
    )
    assert weights["same"].bits == pytest.approx(weights["same_national"].bits)
    assert weights["same"].m + weights["same_national"].m == pytest.approx(0.4)
    assert weights["one_digit"].m == pytest.approx(0.1)


def test_a_level_never_counts_against_where_the_rest_is_no_evidence():
    m = {"same": 0.001, ELSE: 0.999}
    counts = {"device": Counted(pairs=100, sharing={"value": 50})}
    weights = (
        model_with(NOW, counts, {"device": Weighed(m, 900)}, LESSON, 0.0)
        .comparisons["device"]
        .weights
    )
    assert weights["same"].bits == pytest.approx(0, abs=1e-9)


def test_passes_count_by_the_pairs_that_they_saw():
    one, other = Weighed({"same": 0.9, ELSE: 0.1}, 300), Weighed({"same": 0.5, ELSE: 0.5}, 100)
    found = together([one, other])
    assert found.m["same"] == pytest.approx(0.8)
    assert found.matches == 400


def test_how_many_are_one_person_is_learned_where_enough_were_seen():
    assert model_with(NOW, {}, {}, Lesson(1_000, LESSON.on), 400).matches == pytest.approx(0.8)
    assert model_with(NOW, {}, {}, LESSON, ENOUGH_MATCHES - 1).matches == NOW.matches


class TestRows:
    @given(SUBJECTS)
    def test_a_subject_is_a_row_of_all_columns(self, subject):
        made = row(7, subject)
        assert set(made) == {"unique_id", "terms", *COLUMNS, *PASSES}
        assert len(made["terms"]) == len(terms(subject))
        assert all(value or value is None for name, value in made.items() if name in COLUMNS)

    def test_every_level_but_the_last_is_rendered_and_every_pass_leaves_out_what_it_meets_by(self):
        for name, ladder in LADDERS.items():
            assert list(RENDERED[name].levels) == [level.name for level in ladder[:-1]]
            assert RENDERED[name].column in COLUMNS
        assert {name for left_out in PASSES.values() for name in left_out} <= set(LADDERS)
