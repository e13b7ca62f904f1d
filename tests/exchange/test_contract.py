"""The client that others use today pulls from us unchanged and votes: its code against ours."""

from __future__ import annotations

import sys
from datetime import timedelta
from importlib.util import find_spec
from types import ModuleType

import pytest
from tests import parts
from tests.exchange.made import HOUSE, SECRET, draft, video

from tipline.ground.foundation import clock as wall
from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.lists import members, positions, sharing, votes
from tipline.insight.lists.entries import remove_entries
from tipline.insight.lists.models import Entry, Vote

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def hash_api(monkeypatch):
    parts.need(parts.THREATEXCHANGE)
    if find_spec("pdqhash") is None:  # it has no wheel; the client loads it and never hashes here
        monkeypatch.setitem(sys.modules, "pdqhash", ModuleType("pdqhash"))
    from threatexchange.exchanges.clients.ncmec import hash_api

    return hash_api


@pytest.fixture
def client(served, live_server, hash_api):
    """The library's own client, with our address in the place of the real service's."""
    return client_of(hash_api, live_server)


def client_of(hash_api, live_server, secret=SECRET):
    made = hash_api.NCMECHashAPI("lantern", secret, hash_api.NCMECEnvironment.test_NGO)
    made._base_url = f"{live_server.url}/hashes/apparent"
    return made


@pytest.fixture
def ago(monkeypatch):
    """Write so many minutes ago: the client leaves the last seconds before now for later."""

    def write(minutes, call):
        now = wall.now() - timedelta(minutes=minutes)
        with monkeypatch.context() as patch:
            patch.setattr(positions, "_now", lambda: now)
            call()

    return write


def pulled(client, **window):
    """Every update of a window, page after page, in the order in which they came."""
    return [one for page in client.get_entries_iter(**window) for one in page.updates]


def test_status_and_members(client, served):
    me = client.status()
    everybody = {(one.esp_id, one.esp_name) for one in client.members()}

    assert (me.esp_id, me.esp_name) == (served.lantern.pk, "Lantern")
    assert everybody == {(served.lantern.pk, "Lantern")}
    served.write(draft(1))
    assert (served.house.pk, HOUSE) in {(one.esp_id, one.esp_name) for one in client.members()}


def test_a_wrong_password_is_told_at_once(served, live_server, hash_api):
    import requests

    with pytest.raises(requests.HTTPError) as caught:
        client_of(hash_api, live_server, "wrong" * 5).status()
    assert caught.value.response.status_code == 401


def test_a_full_pull_with_more_than_a_page_in_one_second(client, served, ago):
    ago(60, lambda: served.write(*(draft(number) for number in range(1_500)), video(1)))

    first = client.get_entries(start_timestamp=0)
    found = pulled(client, start_timestamp=0)

    assert first.estimated_entries_in_range == 1_500  # its own sum: one less than there are
    assert [one.id for one in found] == [f"e{n}" for n in range(1_500)] + ["v1"]
    assert {(one.member_id, one.deleted, one.classification) for one in found} == {
        (served.house.pk, False, "A1")
    }
    prints = {one.type: one.value for one in draft(3).prints}
    assert found[3].fingerprints == prints
    assert [one.entry_type.value for one in found[-2:]] == ["image", "video"]


def test_later_pulls_bring_changes_updates_and_deletions(client, served, ago):
    ago(60, lambda: served.write(*(draft(number) for number in range(20))))
    start = int((wall.now() - timedelta(minutes=50)).timestamp())
    ago(40, lambda: served.write(draft(1, classification="B2"), draft("new")))
    ago(30, lambda: remove_entries(served.hash_list.pk, served.house.pk, ["e7"]))

    found = {one.id: one for one in pulled(client, start_timestamp=start)}

    assert set(found) == {"e1", "enew", "e7"}
    assert found["e1"].classification == "B2"
    assert (found["e7"].deleted, found["e7"].fingerprints) == (True, {})
    after = pulled(client, start_timestamp=int(wall.now().timestamp()) - 60)
    assert after == []


def test_votes_go_in_and_come_out(client, served, ago, hash_api):
    types, words = hash_api.FingerprintType, hash_api.FeedbackType
    ago(60, lambda: served.write(draft(1)))
    reasons = client.feedback_reasons(types.md5)
    guid = min(reasons)
    harbor = members.add_member(SYSTEM, "Harbor & Co")
    row = Entry.objects.get(hash_list=served.hash_list, key="e1")
    said = sorted(sharing.reasons_of(served.hash_list, "md5"))
    ago(55, lambda: votes.vote(SYSTEM, harbor.pk, row, "md5", affirmative=False, reasons=said[:2]))

    client.submit_feedback(served.house.pk, "e1", types.pdq, words.upvote)
    client.submit_feedback(served.house.pk, "e1", types.md5, words.downvote, guid)
    client.submit_feedback(served.house.pk, "e1", types.md5, words.downvote, guid)
    client.submit_upvote(served.house.pk, "e1", types.sha1)

    mine = Vote.objects.filter(entry=row, member=served.lantern).order_by("type")
    assert [(one.type, one.affirmative, one.reasons) for one in mine] == [
        ("md5", False, [guid]),
        ("pdq", True, []),
        ("sha1", True, []),
    ]
    Entry.objects.filter(pk=row.pk).update(changed_at=wall.now() - timedelta(minutes=5))
    [told] = pulled(client, start_timestamp=0)
    assert [one.feedback_type.value for one in told.feedback["Pdq"]] == ["upvote"]
    no = {(one.member.esp_name, one.reason) for one in told.feedback["Md5"]}
    assert no == {("Harbor & Co", reasons[one]) for one in said[:2]} | {("Lantern", reasons[guid])}


def test_votes_that_cannot_be_raise_on_their_side(client, served, ago, hash_api):
    import requests

    ago(60, lambda: served.write(draft(1)))
    ago(59, lambda: served.write(draft(2), owner=served.lantern))
    kind = hash_api.FingerprintType.md5
    for member, entry, status in (
        (served.house.pk, "e9", 404),
        (served.lantern.pk, "e2", 403),
    ):
        with pytest.raises(requests.HTTPError) as caught:
            client.submit_upvote(member, entry, kind)
        assert caught.value.response.status_code == status


def test_the_exchange_that_probes_for_windows_gets_everything_once(
    served, live_server, ago, hash_api, monkeypatch
):
    """As the library's own daemon pulls: it shrinks windows, and goes on from its checkpoint."""
    from threatexchange.exchanges.impl import ncmec_api
    from threatexchange.signal_type.md5 import VideoMD5Signal
    from threatexchange.signal_type.pdq.signal import PdqSignal

    ago(60, lambda: served.write(*(draft(number) for number in range(1_200))))
    ago(50, lambda: served.write(*(video(number) for number in range(300))))
    ago(40, lambda: remove_entries(served.hash_list.pk, served.house.pk, ["e5", "v5"]))
    monkeypatch.setattr(
        ncmec_api.NCMECSignalExchangeAPI,
        "get_client",
        lambda _self, _environment: client_of(hash_api, live_server),
    )
    collab = ncmec_api.NCMECCollabConfig(
        name="ours", environment=hash_api.NCMECEnvironment.test_NGO
    )
    exchange = ncmec_api.NCMECSignalExchangeAPI(collab, "lantern", SECRET)
    held, checkpoint = {}, None

    def fetch():
        nonlocal checkpoint
        for delta in exchange.fetch_iter([], checkpoint):
            for key, update in delta.updates.items():
                merged = exchange.fetch_value_merge(held.get(key), update)
                held.pop(key, None)
                if merged is not None:
                    held[key] = merged
            checkpoint = delta.checkpoint

    fetch()
    house = served.house.pk
    assert set(held) == {f"{house}-e{n}" for n in range(1_200) if n != 5} | {
        f"{house}-v{n}" for n in range(300) if n != 5
    }
    signals = exchange.naive_convert_to_signal_type([PdqSignal, VideoMD5Signal], collab, held)
    assert len(signals[PdqSignal]) == 1_199
    assert len(signals[VideoMD5Signal]) == 299
