"""The bars of a link: prior, levels, rarity, what is taken away."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.reasons import Reason, Source, total
from tipline.insight.entities.scoring.rules import Frequencies, score
from tipline.insight.entities.scoring.rules_model import shipped
from tipline.insight.entities.scoring.rules_subject import Subject, handle, mail, phone
from tipline.insight.entities.scoring.rules_waterfall import BarKind, odds, waterfall

MODEL = shipped()
ENOUGH = MODEL.rules.needed(1_000_000)
RARE = Frequencies(
    {("screen_name", "skeleton", "bluekite"): 3}, {("screen_name", "skeleton"): 1_200_000}
)


def kinds(made):
    return [bar.kind for bar in made.bars]


def told(a, b, frequencies=RARE):
    return score(a, b, MODEL, frequencies).reasons


ONE = Subject(handles=(handle("blue.kite"),), mails=(mail("kite@example.org"),))
OTHER = Subject(handles=(handle("bluekite"),), mails=(mail("kite@example.org"),))


def test_the_prior_comes_first_and_rarity_after_its_level():
    made = waterfall(told(ONE, OTHER), MODEL, ENOUGH)

    assert kinds(made) == [
        BarKind.PRIOR,
        BarKind.LEVEL,
        BarKind.LEVEL,
        BarKind.FREQUENCY,
        BarKind.LESS,  # counted once
        BarKind.LESS,  # the cap
    ]
    assert made.bars[0].points == made.least - ENOUGH
    assert made.bars[2].reason is made.bars[3].reason
    assert made.least == -500


def test_the_sum_is_above_the_line_where_the_pair_is_proposed_and_nowhere_else():
    for a, b in ((ONE, OTHER), (ONE, Subject(handles=(handle("blue.kites"),)))):
        reasons = told(a, b)
        made = waterfall(reasons, MODEL, ENOUGH)
        assert made.points == total(reasons) - ENOUGH + made.least
        assert (made.points >= made.least) == (total(reasons) >= ENOUGH)


def test_reasons_of_another_model_have_no_prior_and_no_line():
    old = [replace(reason, version="link@2024.1") for reason in told(ONE, OTHER)]
    made = waterfall(old, MODEL, ENOUGH)

    assert (made.least, made.has_prior) == (None, False)
    assert BarKind.FREQUENCY not in kinds(made)
    assert made.points == total(old)


def test_reasons_that_move_nothing_stand_apart():
    why = Reason("link.verified_contact", {"kind": "email"}, 0, Source.SYSTEM, MODEL.stamp)
    made = waterfall([*told(ONE, OTHER), why], MODEL, ENOUGH)

    assert made.explaining[-1] == why
    assert not any(reason.points for reason in made.explaining)


NAMES = st.text("abkx01_.", min_size=1, max_size=12)
SUBJECTS = st.builds(
    lambda names, mails, phones: Subject(
        handles=tuple(map(handle, names)),
        mails=tuple(mail(f"{user}@example.org") for user in mails),
        phones=tuple(map(phone, phones)),
    ),
    st.lists(NAMES, max_size=3),
    st.lists(NAMES, max_size=2),
    st.lists(st.sampled_from(["+14155550100", "+14155550109", "4155550100"]), max_size=2),
)


@given(SUBJECTS, SUBJECTS)
def test_the_bars_are_the_reasons(a, b):
    reasons = told(a, b)
    made = waterfall(reasons, MODEL, ENOUGH)

    without = [bar for bar in made.bars if bar.kind is not BarKind.PRIOR]
    assert sum(bar.points for bar in without) == total(reasons)
    for reason in reasons:
        assert sum(bar.points for bar in without if bar.reason is reason) == reason.points


@given(st.integers(-20_000, 20_000))
def test_odds_of_any_sum(points):
    more, less = odds(points)
    assert min(more, less) == 1
    assert (more >= less) == (points >= 0 or more == less)


def test_odds_as_people_say_them():
    assert odds(320) == (9, 1)
    assert odds(-320) == (1, 9)
    assert odds(0) == (1, 1)
