"""What a match may say: pure rules over any digests, distances and verdicts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.reasons import known_codes
from tipline.insight.lists import words  # noqa: F401 - registers them
from tipline.insight.lists.rules_entries import DIGESTS
from tipline.insight.lists.rules_match import (
    MOST_NEAR,
    OF_NOTHING,
    Layer,
    Near,
    Standing,
    declared_same,
    hidden,
    may_be_known,
    near_ones,
    same_bytes,
)
from tipline.insight.lists.rules_policy import ListRules, Part, Trust
from tipline.insight.lists.rules_words import Told, explain
from tipline.insight.matching.hashes import Orientation
from tipline.insight.matching.rules import PLAIN_BELOW, PLAIN_RADIUS

some = st.frozensets(st.sampled_from(["a", "b", *sorted(OF_NOTHING)]), max_size=2)
values = st.dictionaries(st.sampled_from([*DIGESTS, "pdna", "netclean"]), some)
distances = st.integers(0, 60)
nears = st.builds(
    Near,
    st.integers(1, 6),
    distances,
    st.tuples(st.none() | st.integers(0, 100), st.none() | st.integers(0, 100)),
    st.sampled_from([one.value for one in Orientation]),
)
policies = st.builds(
    ListRules,
    trust=st.sampled_from(list(Trust)),
    part=st.sampled_from(list(Part)),
    radius=st.integers(-1, 31),
    same_within=st.integers(0, 31),
    quality_floor=st.integers(50, 100),
    declared=st.booleans(),
)
standings = st.builds(
    Standing,
    st.sampled_from(list(Layer)),
    distances,
    st.sampled_from(list(Part)),
    st.none() | st.booleans(),
)


@given(values, values)
def test_sameness_is_mutual_and_rests_on_the_strongest_digest_of_both(one, other):
    kind = same_bytes(one, other)
    assert kind == same_bytes(other, one)
    both = [k for k in DIGESTS if one.get(k) and other.get(k)]
    if kind is not None:
        assert kind == both[0]
        assert (one[kind] & other[kind]) - OF_NOTHING
    elif both:
        assert not (one[both[0]] & other[both[0]]) - OF_NOTHING
    if kind is None and declared_same(one, other) in DIGESTS:
        raise AssertionError


@given(st.lists(nears, max_size=30), policies)
def test_near_ones_keep_to_the_policy_and_lose_no_nearer_one(found, rules):
    kept = near_ones(found, rules)
    assert len(kept) <= MOST_NEAR
    assert len({one.entry for one in kept}) == len(kept)
    assert [one.distance for one in kept] == sorted(one.distance for one in kept)
    counting = [one for one in found if _reached(one, rules)]
    for one in kept:
        best = min(near.distance for near in counting if near.entry == one.entry)
        assert one.distance == best
    assert {one.entry for one in counting} == {one.entry for one in kept}
    assert near_ones(list(reversed(found)), rules) == kept


def _reached(one, rules) -> bool:
    """By hand: the plainer of two changed pictures must be good, or they must be very near."""
    known = [q for q in one.qualities if q is not None]
    if known and min(known) < rules.quality_floor:
        return False
    plain = one.orientation != "upright" and known and min(known) < PLAIN_BELOW
    return one.distance <= (min(rules.radius, PLAIN_RADIUS) if plain else rules.radius)


@given(st.sampled_from(list(Layer)), policies)
def test_only_bytes_read_here_and_a_trusted_list_say_known(layer, rules):
    if may_be_known(layer, rules):
        assert layer is Layer.DIGEST
        assert rules.trust is Trust.KNOWN


@given(st.lists(standings, max_size=8))
def test_only_unconfirmed_near_matches_of_reporting_lists_are_hidden(matches):
    away = hidden(matches)
    assert len(away) == len(matches)
    for one, gone in zip(matches, away, strict=True):
        if gone:
            assert (one.layer, one.part) == (Layer.PDQ, Part.REPORTS)
            assert one.right is not True
            assert any(
                other.part is Part.SUPPRESSES
                and other.right is not False
                and (other.layer == Layer.DIGEST or other.distance <= one.distance)
                for other in matches
            )
    if not any(one.part is Part.SUPPRESSES for one in matches):
        assert not any(away)


told = st.builds(
    Told,
    layer=st.sampled_from(list(Layer)),
    type=st.sampled_from([*DIGESTS, "pdna", "pdq"]),
    distance=distances,
    orientation=st.sampled_from(["", *[one.value for one in Orientation]]),
    probe=st.sampled_from(["", "trimmed", "trimmed inverted"]),
    variant=st.sampled_from(["", "crop_8"]),
    yes=st.integers(0, 3),
    no=st.integers(0, 3),
    right=st.none() | st.booleans(),
    who=st.just("Ana"),
    series=st.sampled_from(["", "Blue lantern"]),
    status=st.just("unidentified"),
)


@given(told, policies)
def test_every_match_is_explained_in_words_and_moves_no_score(one, rules):
    reasons = explain(one, rules)
    assert {reason.code for reason in reasons} <= known_codes()
    assert sum(reason.points for reason in reasons) == 0
    assert "lists.known" in {r.code for r in reasons} or "lists.suggests" in {
        r.code for r in reasons
    }


@given(policies)
def test_a_policy_reads_back_as_it_was(rules):
    assert ListRules.from_json(rules.as_json()) == rules


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"radius": 32}, "radius"),
        ({"radius": "10"}, "radius"),
        ({"radius": True}, "radius"),
        ({"quality_floor": 49}, "quality_floor"),
        ({"trust": "blind"}, "trust"),
        ({"part": ""}, "part"),
        ({"declared": 1}, "declared"),
        ({"flood_times": 1}, "flood_times"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_a_wrong_policy_names_the_field(content, field):
    with pytest.raises(Invalid) as caught:
        ListRules.from_json(content)
    assert caught.value.field == field
