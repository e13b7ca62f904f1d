"""The trainer where Splink and DuckDB are: its SQL is our ladders, and it finds what is there."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from tests.entities.test_scoring import SUBJECTS
from tests.examples import few
from tests.parts import SPLINK, need

from tipline.insight.entities.scoring.rules_levels import LADDERS, hits
from tipline.insight.entities.scoring.rules_model import shipped
from tipline.insight.entities.scoring.rules_subject import Subject, handle, mail, phone


@pytest.fixture(scope="module", autouse=True)
def splink():
    return need(SPLINK)


@pytest.fixture(scope="module")
def engine():
    from tipline.insight.entities.training.engine import Engine

    with Engine() as made:
        yield made


@few(25)
@given(SUBJECTS, SUBJECTS)
def test_the_ladders_in_sql_give_the_levels_that_ours_give(engine, a, b):
    from tipline.insight.entities.training.rules_sql import level_of

    engine._duck.execute("delete from subjects")
    engine.subjects = 0
    engine.add([a, b])
    reached = dict(hits(a, b))
    for name, ladder in LADDERS.items():
        order = [level.name for level in ladder]
        levels = (hit.level for hit in reached.get(name, ()))
        ours = min(levels, key=order.index, default=None)
        ((theirs,),) = engine._duck.execute(
            f"select {level_of(name)} from subjects l, subjects r"
            " where l.unique_id = 0 and r.unique_id = 1"
        ).fetchall()
        assert theirs == ours, (name, a, b)


#: Of what is one person's, how often each value is the same in the set below.
SAME_PHONE, SAME_BIRTH, SAME_MAIL = 0.8, 0.9, 0.6


def people(count: int) -> list[Subject]:
    """Two records of each of so many people, whose values agree as often as is told above."""
    dice = Random(11)
    made = []
    for number in range(count):
        numbers = [f"+1415{dice.randrange(10**7):07}" for _each in range(2)]
        births = [
            f"19{dice.randrange(60, 99)}-0{dice.randrange(1, 10)}-{dice.randrange(10, 29)}"
            for _each in range(2)
        ]
        users = [f"{dice.choice('abcdefgh')}{dice.randrange(10**6)}user" for _each in range(2)]
        for turn in range(2):
            kept = [dice.random() < share for share in (SAME_PHONE, SAME_BIRTH, SAME_MAIL)]
            phone_, born, user = (
                values[0 if keep else turn]
                for values, keep in zip((numbers, births, users), kept, strict=True)
            )
            made.append(
                Subject(
                    handles=(handle(f"name{number}of{count}"),),
                    phones=(phone(phone_),),
                    births=frozenset({born}),
                    mails=(mail(f"{user}@example.org"),),
                )
            )
    return made


def test_it_learns_how_often_values_of_one_person_agree_and_writes_a_model_of_ours():
    from tipline.insight.entities.training.services import learn

    said = []
    learned = learn([people(1_500)], shipped(), "2026.test", date(2026, 11, 29), said.append)
    weights = learned.model.rules.comparisons
    # The second record keeps the first one's value, or has its own: only one of two can differ.
    for name, share in (("phone", SAME_PHONE), ("date_of_birth", SAME_BIRTH), ("email", SAME_MAIL)):
        assert next(iter(weights[name].weights.values())).m == pytest.approx(share, abs=0.05)
    assert learned.model.stamp == "link@2026.test"
    assert learned.matches == pytest.approx(1_500, rel=0.05)
    assert weights["phone"].weights["same"].source.startswith("learned from 3,000 subjects")
    assert weights["payment"] == shipped().rules.comparisons["payment"]
    assert said[-1].startswith("round 2")


def test_nobody_to_learn_from_is_said():
    from tipline.insight.entities.training.services import learn

    with pytest.raises(ValueError, match="no two subjects"):
        learn([[Subject()]], shipped(), "x", date(2026, 11, 29), lambda _said: None)
