"""What is mined from free text, and what a sender always says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.entities.forms.rules import Origin, readings
from tipline.insight.entities.mining.rules import MOST_MINED, mentioned, mine
from tipline.insight.entities.mining.rules_standing import (
    SHORTEST,
    digest_of,
    passages,
    standing_parts,
)
from tipline.record.reports.facts import IdentifierKind, Narrative, Role

Kind = IdentifierKind
STANDING = "Harborline removes accounts that break its rules; write to legal@harborline.example."


def told(text: str) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.raw, one.scope) for one in mentioned(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("wrote from Blue.Kite@example.org.", ("email", "Blue.Kite@example.org", "")),
        ("User name: blue_kite", ("screen_name", "blue_kite", "")),
        ("his kik is: @blue_kite77, he said", ("screen_name", "blue_kite77", "kik")),
        ("snap = bluekite", ("screen_name", "bluekite", "snapchat")),
        ("call +1 (415) 555-0100 tonight", ("phone", "+1 (415) 555-0100", "")),
        ("seen at https://example.org/u/7).", ("url", "https://example.org/u/7", "")),
        ("from 169.229.216.200 twice", ("ip", "169.229.216.200", "")),
        ("from 2607:f140::1 twice", ("ip", "2607:f140::1", "")),
        ("pays to $bluekite only", ("payment", "$bluekite", "")),
        ("cash.app/$bluekite", ("payment", "cash.app/$bluekite", "")),
        ("file " + "ab12" * 8, ("file_digest", "ab12" * 8, "")),
        (
            "1BoatSLRHtKNngkdXEeobR76b53LETtpyT please",
            ("payment", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", ""),
        ),
    ],
)
def test_what_is_mentioned(text, found):
    assert told(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "he said kik me tonight",  # no sign that a name follows
        "it costs $200 or $ 20",
        "call 415 555 0100",  # of which country?
        "version 1.2.3.4.5",
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyU",  # its checksum does not hold
        "at 10:20:30 and 11:12",
        "name: al",
    ],
)
def test_what_is_not(text):
    assert not [one for one in told(text) if one[0] != "ip"]


@given(st.text(), st.sampled_from(list(Role)))
def test_any_text_can_be_read(text, role):
    found = mine([Narrative("/report/additionalInfo", text, role)], frozenset())
    assert all(one.origin is Origin.MINED and one.identifier.role is role for one in found)
    readings(found, "Harborline")


@pytest.mark.parametrize("piece", ["a@", "+1 2", "1.", "f:", "kik: ", "$a", "www.", "ab12", "x@y."])
def test_long_texts_are_read_and_give_no_more_than_enough(piece):
    text = piece * (200_000 // len(piece))
    assert len(mine([Narrative("/report/x", text, Role.INCIDENT)], frozenset())) <= MOST_MINED


def test_standing_text_is_not_mined():
    texts = [Narrative("/report/x", f"{STANDING}\nkik: blue_kite", Role.SUSPECT)]
    [line] = passages(texts)
    assert line == digest_of(f"  {STANDING.upper()}  ")
    raws = [one.identifier.raw for one in mine(texts, {line})]
    assert raws == ["blue_kite"]
    assert [one.passage for one in mine(texts, frozenset())] == [line, ""]


def test_short_lines_are_never_standing_text():
    assert digest_of("x" * (SHORTEST - 1)) == ""
    assert passages([Narrative("/report/x", "User name: kite", Role.SUSPECT)]) == []


@given(st.text(), st.sets(st.text(min_size=64, max_size=64)))
def test_a_text_parts_in_two_and_loses_nothing(text, others):
    wanted = frozenset(others | {digest_of(line) for line in text.splitlines()[:1]})
    own, fixed = standing_parts(text, wanted)
    assert sorted("".join(own + fixed).split()) == sorted(text.split()) or not text.isprintable()
