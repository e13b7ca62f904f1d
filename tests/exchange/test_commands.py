"""`tipline exchange`, as a shell runs it, against a server of others on this machine."""

from __future__ import annotations

import pytest
from tests.exchange.pages import entry, page
from tests.exchange.stub import Reply, stub
from tests.terminal.conftest import tipline

__all__ = ["tipline"]
SECRET = "what-they-gave-us"


@pytest.fixture
def server():
    with stub() as running:
        yield running


def test_a_list_is_pulled_from_a_shell(tipline, server):
    pages = [Reply(page(entry("e1") + entry("e2"))), Reply(status=401)]
    server.answer = lambda path: pages.pop(0) if "entries?" in path else None
    made, added, before, pulled, failed, after, off, refused = tipline.several(
        (["lists", "add", "harbour", "--name", "Harbour", "--content", "apparent_csam"], ""),
        (["exchange", "add", "harbour", "--root", server.root, "--username", "we"], f"{SECRET}\n"),
        (["exchange", "status"], ""),
        (["exchange", "pull"], ""),
        (["exchange", "pull", "harbour"], ""),
        (["exchange", "status"], ""),
        (["exchange", "switch", "harbour", "--off"], ""),
        (["exchange", "pull", "harbour"], ""),
    )

    assert (made.code, added.code) == (0, 0)
    assert added.answer["root"] == server.root
    assert SECRET not in added.out + added.err
    [never] = before.answer["pulled"]
    assert (never["good_at"], never["words"]) == (None, "Never pulled yet.")
    assert (pulled.code, pulled.answer[0]["made"], pulled.answer[0]["error"]) == (0, 2, "")
    assert "harbour: 1 pages, 2 rows" in pulled.err
    # Nothing is asked while no second has passed; whichever of the two it was, it is said.
    [told] = after.answer["pulled"]
    assert (failed.code, failed.answer[0]["error"], told["code"]) in {
        (0, "", ""),
        (1, "not_signed_in", "not_signed_in"),
    }
    assert told["held_to"] is not None
    assert told["told"]["made"] == 2
    assert (off.answer["active"], refused.code) == (False, 1)
    assert "switched off" in refused.err


def test_a_member_gets_an_account_and_lists(tipline):
    house = ["user", "add", "ada", "--role", "administrator", "--org", "House"]
    words = ["exchange", "member"]
    _h, added, granted, again, status, withdrawn, off, after = tipline.several(
        ([*house, "--password", "-"], "correct horse battery\n"),
        ([*words, "add", "Lantern & Co", "--username", "lantern", "--list", "own-csam"], ""),
        ([*words, "grant", "Lantern & Co", "own-viral", "--vote"], ""),
        ([*words, "add", "Lantern & Co", "--username", "other"], ""),
        (["exchange", "status"], ""),
        ([*words, "withdraw", "Lantern & Co", "own-csam"], ""),
        ([*words, "switch", "lantern", "--off"], ""),
        (["exchange", "status"], ""),
    )

    assert added.code == 0
    assert len(added.answer["password"]) >= 32
    assert granted.answer["vote"] is True
    assert (again.code, "already" in again.err) == (1, True)
    [member] = [one for one in status.answer["members"] if one["accounts"]]
    assert added.answer["password"] not in status.out
    assert [(one["list"], one["votes"]) for one in member["lists"]] == [
        ("own-csam", False),
        ("own-viral", True),
    ]
    assert (withdrawn.code, off.code) == (0, 0)
    [member] = [one for one in after.answer["members"] if one["accounts"]]
    assert [one["list"] for one in member["lists"]] == ["own-viral"]
    assert [one["active"] for one in member["accounts"]] == [False]


def test_what_cannot_be_is_refused_with_a_sentence(tipline):
    add = ["exchange", "add"]
    login = ["--username", "we"]
    found = tipline.several(
        (["lists", "add", "lagoon", "--name", "Lagoon", "--content", "other"], ""),
        ([*add, "nowhere", "--root", "https://h.example/npo", *login], "x\n"),
        ([*add, "own-csam", "--root", "https://h.example/npo", *login], "x\n"),
        ([*add, "lagoon", "--root", "http://h.example/npo", *login], "x\n"),
        ([*add, "lagoon", "--root", "https://a:b@h.example/npo", *login], "x\n"),
        ([*add, "lagoon", "--root", "ftp://h.example", *login], "x\n"),
        ([*add, "lagoon", "--root", "https://h.example/npo", *login], "\n"),
        ([*add, "lagoon", "--root", "http://h.example/npo", *login, "--plain-http"], "x\n"),
        (["exchange", "pull", "nowhere"], ""),
        (["exchange", "member", "grant", "Nobody", "own-csam"], ""),
        (["exchange", "member", "switch", "nobody", "--off"], ""),
    )

    sentences = [
        "", "no list of others", "no list of others", "Use https", "without a login",
        "Give an address", "Give the password", "", "not pulled from anywhere",
        "no member called", "no account",
    ]  # fmt: skip
    for ended, sentence in zip(found, sentences, strict=True):
        assert ended.code == (1 if sentence else 0), ended.err
        assert sentence in ended.err
