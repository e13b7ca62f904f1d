"""The hash exchange on the administrators' desk, and how a pull stands on the analysts'."""

from __future__ import annotations

import re

import pytest
from tests.exchange.pages import entry, page
from tests.exchange.stub import Reply, stub
from tests.portals_staff.conftest import verbs_about, words_of

from tipline.ground.foundation import jobs
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.models import DataKey
from tipline.insight.lists import services as lists
from tipline.insight.lists.members import member_actor
from tipline.insight.lists.models import ListAccess, Member, Source
from tipline.insight.lists.pulling.services import pull

SAID = {"username": "we", "password": "what-they-gave-us", "every_minutes": "30"}


@pytest.fixture
def harbour(world):
    return lists.add_list(SYSTEM, "harbour", "Harbour & Co", "apparent_csam")


@pytest.fixture
def server():
    with stub() as running:
        yield running


def test_a_source_is_set_pulled_and_its_state_is_shown(adam, signed_in, harbour, server):
    path = "/staff/exchange/lists/harbour/"
    assert "Harbour & Co" in words_of(adam.get("/staff/exchange/"))
    answer = adam.post(path, {**SAID, "root": server.root}, follow=True)
    assert "Never pulled yet." in words_of(answer)
    assert "what-they-gave-us" not in answer.content.decode()
    body = page(entry("e1") + entry("x", "audio"))
    server.answer = lambda asked: Reply(body) if "entries?" in asked else None
    pull(harbour.pk)

    for client, address in (
        (adam, path), (adam, "/staff/exchange/"), (signed_in("sofia"), "/desk/lists/harbour/"),
    ):  # fmt: skip
        words = words_of(client.get(address))
        assert "All is well." in words
    assert "1 new" in words
    assert "audio" in words
    Source.objects.update(last_error="redirected https://elsewhere.example/npo")
    words = words_of(adam.get(path))
    assert "points to another address" in words
    assert "https://elsewhere.example/npo" in words
    assert "list.source-changed" in verbs_about(f"list:{harbour.pk}")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"root": "http://hashes.example/npo"}, "Use https"),
        ({"root": "file:///etc/passwd"}, "Give an address such as"),
        ({"root": "https://u:p@hashes.example/"}, "without a login"),
        ({"username": "a:b"}, "without a colon"),
        ({"password": ""}, "required"),
        ({"every_minutes": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_wrong_source_is_refused_beside_its_field(adam, harbour, changed, words):
    said = {**SAID, "root": "https://hashes.example/npo", **changed}
    answer = adam.post("/staff/exchange/lists/harbour/", said)

    assert answer.status_code == 422
    assert words in words_of(answer)
    assert not Source.objects.exists()


def test_pulling_is_stopped_resumed_and_asked_for(adam, harbour):
    path = "/staff/exchange/lists/harbour/"
    adam.post(path, {**SAID, "root": "https://hashes.example/npo"})
    assert "Switched off." in words_of(adam.post(f"{path}stop/", follow=True))
    adam.post(f"{path}stop/")
    assert not Source.objects.get().active
    adam.post(f"{path}resume/")
    adam.post(f"{path}pull/")
    adam.post(f"{path}pull/")

    assert Source.objects.get().active
    assert [payload for _state, payload in jobs.payloads("lists.pull")] == [{"list": harbour.pk}]


def test_another_address_begins_anew_and_another_password_does_not(adam, harbour):
    path = "/staff/exchange/lists/harbour/"
    others = set(DataKey.objects.values_list("pk", flat=True))
    adam.post(path, {**SAID, "root": "https://hashes.example/npo"})
    Source.objects.update(pulled_to="2026-01-01T00:00:00Z")
    adam.post(path, {**SAID, "root": "https://hashes.example/npo/", "password": "new"})
    assert Source.objects.get().pulled_to is not None
    adam.post(path, {**SAID, "root": "https://hashes.example/other"})
    row = Source.objects.get()
    assert row.pulled_to is None
    live = DataKey.objects.filter(wrapped__isnull=False).exclude(pk__in=others)
    assert [key.pk for key in live] == [row.key_id]


def test_a_member_gets_lists_and_an_account_that_is_shown_once(adam):
    page_of = adam.post("/staff/exchange/members/new/", {"name": "Lantern & Co"}, follow=True)
    row = Member.objects.get(name="Lantern & Co")
    path = f"/staff/exchange/members/{row.pk}/"
    assert "this member sees nothing" in words_of(page_of)

    adam.post(f"{path}lists/", {"slug": "own-csam", "may_vote": "on"})
    issued = adam.post(f"{path}accounts/", {"username": "lantern"})
    secret = re.search(r"<dt>Secret</dt><dd><code>([^<]+)<", issued.content.decode())[1]

    assert member_actor("lantern", secret).member_id == row.pk
    words = words_of(adam.get(path))
    assert "Apparent CSAM" in words
    assert "/hashes/own-csam" in words
    assert secret not in adam.get(path).content.decode()
    assert "Lantern & Co" in words_of(adam.get("/staff/exchange/"))
    account = re.search(r"exchange/accounts/(\d+)/revoke", adam.get(path).content.decode())[1]
    adam.post(f"/staff/exchange/accounts/{account}/revoke/")
    assert member_actor("lantern", secret) is None
    adam.post(f"/staff/exchange/accounts/{account}/restore/")
    assert member_actor("lantern", secret) is not None


def test_a_withdrawal_is_undone_with_the_votes_as_they_were(adam):
    adam.post("/staff/exchange/members/new/", {"name": "Lantern"})
    row = Member.objects.get(name="Lantern")
    path = f"/staff/exchange/members/{row.pk}/lists/"
    adam.post(path, {"slug": "own-csam", "may_vote": "on"})

    answer = adam.post(f"{path}own-csam/withdraw/", follow=True)
    assert not ListAccess.objects.exists()
    undo = re.search(r'action="([^"]+return/1/)"', answer.content.decode())[1]
    adam.post(undo)

    assert ListAccess.objects.get().may_vote
    assert adam.post(path, {"slug": "harbour"}).status_code == 422
    same = adam.post("/staff/exchange/members/new/", {"name": "Lantern"})
    assert (same.status_code, "already" in words_of(same)) == (422, True)
