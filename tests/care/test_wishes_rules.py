"""What somebody wishes not to see is not offered to them, by whatever is known of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.taxonomy.files import FileAnnotation, IndustryClassification
from tipline.insight.annotation import vocabulary
from tipline.insight.care.rules_wishes import SAID_BY_ESP, Wishes, against, may_be_offered

CODES = frozenset(vocabulary.own().by_code)
LABELS = st.frozensets(st.sampled_from(sorted(CODES)))
FLAGS = st.frozensets(
    st.sampled_from([*FileAnnotation, *IndustryClassification, "somethingNew", ""])
)
WISHES = st.builds(Wishes, LABELS, st.none() | st.integers(0, 9), st.booleans(), st.booleans())


@given(WISHES, LABELS, FLAGS)
def test_a_file_is_offered_unless_something_known_of_it_is_wished_off(wishes, labels, flags):
    known = labels.union(*(SAID_BY_ESP.get(flag, ()) for flag in flags))

    assert against(wishes, labels, flags) == wishes.off & known
    assert may_be_offered(wishes, labels, flags) is wishes.off.isdisjoint(known)


@given(WISHES, LABELS, FLAGS, LABELS, FLAGS)
def test_knowing_more_never_offers_more(wishes, labels, flags, more_labels, more_flags):
    if not may_be_offered(wishes, labels, flags):
        assert not may_be_offered(wishes, labels | more_labels, flags | more_flags)


@given(LABELS, FLAGS)
def test_without_a_wish_everything_is_offered(labels, flags):
    assert may_be_offered(Wishes(), labels, flags)


@given(WISHES)
def test_wishes_are_kept_as_they_are(wishes):
    assert Wishes.from_json(wishes.as_json()) == wishes


def test_what_an_esp_says_is_said_in_labels_of_ours():
    assert frozenset().union(*SAID_BY_ESP.values()) <= CODES
    assert {*FileAnnotation, *IndustryClassification} - SAID_BY_ESP.keys() == {
        FileAnnotation.POTENTIAL_MEME
    }
