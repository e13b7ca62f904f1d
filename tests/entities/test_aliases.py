"""Names and mailboxes of people made up apart from our forms: what the levels recognise of them.

A small set of the one that ``bench aliases`` measures. The floors stand a little below what was
measured on it; who changes a form or a level sees here what it does to names that nobody fitted.
"""

from __future__ import annotations

import pytest

from benchmarks.linking import aliases as bench
from simulator.world.aliases import HABITS, aliases

PEOPLE, SEED = 160, 1
#: Of names that were made by each habit, the share that is recognised beside the first one.
RECOGNISED = {
    "again": 1.0,
    "separator": 1.0,
    "digits": 0.95,
    "typo": 0.85,
    "other letters": 0.8,
    "by ear": 0.8,
    "leetspeak": 0.6,
    "wrapper": 0.6,
    "longer": 0.3,
}


@pytest.fixture(scope="module")
def told():
    return bench.measure(PEOPLE, SEED)


@pytest.fixture(scope="module")
def rows(told):
    return bench.result(told, PEOPLE).rows


def test_the_same_people_are_made_again_and_each_by_a_habit_that_is_told():
    made = aliases(30, 5)
    assert made == aliases(30, 5) != aliases(30, 6)
    assert {one.person for one in made} == set(range(30))
    assert {one.habit for one in aliases(200, 5)} == {"first", *HABITS}
    assert all(one.habit == "first" for one in made if one is made[0])


def test_what_people_do_to_their_names_is_recognised(told):
    shares = {habit: found / tried for habit, (tried, found) in told.habits.items()}
    assert {
        habit: shares[habit] for habit, least in RECOGNISED.items() if shares[habit] < least
    } == {}


def test_a_name_that_was_given_up_is_recognised_by_nothing(told):
    tried, found = told.habits["new"]
    assert tried > 5
    assert found == 0


@pytest.mark.parametrize(
    ("comparison", "level", "precision", "found"),
    [
        ("screen_name", "same_name", 0.9, 0.05),
        ("screen_name", "same_skeleton", 0.9, 0.2),
        ("screen_name", "near", 0.75, 0.5),
        ("email", "same_user", 0.75, 0.08),
        ("alias", "same_skeleton", 0.9, 0.25),
    ],
)
def test_the_levels_are_right_and_find_what_they_can(rows, comparison, level, precision, found):
    row = next(
        one for one in rows if (one.get("comparison"), one.get("level")) == (comparison, level)
    )
    assert row["precision"] >= precision
    assert row["found"] >= found
    assert row["precision_low"] <= row["precision"] <= row["precision_high"]


def test_levels_take_few_pairs_of_two_people_for_ones(rows):
    names = [row for row in rows if row.get("comparison") == "screen_name"]
    assert max(row["wrong_per_million"] for row in names) < 150


def test_what_is_proposed_is_right_most_often_and_takes_more_among_more(rows):
    here, store = (row for row in rows if "proposed_among" in row)
    assert here["proposed_among"] < store["proposed_among"]
    assert here["points"] < store["points"]
    assert min(here["precision"], store["precision"]) >= 0.85
    assert here["found"] >= 0.25
    assert here["found"] > store["found"] >= 0.05


def test_the_bench_prints_it_and_refuses_one_person():
    result = bench.run(["--people", "12", "--seed", "3"])
    assert "12 made-up people" in result.text
    assert result.as_json()["name"] == "aliases"
    with pytest.raises(ValueError, match="--people"):
        bench.run(["--people", "1"])
