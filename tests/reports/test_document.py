"""Getting at parts of a document."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.record.reports.document import at, block, entries, text, without_blanks

DOCUMENT = {
    "a": {"b": {"c": "deep"}, "n": 7},
    "email": [{"value": "x@y.example", "verified": True}, {"value": "z@y.example"}],
    "name": "plain",
}


def test_blocks_and_texts():
    assert block(DOCUMENT, "a", "b") == {"c": "deep"}
    assert block(DOCUMENT, "a", "x", "y") == {}
    assert text(DOCUMENT, "a", "b", "c") == "deep"
    assert text(DOCUMENT, "a", "n") == "7"
    assert text(DOCUMENT, "missing") == ""
    assert text({"e": {"value": "v", "type": "Home"}}, "e") == "v"


def test_entries_carry_their_paths():
    assert [path for path, _ in entries(DOCUMENT, "email", "/r")] == ["/r/email[1]", "/r/email[2]"]
    assert list(entries(DOCUMENT, "name", "/r")) == [("/r/name", "plain")]
    assert list(entries(DOCUMENT, "missing", "/r")) == []


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/r/a/b/c", "deep"),
        ("/r/email[2]/value", "z@y.example"),
        ("/r/email[1]/@verified", True),
        ("/r", DOCUMENT),
    ],
)
def test_paths_lead_to_their_parts(path, found):
    assert at(DOCUMENT, path) == found


@pytest.mark.parametrize(
    "path", ["/r/x", "/r/email[3]", "/r/email[0]", "/r/name[1]", "/r/name/x", "/r/a//b", "/r/[1]"]
)
def test_paths_to_nothing_are_key_errors(path):
    with pytest.raises(KeyError):
        at(DOCUMENT, path)


def test_blanks_of_a_form_are_dropped():
    form = {"a": "", "b": {"c": " ", "d": []}, "e": [{"value": None}, "x", ""], "f": False, "g": 0}
    assert without_blanks(form) == {"e": ["x"], "f": False, "g": 0}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=3), values, max_size=4))
def test_dropping_blanks_twice_changes_nothing(form):
    once = without_blanks(form)
    assert without_blanks(once) == once
