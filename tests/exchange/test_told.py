"""What a page tells: entries as they are meant, problems by their line, nothing lost unsaid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.pages import entry, feedback, gone, no, page, yes

from tipline.ground.foundation.xml import read
from tipline.insight.lists.pulling.rules_told import (
    NotAPage,
    Party,
    read_members,
    read_page,
    read_reasons,
    read_status,
)


def told(body: bytes):
    return read_page(read(body))


@pytest.mark.parametrize("namespace", [True, False])
def test_an_entry_with_all_its_parts(namespace):
    parts = "<md5>" + "A" * 32 + "</md5><pdq> " + "b" * 64 + "\n</pdq><sha1/>"
    found = told(page(entry(parts=parts), entry("v1", "video"), namespace=namespace))

    image, video = found.told
    assert (image.owner, image.key, image.media) == (Party(7, "A & B"), "e1", "image")
    assert image.prints == (("md5", "a" * 32), ("pdq", "b" * 64))
    assert image.classification == "A1"
    assert image.at.isoformat() == "2026-11-28T12:00:00+00:00"
    assert (video.key, video.media, video.removed) == ("v1", "video", False)
    assert found.newest.isoformat() == "2026-11-28T12:00:00+00:00"
    assert found.problems == ()


def test_tombstones():
    found = told(page(gone("e1"), gone("v1", "deletedVideo")))

    assert [(one.key, one.media, one.removed) for one in found.told] == [
        ("e1", "image", True),
        ("v1", "video", True),
    ]


def test_an_entry_of_a_kind_that_nobody_knows_is_named_and_the_rest_is_kept():
    found = told(page(entry("e1") + entry("a1", "audio") + gone("g", "deletedAudio") + entry("e2")))

    assert [one.key for one in found.told] == ["e1", "e2"]
    assert [(one.code, one.what) for one in found.problems] == [
        ("kind", "audio"),
        ("kind", "deletedaudio"),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (entry(key=""), "id"),
        (entry(key="a/b"), "id"),
        (entry(key="a" * 101), "id"),
        (entry(owner="seven"), "member"),
        (entry(owner=""), "member"),
        (entry(owner="9" * 30), "member"),
        (entry(owner="-1"), "member"),
        ("<image/>", "member"),
    ],
)
def test_an_entry_that_cannot_be_kept_is_named(row, code):
    found = told(page(row + entry("good")))

    assert [one.key for one in found.told] == ["good"]
    assert [one.code for one in found.problems] == [code]
    assert found.problems[0].line > 0


def test_fingerprints_are_kept_as_far_as_they_are_understood():
    parts = (
        "<md5>nothing</md5><pdq>" + "c" * 64 + "</pdq><other>xyz</other>"
        '<tmk-pdqf rel="self" href="/v2/entries/7/e1/TMK_PDQF"/><pdna>short</pdna>'
    )
    found = told(page(entry(parts=parts)))

    [one] = found.told
    assert one.prints == (("pdq", "c" * 64),)
    assert one.unknown == (("other", "xyz"),)
    assert one.large == (("tmk-pdqf", "/v2/entries/7/e1/TMK_PDQF"),)
    assert [problem.code for problem in found.problems] == ["fingerprint", "fingerprint"]


def test_votes_the_negative_ones_too():
    said = feedback(
        yes("Md5", 1, 2),
        no("Pdq", ("g1", "Wrong & so", [3]), ("g2", "Other", [3, 4])),
    )
    [one] = told(page(entry(feedback=said))).told

    votes = {(vote.type, vote.party.number): vote for vote in one.votes}
    assert sorted(votes) == [("md5", 1), ("md5", 2), ("pdq", 3), ("pdq", 4)]
    assert votes["md5", 1].affirmative
    assert not votes["pdq", 3].affirmative
    assert votes["pdq", 3].reasons == (("g1", "Wrong & so"), ("g2", "Other"))
    assert votes["pdq", 4].reasons == (("g2", "Other"),)


def test_a_reason_without_members_takes_nothing_from_the_next():
    odd = (
        '<feedback><negativeFeedback type="Md5"><reasons><reason guid="a"/><reason guid="b"/>'
        '<members><member id="5">Five</member></members><members><member id="6">Six</member>'
        "</members></reasons></negativeFeedback><laterFeedback/></feedback>"
    )
    found = told(page(entry(feedback=odd)))

    assert [(v.party.number, v.reasons) for v in found.told[0].votes] == [(5, (("b", ""),))]
    assert [one.code for one in found.problems] == ["feedback", "feedback"]


def test_the_same_entry_twice_in_a_page_stands_once_in_its_later_state():
    [one] = told(page(entry(classification="A1") + entry(classification="B2"))).told

    assert one.classification == "B2"


def test_a_link_is_read_as_it_is_meant():
    link = "/v2/entries?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&start=1001"

    assert told(page(entry(), link=link)).following == link
    assert told(b"<queryResult><paging><next/></paging></queryResult>").following == ""


def test_another_document_is_no_page():
    with pytest.raises(NotAPage):
        told(b"<html><body>Please sign in</body></html>")
    with pytest.raises(NotAPage):
        read_status(read(b"<status><username>x</username></status>"))


def test_status_members_and_both_shapes_of_reasons():
    assert read_status(read(b'<status><member id="4">We</member></status>')) == Party(4, "We")
    rows = read_members(read(b'<m><member id="1">A</member><member id="2">B</member></m>'))
    assert [row.number for row in rows] == [1, 2]
    one = '<reason guid="g" name="n" type="Md5"/>'
    for shape in (one, f"<availableFeedbackReasons>{one}</availableFeedbackReasons>"):
        root = f"<availableFeedbackReasons>{shape}</availableFeedbackReasons>".encode()
        assert read_reasons(read(root)) == (("g", "n"),)


KEYS = st.text("abcXYZ019-_", min_size=1, max_size=20)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.lists(st.tuples(KEYS, st.integers(0, 2**40), NAMES, st.booleans()), max_size=20))
def test_every_entry_that_is_well_written_is_told_once(rows):
    body = "".join(
        gone(key, owner=owner) if removed else entry(key, owner=owner, name=name)
        for key, owner, name, removed in rows
    )
    found = told(page(body)) if rows else told(page())

    assert {(one.owner.number, one.key): one.removed for one in found.told} == {
        (owner, key): removed for key, owner, _name, removed in rows
    }
    assert len({(one.owner.number, one.key) for one in found.told}) == len(found.told)
    assert found.problems == ()
