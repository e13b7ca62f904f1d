"""How often people found the machine right, by level and by bits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.entities.linked import link_of, machine_says, some_reports

from tipline.ground.foundation.errors import NotAllowed
from tipline.insight.entities.judging import services
from tipline.insight.entities.judging.queries_precision import precision_of_judged
from tipline.insight.entities.judging.rules import Verdict
from tipline.insight.entities.judging.rules_precision import (
    BANDS,
    Judged,
    band_of,
    positive,
    precision,
)


def reason(code: str, points: int = 900) -> dict:
    return {"code": code, "points": points, "params": {}}


def judged(verdict: Verdict, *reasons: dict) -> Judged:
    return Judged(verdict, sum(one["points"] for one in reasons), reasons)


MAIL, SEEN = reason("bits.email.same_user"), reason("bits.screen_name.same_stem.seen", 400)
AGAINST, CAP = reason("bits.phone.else", -200), reason("bits.cap", -300)


def test_levels_that_speak_for_a_pair_are_told_with_and_without_frequencies():
    told = positive([MAIL, SEEN, AGAINST, CAP, reason("link.same_value", 14), reason("bits.ip", 5)])
    assert told == {("email", "same_user"), ("screen_name", "same_stem"), ("ip", "")}


def test_confirmed_to_all_that_were_told_one_way_or_the_other():
    found = precision(
        [
            judged(Verdict.YES, MAIL, SEEN),
            judged(Verdict.YES, MAIL, AGAINST),
            judged(Verdict.NO, MAIL),
            judged(Verdict.SPLIT, SEEN),
            judged(Verdict.UNSURE, MAIL),
        ]
    )
    assert (found.whole.right, found.whole.wrong) == (2, 2)
    mail = found.levels["email", "same_user"]
    assert (mail.right, mail.wrong) == (2, 1)
    assert mail.share == pytest.approx(2 / 3)
    assert mail.interval == pytest.approx((0.2077, 0.9385), abs=1e-4)
    assert ("phone", "else") not in found.levels
    assert list(found.levels) == [("screen_name", "same_stem"), ("email", "same_user")]


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.integers(-1000, 4000)), max_size=30))
def test_bands_add_up_to_the_whole(rows):
    found = precision(Judged(verdict, points, ()) for verdict, points in rows)
    assert sum(one.judged for one in found.bands.values()) == found.whole.judged
    assert sum(one.right for one in found.bands.values()) == found.whole.right
    assert found.whole.interval[0] <= (found.whole.share or 0) <= found.whole.interval[1]


def test_a_band_holds_its_lower_edge():
    assert [band_of(100 * band) for band in BANDS if band is not None] == list(BANDS[1:])
    assert band_of(799) is None
    assert band_of(-50) is None
    assert band_of(9_999) == 24


class TestOverTheLedger:
    @pytest.fixture
    def pairs(self, world):
        """Three pairs of which the machine says that devices are the same."""
        numbers = some_reports(world, 6)
        found = list(zip(numbers[::2], numbers[1::2], strict=True))
        for low, high in found:
            machine_says(high, {low: ("proposed", ["device"])})
        return found

    def judge(self, actor, pair, verdict):
        return services.judge(actor, link_of(*pair), verdict)

    def test_the_judgement_in_force_counts_once(self, world, pairs):
        ana, sofia = world.actor("ana"), world.actor("sofia")
        self.judge(ana, pairs[0], "yes")
        self.judge(ana, pairs[1], "yes")
        self.judge(ana, pairs[1], "no")
        self.judge(ana, pairs[2], "unsure")
        whole = precision_of_judged(sofia).whole
        assert (whole.right, whole.wrong) == (1, 1)

    def test_what_was_taken_back_counts_no_more(self, world, pairs):
        ana, sofia = world.actor("ana"), world.actor("sofia")
        self.judge(ana, pairs[0], "no")
        newest = self.judge(ana, pairs[0], "yes")
        services.undo(ana, newest.pk)
        whole = precision_of_judged(sofia).whole
        assert (whole.right, whole.wrong) == (0, 1)

    def test_reasons_and_points_are_those_of_the_moment(self, world, pairs):
        ana, sofia = world.actor("ana"), world.actor("sofia")
        self.judge(ana, pairs[0], "yes")
        low, high = pairs[0]
        machine_says(high, {low: ("proposed", ["phone"])}, points=3_000)
        found = precision_of_judged(sofia)
        assert set(found.levels) == {("device", "same")}
        assert found.bands[8].right == 1

    def test_figures_are_for_those_who_may_read_them(self, world, pairs):
        with pytest.raises(NotAllowed):
            precision_of_judged(world.actor("enzo"))
