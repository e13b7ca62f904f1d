"""Long documents come in pieces, hold what was said, and end well wherever the reader goes away."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.xml import element, read
from tipline.ground.foundation.xml_streaming import PIECE, Close, Open, stream

NS = "urn:example:list"


def rows(count):
    yield Open("images", {"count": str(count)})
    for number in range(count):
        yield element("image", element("id", text=f"e{number}"), element("pdna", text="x" * 192))
    yield Close()
    yield element("paging", element("next", text="?a=1&b=2"))


def test_everything_stands_in_the_one_namespace_and_no_prefix_is_spent():
    body = b"".join(stream("queryResult", NS, rows(3)))
    root = read(body)

    assert body.count(b"xmlns") == 1
    assert root.tag == f"{{{NS}}}queryResult"
    images, paging = root.children
    assert [one.children[0].text for one in images.children] == ["e0", "e1", "e2"]
    assert (images.attributes["count"], paging.children[0].text) == ("3", "?a=1&b=2")


def test_memory_does_not_grow_with_the_document():
    def most(count):
        tracemalloc.start()
        longest = max(map(len, stream("q", NS, rows(count))))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return longest, peak

    most(10)
    (short, little), (long, much) = most(2_000), most(20_000)
    assert max(short, long) < 4 * PIECE
    assert much < 1.5 * little + 100_000


@pytest.mark.parametrize("taken", [0, 1, 3])
def test_a_reader_who_goes_away_leaves_nothing_open(taken):
    pieces = stream("q", NS, rows(5_000))
    for _n in range(taken):
        next(pieces)

    pieces.close()


@given(st.text(max_size=50), st.text(max_size=20))
def test_whatever_is_said_can_be_read_again(text, attribute):
    body = b"".join(
        stream("q", NS, [Open("a", {"b": attribute}), element("c", text=text), Close()])
    )

    [opened] = read(body).children
    assert len(opened.children[0].text) == len(text.replace("\r\n", "\n"))
    assert set(opened.attributes) == {"b"}
