"""The batch of all links: the same however it is cut up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.entities.blocking.rules import MOST, NEAREST
from tipline.insight.entities.history.blocks import Block
from tipline.insight.entities.history.rules import (
    Record,
    all_links,
    as_text,
    from_text,
    keys_of,
    meeting,
    sharing,
)
from tipline.insight.entities.rules_reported import Value
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_model import shipped

BY = (shipped(), Frequencies())
NAMES = ("blue_kite", "bluekite", "blue_kite7", "xx_blue_kite_xx", "marram", "marram_grass")
_SEEN = [{"time": {"instant": "2026-11-02T10:00:00+00:00"}, "port": 4711}]


def value(kind, text, *, scope="", role="suspect", verified=None, origin="asserted", seen=()):
    return Value(kind, scope, text, role, verified, origin, list(seen))


VALUES = st.one_of(
    st.builds(
        value,
        st.just("screen_name"),
        st.sampled_from(NAMES),
        scope=st.sampled_from(("chat", "video")),
        origin=st.sampled_from(("asserted", "mined")),
    ),
    st.builds(
        value,
        st.just("email"),
        st.sampled_from(NAMES).map(lambda name: f"{name}@example.org"),
        role=st.sampled_from(("suspect", "victim", "associated")),
        verified=st.sampled_from((True, None)),
    ),
    st.builds(
        value,
        st.just("esp_user_id"),
        st.sampled_from(("u-1", "u-2")),
        scope=st.just("chat"),
    ),
    st.builds(value, st.just("ip"), st.just("192.0.2.7"), seen=st.just(_SEEN)),
)
RECORDS = st.lists(
    st.tuples(st.sampled_from((1, 2, None)), st.booleans(), st.lists(VALUES, max_size=5)),
    max_size=60,
).map(lambda rows: [Record(number, *row) for number, row in enumerate(rows, 100)])


def entries(records):
    return sorted((key, record.number) for record in records for key in keys_of(record))


def meetings(records):
    found: dict[int, dict] = {}
    for one in sharing(entries(records)):
        found.setdefault(one.number, {})[one.key] = one.earlier
    return [meeting(number, found[number]) for number in sorted(found)]


@given(RECORDS, st.randoms())
def test_the_order_of_the_records_makes_no_difference(records, dice):
    found = all_links(records, *BY)
    dice.shuffle(records)
    assert all_links(records, *BY) == found


@given(RECORDS, st.integers(1, 40), st.integers(98, 130))
def test_blocks_of_any_size_hold_the_same_meetings(records, size, after):
    upto = 170
    whole = Block.of(sharing(entries(records)), after, upto)
    parts = list(whole.cut(size))
    assert [part.after for part in parts] == [after, *(part.last for part in parts[:-1])]
    assert parts[-1].last == upto
    met = [one for part in parts for one in part.meetings()]
    assert met == [one for one in meetings(records) if one.number > after]


def test_nothing_above_the_last_number_is_one_empty_block_or_none():
    [block] = Block.of([], 3, 9).cut(5)
    assert (block.after, block.last, list(block.meetings())) == (3, 9, [])
    assert not list(Block.of([], 9, 9).cut(5))


@given(RECORDS)
def test_a_record_comes_back_from_its_text(records):
    for record in records:
        assert from_text(as_text(record.values)) == list(record.values)


def test_trials_meet_no_real_report():
    same = [value("esp_user_id", "u-1", scope="chat")]
    found = all_links([Record(1, 7, False, same), Record(2, 7, True, same)], *BY)
    assert not found
    assert list(all_links([Record(1, 7, False, same), Record(2, 7, False, same)], *BY)) == [(1, 2)]


def test_a_certain_value_leads_to_the_nearest_however_many_have_it():
    same = [value("esp_user_id", "u-1", scope="chat")]
    found = all_links([Record(number, 7, False, same) for number in range(100)], *BY)
    assert all(proposal.automatic for proposal in found.values())
    assert [low for low, high in found if high == 99] == list(range(99 - NEAREST, 99))


def test_a_value_of_too_many_leads_nobody_behind_the_first():
    same = [value("email", "kite@example.org")]
    found = all_links([Record(number, None, False, same) for number in range(100)], *BY)
    assert {high for _low, high in found} == set(range(1, MOST))
    assert len(found) == MOST * (MOST - 1) // 2
