from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.reasons import Source, known_codes, total, words
from tipline.insight.matching import hashes, rules
from tipline.insight.matching import words as _registered
from tipline.insight.matching.hashes import Orientation
from tipline.insight.matching.pictures import Unreadable, Why
from tipline.insight.matching.rules import Digests, Layer, NearPolicy, Strength, Way

TWO_VALUES = st.sampled_from(["", "aa", "bb"])
DIGESTS = st.builds(
    Digests, TWO_VALUES, TWO_VALUES, TWO_VALUES, st.sampled_from([Source.SYSTEM, Source.REPORTER])
)
QUALITIES = st.tuples(st.integers(0, 100), st.integers(0, 100))


def codes(match):
    return [reason.code for reason in match.reasons]


@given(DIGESTS, DIGESTS)
def test_the_strongest_shared_digest_decides(one, other):
    shared = [each for each in rules.DIGESTS if one.of(each) and other.of(each)]
    match = rules.exact_match(one, other)
    if not shared or one.of(shared[0]) != other.of(shared[0]):
        assert match is None
    else:
        assert (match.layer, match.strength, match.distance) == (shared[0], "same_bytes", 0)


@given(DIGESTS, DIGESTS)
def test_exact_matching_does_not_depend_on_the_order(one, other):
    first, second = rules.exact_match(one, other), rules.exact_match(other, one)
    assert (first and (first.layer, first.may_label)) == (
        second and (second.layer, second.may_label)
    )
    assert (rules.conflict(one, other) is None) == (rules.conflict(other, one) is None)


@given(DIGESTS, DIGESTS)
def test_a_match_and_a_conflict_never_hold_together_on_the_deciding_digest(one, other):
    match, conflict = rules.exact_match(one, other), rules.conflict(one, other)
    if match and conflict:
        assert conflict.params["same"] != match.layer
        assert rules.DIGESTS.index(conflict.params["differing"]) > rules.DIGESTS.index(match.layer)


def test_a_made_collision_is_no_match_but_is_shown():
    one, other = Digests(sha256="aa", md5="cc"), Digests(sha256="bb", md5="cc")
    assert rules.exact_match(one, other) is None
    conflict = rules.conflict(one, other)
    assert conflict.params == {"same": "md5", "differing": "sha256"}
    assert "md5" in words(conflict)


def test_letter_case_of_a_digest_does_not_matter():
    assert rules.exact_match(Digests(md5="AB"), Digests(md5="ab")).layer is Layer.MD5


@pytest.mark.parametrize(
    ("field", "extra"),
    [("sha256", []), ("sha1", ["match.weak_digest"]), ("md5", ["match.weak_digest"])],
)
@pytest.mark.parametrize("declared", [False, True])
def test_what_an_exact_match_says(field, extra, declared):
    source = Source.REPORTER if declared else Source.SYSTEM
    match = rules.exact_match(Digests(**{field: "aa"}), Digests(**{field: "aa"}, source=source))
    assert codes(match) == ["match.same_bytes", *extra, *(["match.declared"] * declared)]
    assert match.may_label is not declared
    assert {reason.source for reason in match.reasons} == {source}


WAYS = st.builds(
    Way,
    st.sampled_from(list(Orientation)),
    st.booleans(),
    st.booleans(),
    st.sampled_from(sorted(hashes.VARIANTS)),
    st.integers(0, 10_000_000),
    st.integers(0, 100),
    st.booleans(),
)


@given(st.integers(-5, 256), QUALITIES, WAYS)
def test_a_near_match_suggests_and_never_labels(distance, qualities, way):
    match = rules.near_match(distance, qualities, way)
    inside = 0 <= distance <= 31 and min(qualities) >= 50
    assert (match is not None) == inside
    if match:
        assert match.layer is Layer.PDQ
        assert not match.may_label
        assert match.strength == ("same_picture" if distance <= 10 else "similar")
        assert codes(match)[-1] == "match.suggests_only"
        assert match.way == way
        turned = way.orientation is not Orientation.UPRIGHT
        assert ("match." + way.orientation in codes(match)) == turned
        own = ("trimmed", "inverted", "enlarged")
        done = [getattr(way, name) for name in own]
        assert [f"match.{name}" in codes(match) for name in own] == done
        changed = turned + sum(done) + (way.variant != "" or way.share > 0)
        assert len(match.reasons) == 2 + changed
        assert match.reasons[0].params["quality"] == min(qualities)
        assert total(match.reasons) == 0


def test_limits_are_policy():
    wide = NearPolicy(radius=60, same_within=2, quality_floor=0, version="9")
    match = rules.near_match(50, (0, 0), policy=wide)
    assert match.strength is Strength.SIMILAR
    assert {reason.version for reason in match.reasons} == {"9"}
    assert rules.near_match(3, (0, 0), policy=wide).strength is Strength.SIMILAR
    assert rules.not_searched(0, wide) is None


def test_a_plain_picture_says_why_it_is_not_searched():
    assert rules.not_searched(50) is None
    assert rules.not_searched(49).params == {"quality": 49, "floor": 50}


def test_the_strongest_match_comes_first_and_none_is_lost():
    near = rules.near_match(4, (80, 80))
    far = rules.near_match(20, (80, 80))
    md5 = rules.exact_match(Digests(md5="a"), Digests(md5="a"))
    sha256 = rules.exact_match(Digests(sha256="a"), Digests(sha256="a"))
    for order in itertools.permutations([near, far, md5, sha256]):
        assert rules.strongest_first(order) == [sha256, md5, near, far]


def test_every_reason_has_words_with_all_their_facts():
    assert _registered
    ways = [Way(orientation) for orientation in Orientation]
    ways += [Way(variant=variant) for variant in hashes.VARIANTS]
    ways += [Way(trimmed=True), Way(inverted=True), Way(enlarged=True)]
    ways.append(Way(variant=hashes.FRAME, share=90))
    matches = [rules.near_match(distance, (70, 70), way) for distance in (3, 30) for way in ways]
    matches += [
        rules.exact_match(Digests(md5="a"), Digests(md5="a", source=Source.REPORTER)),
        rules.exact_match(Digests(sha256="a"), Digests(sha256="a")),
    ]
    reasons = [reason for match in matches for reason in match.reasons]
    reasons += [rules.not_searched(3), *(Unreadable(why).as_reason() for why in Why)]
    reasons.append(rules.conflict(Digests("a", "x"), Digests("b", "x")))
    assert {reason.code for reason in reasons} <= known_codes()
    spoken = {words(reason) for reason in reasons}
    assert len(spoken) > 20
    assert not [text for text in spoken if "?" in text or "{" in text]
