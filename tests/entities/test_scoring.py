"""The scorer: its sum, its caps, its order of levels, and its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.policy import PolicyError
from tipline.ground.foundation.reasons import known_codes, total
from tipline.insight.entities.scoring.rules import Frequencies, score
from tipline.insight.entities.scoring.rules_levels import ELSE, LADDERS, hits, near
from tipline.insight.entities.scoring.rules_model import POINTS_A_BIT, read_model, shipped
from tipline.insight.entities.scoring.rules_subject import (
    Subject,
    handle,
    mail,
    phone,
    seen,
)
from tipline.insight.entities.scoring.words import told

MODEL = shipped()
NOTHING = Frequencies()
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NEAR = "[comparisons.screen_name.near]"
HANDLES = ["bluekite", "xx_blue.kite_xx", "bluekite77", "kite_blue", "bluekitf", "sh4dow", "ab", ""]
MAILS = ["blue.kite@example.org", "bluekite@gmail.com", "b.luekite+x@gmail.com", "info@example.org"]
TERMS = st.text("abk1@._", max_size=8)


def few(values, most=3):
    return st.lists(values, max_size=most).map(tuple)


def set_of(values):
    return st.frozensets(values, max_size=3)


SUBJECTS = st.builds(
    Subject,
    accounts=set_of(st.tuples(st.sampled_from(["chat", "mail"]), st.sampled_from(["7", "8"]))),
    handles=few(
        st.builds(handle, st.sampled_from(HANDLES) | st.text(max_size=9), st.sampled_from("ab"))
    ),
    mails=few(st.builds(mail, st.sampled_from(MAILS) | st.text(max_size=9))),
    phones=few(st.builds(phone, st.sampled_from(["+14155550100", "4155550100", "+14155550101"]))),
    seen=few(
        st.builds(
            seen,
            st.sampled_from(["169.229.216.200", "169.229.216.7", "2607:f140::1", "no address"]),
            st.none() | st.integers(0, 40 * 24 * 60).map(lambda m: NOON + timedelta(minutes=m)),
            st.none() | st.sampled_from([1, 2]),
            shared=st.booleans(),
        )
    ),
    names=set_of(st.sampled_from(["anna example", "ana example", "example", "otto other"])),
    births=set_of(st.sampled_from(["1990-05-07", "1990-07-05", "1990-05-17", "1989-01-30"])),
    devices=set_of(TERMS),
    addresses=set_of(TERMS),
    pages=set_of(TERMS),
    payments=set_of(st.tuples(st.just("bitcoin"), TERMS)),
    files=set_of(st.sampled_from(["aa", "bb"])),
)
#: Frequencies in which some terms are common and most were never seen.
COUNTED = Frequencies(
    {
        ("screen_name", "skeleton", "bluekite"): 3,
        ("screen_name", "stem", "shadow"): 40_000,
        ("file", "value", "aa"): 100_000,
    },
    {
        (name, level.form): 1_200_000
        for name, ladder in LADDERS.items()
        for level in ladder
        if level.form
    },
)
FREQUENCIES = st.sampled_from([NOTHING, COUNTED])


@given(SUBJECTS, SUBJECTS, FREQUENCIES)
def test_the_sum_of_the_reasons_is_the_score_in_either_order(a, b, frequencies):
    one, other = score(a, b, MODEL, frequencies), score(b, a, MODEL, frequencies)
    assert one.points == total(one.reasons)
    assert one.points == other.points
    assert one.reasons == other.reasons
    assert {reason.code for reason in one.reasons} <= known_codes()
    assert all(reason.version == "link@2026.1" for reason in one.reasons)
    assert all(told(reason) for reason in one.reasons)


@given(SUBJECTS, SUBJECTS, FREQUENCIES)
def test_no_group_says_more_than_its_cap_nor_a_shared_address_more_than_its_own(a, b, frequencies):
    found = score(a, b, MODEL, frequencies)
    against = sum(min(round(one.bits * POINTS_A_BIT), 0) for one in found.evidence)
    groups = {one.group for one in found.evidence if one.bits > 0}
    assert found.points - against <= sum(
        round(MODEL.rules.caps[group] * POINTS_A_BIT) for group in groups
    )
    if [one.comparison for one in found.evidence] == ["ip"] and found.evidence[0].shared:
        assert found.points <= MODEL.rules.shared_cap * POINTS_A_BIT


@given(SUBJECTS, FREQUENCIES)
def test_who_shares_nothing_that_could_be_compared_scores_nothing(a, frequencies):
    assert score(a, Subject(), MODEL, frequencies).points == 0
    assert score(a, Subject(), MODEL, frequencies).reasons == ()
    assert not list(hits(a, Subject()))


@pytest.mark.parametrize("comparison", list(LADDERS))
def test_a_nearer_level_is_never_worth_less(comparison):
    weights = MODEL.rules.comparisons[comparison].weights
    bits = [weights[level.name].bits for level in LADDERS[comparison]]
    assert all(better >= worse for better, worse in pairwise(bits))
    assert LADDERS[comparison][-1].name == ELSE


@given(SUBJECTS, SUBJECTS)
def test_each_comparison_stays_on_its_ladder(a, b):
    order = list(LADDERS)
    compared = [comparison for comparison, _found in hits(a, b)]
    assert compared == sorted(set(compared), key=order.index)
    for comparison, found in hits(a, b):
        assert found
        assert {hit.level for hit in found} <= {level.name for level in LADDERS[comparison]}


def levels(a: Subject, b: Subject) -> dict[str, str]:
    return {one.comparison: one.level for one in score(a, b, MODEL, NOTHING).evidence}


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("bluekite", "bluekite", "same_name"),
        ("xx_blue.kite_xx", "bluekite", "same_skeleton"),
        ("bluekite77", "blue_kite12", "same_stem"),
        ("blue_kite", "kite.blue", "same_words"),
        ("bluekite", "mybluekitetoo", "same_words"),
        ("bluekite", "bluekitf", "near"),
        ("bluekite", "redfish", "else"),
    ],
)
def test_the_ladder_of_screen_names(one, other, level):
    a, b = Subject(handles=(handle(one, "a"),)), Subject(handles=(handle(other, "b"),))
    assert levels(a, b)["screen_name"] == level


@pytest.mark.parametrize(
    ("minutes", "ports", "level"),
    [
        (2, (5, 5), "same_port_minutes"),
        (2, (5, 6), "same_hour"),
        (10 * 60, (5, 5), "same_day"),
        (20 * 24 * 60, (5, 5), "same_month"),
        (40 * 24 * 60, (5, 5), "else"),
    ],
)
def test_an_address_counts_with_its_time_and_port(minutes, ports, level):
    later = NOON + timedelta(minutes=minutes)
    a = Subject(seen=(seen("169.229.216.200", NOON, ports[0]),))
    b = Subject(seen=(seen("169.229.216.200", later, ports[1]),))
    assert levels(a, b)["ip"] == level
    untimed = Subject(seen=(seen("169.229.216.200"),))
    assert score(a, untimed, MODEL, NOTHING).points == 0


def test_other_people_move_and_that_is_no_evidence_against():
    a = Subject(seen=(seen("169.229.216.200", NOON),), devices=frozenset({"x"}))
    b = Subject(seen=(seen("2607:f140::1", NOON),), devices=frozenset({"y"}))
    assert score(a, b, MODEL, NOTHING).points == 0


def test_a_rare_name_is_worth_more_than_a_common_one_and_says_how_rare():
    a, b = (Subject(handles=(handle(name, name),)) for name in ("xx_blue.kite_xx", "bluekite"))
    [reason] = score(a, b, MODEL, COUNTED).reasons
    assert told(reason) == (
        "Same screen name after removing decorations, seen on 3 of 1,200,000 accounts, +15.3 bits"
    )
    assert reason.points == round(log2(0.1 / (3 / 1_200_000)) * 100)
    c, d = (Subject(handles=(handle(name, name),)) for name in ("shadow11", "sh4dow22"))
    assert score(c, d, MODEL, COUNTED).points < 200 < reason.points


def test_correlated_evidence_counts_once_and_the_cap_is_a_reason():
    both = Subject(handles=(handle("bluekite", "a"),), mails=(mail("bluekite@example.org"),))
    found = score(both, both, MODEL, NOTHING)
    codes = [reason.code for reason in found.reasons]
    assert codes[-2:] == ["bits.counted_once", "bits.cap"]
    assert found.points == MODEL.rules.caps["alias"] * POINTS_A_BIT


def test_a_shared_address_says_little():
    shared = Subject(seen=(seen("169.229.216.200", NOON, 7, shared=True),))
    own = Subject(seen=(seen("169.229.216.200", NOON, 7),))
    assert score(shared, own, MODEL, NOTHING).points == 200
    assert score(own, own, MODEL, NOTHING).points == 1800


def test_the_more_there_are_the_more_a_pair_needs():
    needed = [MODEL.rules.needed(subjects) for subjects in (0, 1, 100, 10_000, 1_000_000)]
    assert needed == sorted(needed)
    assert needed[-1] == 1594
    assert MODEL.rules.enough == MODEL.rules.needed(MODEL.rules.subjects) == 1594


@given(st.text(max_size=14), st.text(max_size=14))
def test_near_is_mutual_and_asks_more_of_short_names(a, b):
    assert near(a, b) == near(b, a)
    assert not near(a[:5], b)


class TestModelFiles:
    def changed(self, old: str, new: str) -> str:
        from importlib.resources import files

        path = files("tipline.insight.entities").joinpath("link_models/link-2026.toml")
        text = path.read_text(encoding="utf-8")
        assert old in text
        with pytest.raises(PolicyError) as refused:
            read_model(text.replace(old, new, 1).encode(), "mine.toml")
        return str(refused.value)

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("m = 0.6\nu", "u", "comparisons.account.same.m: is missing; give a number"),
            ("m = 0.6\n", "m = 1.5\n", "1.5 is out of bounds: give 0.001 to 0.999"),
            ("m = 0.6\n", "m = -0.6\n", "-0.6 is out of bounds: give 0.001 to 0.999"),
            ("u = 1e-09\n", "u = -1\n", "-1 is out of bounds: give 1e-12 to 1"),
            ("m = 0.6\n", "m = nan\n", "comparisons.account.same.m: must be a number"),
            ("m = 0.6\n", "m = 0.5\n", "the m of all levels add up to 0.9"),
            ('group = "account"', 'group = "accuont"', "'accuont' is not one of"),
            ("m = 0.1\nu = 4e-06", "m = 0.1\nu = 4e-08", "which is nearer"),
            (f"{NEAR}\n", "[comparisons.screen_name.nere]\n", "'near'?"),
            (f"{NEAR}\n", f"{NEAR}\nby_frequency = true\n", "alike, not the same"),
            ("matches_per_subject = 0.5", "matches_per_subject = 0", "out of bounds"),
        ],
    )  # fmt: skip
    def test_a_wrong_one_is_refused_with_the_key_and_the_fix(self, old, new, said):
        assert said in self.changed(old, new)

    def test_every_value_says_where_it_comes_from(self):
        for comparison in MODEL.rules.comparisons.values():
            for weight in comparison.weights.values():
                assert len(weight.source) > 15

    def test_another_model_stamps_its_reasons(self):
        other = replace(MODEL, version="2027.1")
        subject = Subject(devices=frozenset({"x"}))
        [reason, _cap] = score(subject, subject, other, NOTHING).reasons
        assert reason.version == "link@2027.1"
