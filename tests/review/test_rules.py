"""The order of contents and the end of their waiting, for any facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.annotation.rules_standing import Event, standing
from tipline.insight.review import rules
from tipline.insight.review.rules import Ending, Known, Novelty, Place, Said

TYPES = frozenset({"harmless", "apparent_csam"})
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LABELS = st.frozensets(st.sampled_from(["harmless", "apparent_csam", "violence", "infant"]))
NAMES = st.sampled_from(["a" * 64, "b" * 64, "c" * 64])
KNOWN = st.builds(
    Known,
    labels=LABELS,
    listed=st.booleans(),
    again=st.booleans(),
    near=st.lists(NAMES, max_size=2).map(tuple),
    near_list=st.booleans(),
    closed_word=st.booleans(),
)
PLACES = st.builds(
    Place,
    file=st.integers(1, 9),
    report=st.integers(1, 4),
    open=st.booleans(),
    band_rank=st.integers(0, 3),
    step=st.integers(-2, 2),
    deadline=st.integers(0, 100).map(lambda hours: NOON + timedelta(hours=hours)),
    received_at=st.just(NOON),
)
OWN = "d" * 64


def after(arrivals):
    """A content's row after copies of it came in this order."""
    row = None
    for place, known in arrivals:
        row = rules.joined(rules.placed(OWN, row, place, known, TYPES), known, {})
    return row


@given(st.lists(st.tuples(PLACES, KNOWN), min_size=1, max_size=6))
def test_the_same_facts_twice_change_nothing(arrivals):
    row = after(arrivals)
    place, known = arrivals[-1]
    once_more = rules.joined(rules.placed(OWN, row, place, known, TYPES), known, {})
    assert rules.joined(rules.placed(OWN, once_more, place, known, TYPES), known, {}) == once_more


@given(KNOWN, st.booleans())
def test_only_what_nobody_and_nothing_knows_is_offered(known, is_open):
    waits = rules.ending(known, TYPES, is_open=is_open) is Ending.WAITING
    said = known.labels & TYPES
    assert waits == (not said and not known.listed and (is_open or not known.closed_word))


@given(PLACES, KNOWN)
def test_a_content_that_is_new_to_the_house_comes_before_one_that_is_not(place, known):
    row = rules.placed(OWN, None, place, known, TYPES)
    new = not known.again and not known.near and not known.near_list
    assert (row.novelty is Novelty.NEW) == new


@given(st.lists(st.tuples(PLACES, KNOWN), min_size=1, max_size=6))
def test_more_copies_never_make_it_newer(arrivals):
    seen = [after(arrivals[: n + 1]) for n in range(len(arrivals))]
    assert all(not (a.again and not b.again) for a, b in pairwise(seen))


@given(PLACES, PLACES, KNOWN)
def test_the_copy_of_another_report_stands_for_it_only_when_it_comes_first(first, second, known):
    row = rules.placed(OWN, None, first, known, TYPES)
    moved = rules.placed(OWN, row, second, known, TYPES)
    if first.report == second.report:
        assert moved.place == second
    else:
        assert moved.place.order == min(first.order, second.order)


@given(PLACES, KNOWN, st.dictionaries(NAMES, NAMES))
def test_who_has_joined_stays_with_those_that_it_looks_like(place, known, look_alikes):
    row = rules.joined(rules.placed(OWN, None, place, known, TYPES), known, look_alikes)
    assert rules.joined(row, known, {}) == row
    assert (row.look_alike == OWN) == (not known.near)


@given(LABELS)
def test_an_age_or_an_act_alone_does_not_say_what_it_is(labels):
    assert rules.judged(labels, TYPES) == bool(labels & TYPES)


CODES = st.frozensets(st.sampled_from(["harmless", "violence", "old"]))
CHILD_CODES = st.frozensets(st.sampled_from(["young", "hurt"]))
SAIDS = st.builds(Said, CODES, st.dictionaries(st.integers(1, 5), CHILD_CODES, max_size=3))
IN_FORCE = frozenset({"harmless", "violence", "young", "hurt"})


def told(wanted, number=0):
    """As the events of acts are stored."""
    return [Event(number + n, code, child, present) for n, (child, code, present) in
            enumerate(wanted, 1)]  # fmt: skip


@given(st.lists(SAIDS, max_size=4))
def test_what_was_said_last_is_what_holds(saids):
    events = []
    for said in saids:
        before = standing(events)
        events += told(rules.changes(before, said, IN_FORCE), len(events))
        now = standing(events)
        assert now.content == said.content & IN_FORCE
        kept = [codes & IN_FORCE for _n, codes in sorted(said.children.items())]
        assert sorted(map(sorted, kept)) == sorted(sorted(c.labels) for c in now.children)
        assert {c.number for c in before.children} & said.children.keys() <= {
            c.number for c in now.children
        }


@given(SAIDS)
def test_what_is_said_is_kept_as_json_and_read_again(said):
    assert Said.from_json(said.as_json()) == said
