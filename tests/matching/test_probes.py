"""With what a picture is looked for, and which pair of hashes is told of. Pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.matching.hashes import FRAME, HASH_BYTES, TRIMMED, WHOLE, Orientation
from tipline.insight.matching.rules import (
    PLAIN_BELOW,
    PLAIN_RADIUS,
    QUALITY_FLOOR,
    RADIUS,
    Way,
    near_match,
)
from tipline.insight.matching.rules_probes import Print, distance, nearest, negative, probes

VALUES = st.binary(min_size=HASH_BYTES, max_size=HASH_BYTES)
#: None, the seven other turns, or behind them the eight of the same picture enlarged.
TURNED = st.sampled_from([0, 7, 15]).flatmap(
    lambda ways: st.binary(min_size=ways * HASH_BYTES, max_size=ways * HASH_BYTES)
)
PRINTS = st.builds(
    Print,
    st.sampled_from([WHOLE, TRIMMED, FRAME, "centre-8"]),
    VALUES,
    st.integers(0, 100),
    TURNED,
    st.integers(0, 9_000),
)


def flipped(value: bytes, bits: int) -> bytes:
    return (int.from_bytes(value) ^ ((1 << bits) - 1)).to_bytes(HASH_BYTES)


@given(st.lists(PRINTS, max_size=5))
def test_every_turn_and_the_negative_of_what_is_not_too_plain(prints):
    found = probes(prints)
    own = [
        one for one in prints if one.variant in {WHOLE, TRIMMED} and one.quality >= QUALITY_FLOOR
    ]
    assert len(found) == sum(1 + 1 + len(one.turned) // HASH_BYTES for one in own)
    assert {probe.quality for probe in found} == {one.quality for one in own}
    assert [probe.trimmed for probe in found] == sorted(probe.trimmed for probe in found)


def test_a_turned_hash_is_named_by_its_turn():
    turned = b"".join(bytes([n]) * HASH_BYTES for n in range(1, 8))
    found = probes([Print(WHOLE, bytes(HASH_BYTES), 90, turned)])
    ways = {probe.orientation: probe.value[0] for probe in found if not probe.inverted}
    assert ways == dict(zip(Orientation, range(8), strict=True))


def test_behind_the_turns_stand_those_of_the_enlarged_picture():
    turned = b"".join(bytes([n]) * HASH_BYTES for n in range(1, 16))
    found = probes([Print(WHOLE, bytes(HASH_BYTES), 90, turned)])
    ways = {probe.orientation: probe.value[0] for probe in found if probe.enlarged}
    assert ways == dict(zip(Orientation, range(8, 16), strict=True))
    assert [probe.enlarged for probe in found] == [False] * 9 + [True] * 8, "the plainest first"


def test_enlarged_alone_is_not_changed():
    """A plain picture need not come nearer for it, as it must once it is turned."""
    stored = Print(WHOLE, bytes(HASH_BYTES), 90)
    near = flipped(bytes(HASH_BYTES), PLAIN_RADIUS + 1)
    far = b"\x0f" * HASH_BYTES
    upright, turned = ([near if at == place else far for at in range(15)] for place in (7, 8))
    looked_for = [
        probes([Print(WHOLE, far, PLAIN_BELOW - 1, b"".join(ways))]) for ways in (upright, turned)
    ]
    found = [nearest(some, [stored]) for some in looked_for]
    assert found[0] is not None
    assert found[0].way == Way(enlarged=True)
    assert found[1] is None


@given(VALUES)
def test_the_negative_is_farthest_and_its_own_inverse(value):
    assert distance(value, negative(value)) == 256
    assert negative(negative(value)) == value


@given(st.lists(PRINTS, max_size=4), st.lists(PRINTS, max_size=4))
def test_what_is_told_of_can_be_explained_and_is_the_nearest_that_can(mine, stored):
    looked_for = probes(mine)
    found = nearest(looked_for, stored)
    explained = [
        near
        for probe in looked_for
        for one in stored
        if (near := nearest([probe], [one])) is not None
    ]
    assert (found is None) == (not explained)
    if found is not None:
        assert near_match(found.distance, found.qualities, found.way) is not None
        assert found.distance == min(near.distance for near in explained)


@pytest.mark.parametrize(
    ("quality", "variant", "bits", "told"),
    [
        (QUALITY_FLOOR, WHOLE, RADIUS, True),
        (QUALITY_FLOOR - 1, WHOLE, 0, False),
        (PLAIN_BELOW, "centre-8", RADIUS, True),
        (PLAIN_BELOW, "centre-8", RADIUS + 1, False),
        (PLAIN_BELOW - 1, "centre-8", PLAIN_RADIUS, True),
        (PLAIN_BELOW - 1, "centre-8", PLAIN_RADIUS + 1, False),
        (PLAIN_BELOW - 1, WHOLE, RADIUS, True),
    ],
)
def test_plain_pictures_must_come_nearer_when_they_were_changed(quality, variant, bits, told):
    value = bytes(range(HASH_BYTES))
    looked_for = probes([Print(WHOLE, value, 100)])
    found = nearest(looked_for, [Print(variant, flipped(value, bits), quality)])
    assert (found is not None) is told


def test_of_equal_ways_the_plainest_is_told():
    value = bytes(HASH_BYTES)
    looked_for = probes([Print(TRIMMED, value, 90), Print(WHOLE, value, 90, bytes(7 * 32))])
    stored = [Print("left-5", value, 90), Print(TRIMMED, value, 90), Print(WHOLE, value, 90)]
    found = nearest(looked_for, stored)
    assert (found.probe.orientation, found.probe.trimmed, found.stored.variant) == (
        Orientation.UPRIGHT,
        False,
        WHOLE,
    )
