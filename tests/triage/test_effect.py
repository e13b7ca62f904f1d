"""What a yes to a proposed link would move."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.triage.reports import features

from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.rules import danger
from tipline.insight.triage.rules_effect import (
    BAND,
    MOST_POINTS,
    ROUTE,
    TWO_AGENCIES,
    Move,
    Side,
    effect,
    moves,
)

POLICY = default_policy()
NOBODY: frozenset[int] = frozenset()
SIDES = st.builds(
    Side,
    features=st.none() | features(),
    sender=st.none() | st.integers(1, 2),
    agencies=st.frozensets(st.integers(1, 3), max_size=2),
)


def side(told=None, sender=1, agencies=NOBODY):
    return Side(told, sender, frozenset(agencies))


@given(SIDES, SIDES)
def test_the_order_of_the_two_makes_no_difference_and_it_fits_its_column(one, other):
    found = effect(one, other, POLICY)
    assert found == effect(other, one, POLICY)
    assert 0 <= found <= 32_767


@given(st.integers(-32_768, 0))
def test_nothing_is_said_of_an_effect_that_only_orders(effect_):
    assert moves(effect_) == ()


@given(SIDES)
def test_nothing_is_moved_of_what_nobody_assessed(one):
    assert effect(side(None), side(None), POLICY) == 0
    assert effect(replace(one, features=None), side(None), POLICY) in (0, ROUTE, TWO_AGENCIES)


def test_routing_counts_where_only_one_is_at_an_agency_or_two_work_apart():
    assert effect(side(agencies=[1]), side(), POLICY) == ROUTE
    assert effect(side(agencies=[1]), side(agencies=[2]), POLICY) == TWO_AGENCIES
    assert effect(side(agencies=[1, 2]), side(agencies=[2]), POLICY) == 0


@given(features(linked_reports=None, linked_esps=None))
def test_a_report_that_rises_a_band_goes_before_any_that_only_gains_points(told):
    one = side(told)
    before = danger(told, POLICY)
    after = danger(replace(told, linked_reports=1), POLICY)
    found = effect(one, side(None), POLICY)
    assert (found >= BAND) == (after.band is not before.band)
    assert (Move.BAND in moves(found)) == (found >= BAND)


@given(SIDES, SIDES)
def test_an_effect_tells_what_it_consists_of(one, other):
    told = moves(effect(one, other, POLICY))
    apart = one.agencies and other.agencies and not one.agencies & other.agencies
    assert (Move.ROUTE in told) == (bool(one.agencies) != bool(other.agencies))
    assert (Move.TWO_AGENCIES in told) == bool(apart)
    assert list(told) == sorted(told, key=list(Move).index)


def test_nothing_moved_tells_nothing():
    assert moves(0) == ()
    assert moves(ROUTE + MOST_POINTS - 1) == (Move.ROUTE, Move.POINTS)


@given(features(linked_reports=0, linked_esps=1))
def test_another_sender_moves_no_less_than_the_same(told):
    same = effect(side(told, sender=1), side(None, sender=1), POLICY)
    another = effect(side(told, sender=1), side(None, sender=2), POLICY)
    assert another >= same
