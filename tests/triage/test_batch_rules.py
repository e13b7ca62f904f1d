"""What a batch act may touch: never an urgent report, never another's, and back exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.reasons import Reason, known_codes
from tipline.insight.triage.batches.rules import (
    STOPPED,
    Act,
    Hand,
    Held,
    Standing,
    after,
    why_kept,
    why_not,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ME, OTHER = 7, 8
LEASE = timedelta(minutes=30)
NO_MEME = (Reason("triage.meme.not_on_list"),)

times = st.none() | st.integers(-3600, 3600).map(lambda s: NOW + timedelta(seconds=s))
people = st.none() | st.sampled_from([ME, OTHER])
helds = st.builds(
    Held,
    claimed_by=people,
    claimed_until=times,
    done_at=times,
    done_by=people,
    done_how=st.sampled_from(["", "batch", "meme"]),
)
standings = st.builds(
    Standing,
    held=helds,
    urgent=st.booleans(),
    folded=st.booleans(),
    no_meme=st.sampled_from([(), NO_MEME]),
)
acts = st.sampled_from(list(Act))


def codes(reasons) -> list[str]:
    return [reason.code for reason in reasons]


@given(acts, standings)
def test_an_urgent_report_is_never_touched(act, standing):
    if standing.urgent:
        assert why_not(act, standing, ME, NOW)


@given(acts, standings)
def test_what_another_holds_and_what_is_done_is_never_touched(act, standing):
    held = standing.held
    others = held.claimed_by != ME and held.claimed_until is not None and held.claimed_until > NOW
    if others or held.done_at is not None or standing.folded:
        assert why_not(act, standing, ME, NOW)


@given(standings)
def test_a_meme_needs_its_proof(standing):
    if standing.no_meme:
        assert why_not(Act.MEME, standing, ME, NOW)


@given(acts, standings)
def test_each_why_not_has_words(act, standing):
    assert set(codes(why_not(act, standing, ME, NOW))) <= known_codes()
    assert set(codes((*why_not(act, None, ME, NOW), *STOPPED))) <= known_codes()


@pytest.mark.parametrize("act", list(Act))
def test_a_plain_report_fits_every_act_but_a_release_of_what_one_has_not(act):
    plain = Standing(held=Held(), urgent=False, folded=False)
    expected = ["triage.batch.not_yours"] if act is Act.RELEASE else []
    assert codes(why_not(act, plain, ME, NOW)) == expected
    mine = Standing(held=Held(claimed_by=ME, claimed_until=NOW + LEASE), urgent=False, folded=False)
    assert why_not(act, mine, ME, NOW) == ()


@given(acts, helds)
def test_undo_knows_its_own_work_and_nothing_else(act, before):
    left = after(act, before, Hand(ME, NOW, LEASE))
    assert why_kept(left, left) == ()
    assert codes(why_kept(None, left)) == ["triage.batch.changed_since"]
    if before != left:
        assert codes(why_kept(before, left)) == ["triage.batch.changed_since"]


@given(helds)
def test_what_was_is_read_back_exactly(held):
    assert Held.from_json(held.as_json()) == held
