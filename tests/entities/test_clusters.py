"""Clusters and bridges, held against trying everything."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.entities.judging.rules_clusters import bridges, clusters, path

PAIRS = st.lists(
    st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda pair: pair[0] < pair[1]),
    max_size=16,
    unique=True,
)


def part_of(pairs, start):
    """Who hangs on somebody, by widening until nothing is added."""
    part = {start}
    while True:
        wider = part | {end for pair in pairs if part & set(pair) for end in pair}
        if wider == part:
            return part
        part = wider


@given(PAIRS)
def test_clusters_are_the_parts_that_hang_together(pairs):
    ends = {end for pair in pairs for end in pair}
    wanted = {tuple(sorted(part_of(pairs, end))) for end in ends}
    assert set(clusters(pairs)) == wanted
    assert len(clusters(pairs)) == len(wanted)


@given(PAIRS)
def test_a_bridge_is_what_parts_a_cluster_when_it_goes(pairs):
    wanted = {
        pair
        for pair in pairs
        if pair[1] not in part_of([other for other in pairs if other != pair], pair[0])
    }
    assert bridges(pairs) == wanted


@given(PAIRS, st.integers(1, 9), st.integers(1, 9))
def test_a_path_is_a_shortest_way_along_ties(pairs, start, end):
    way = path(pairs, start, end)
    if end not in part_of(pairs, start):
        assert way == []
        return
    assert (way[0], way[-1]) == (start, end)
    ties = {frozenset(pair) for pair in pairs}
    assert all(frozenset(step) in ties for step in itertools.pairwise(way))
    reached, steps = {start}, 0
    while end not in reached:
        reached |= {other for pair in pairs if reached & set(pair) for other in pair}
        steps += 1
    assert len(way) == steps + 1


def test_a_long_chain_is_all_bridges_and_takes_no_recursion():
    chain = [(n, n + 1) for n in range(20_000)]
    assert bridges(chain) == frozenset(chain)
    assert [len(one) for one in clusters(chain)] == [20_001]


def test_two_rings_on_one_tie_have_one_bridge():
    rings = [(1, 2), (2, 3), (1, 3), (3, 4), (4, 5), (5, 6), (4, 6)]
    assert bridges(rings) == {(3, 4)}
