"""The server, by the checklist of the wire's reference: windows, pages, tombstones, refusals."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.exchange.asking import EVER, child, tag
from tests.exchange.made import HOUSE, SECRET, draft, own_list, video

from tipline.doors.interfaces.hash_exchange.documents import NAMESPACE
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.lists import members
from tipline.insight.lists.entries import remove_entries, write_entries
from tipline.insight.lists.models import MemberCredential
from tipline.insight.lists.rules_entries import Draft, Print


def test_status_says_who_asks(ask):
    said = ask.get("/v2/status")

    assert said.status == 200
    assert said.root.tag == f"{{{NAMESPACE}}}status"
    assert [tag(node) for node in said.root.children] == ["ipAddress", "username", "member"]
    assert child(said.root, "username").text == "lantern"
    assert child(said.root, "member").text == "Lantern"


def test_members_are_members_and_nothing_else(ask, ours):
    ours.write(draft(1))

    rows = ask.get("/v2/members").root.children

    assert {(row.attributes["id"], row.text) for row in rows} == {
        (str(ours.house.pk), HOUSE),
        (str(ours.lantern.pk), "Lantern"),
    }
    assert {tag(row) for row in rows} == {"member"}


def test_an_entry_is_written_as_clients_read_it(ask, ours, clock):
    ours.write(draft(3), video(4))
    clock.tick(2)

    lists = ask.window().lists()

    assert list(lists) == ["images", "videos"]
    assert lists["images"].attributes == {"count": "1", "maxTimestamp": "2026-11-28T12:00:01Z"}
    [image] = lists["images"].children
    assert [tag(node) for node in image.children] == [
        "member", "timestamp", "id", "classification", "fingerprints",
    ]  # fmt: skip
    assert child(image, "member").text == HOUSE
    prints = {tag(node): node.text for node in child(image, "fingerprints").children}
    assert prints == {one.type: one.value for one in draft(3).prints}
    [clip] = lists["videos"].children
    assert (tag(clip), child(clip, "id").text) == ("video", "v4")


def test_the_largest_time_of_each_list_is_its_own(ask, ours, clock):
    ours.write(video(1))
    clock.tick(60)
    ours.write(draft(1))
    clock.tick(2)

    lists = ask.window().lists()

    assert lists["videos"].attributes["maxTimestamp"] == "2026-11-28T12:00:01Z"
    assert lists["images"].attributes["maxTimestamp"] == "2026-11-28T12:01:01Z"


def test_an_empty_window_has_no_lists_and_no_link(ask, ours, clock):
    said = ask.window("from=2001-01-01T00:00:00Z&to=2002-01-01T00:00:00Z")

    assert said.root.children == ()


def test_what_was_taken_off_stays_as_a_tombstone(ask, ours, clock):
    ours.write(draft(1), video(2))
    clock.tick(5)
    remove_entries(ours.hash_list.pk, ours.house.pk, ["e1", "v2"])
    clock.tick(5)

    rows = ask.window().rows()
    later = ask.window("from=2026-11-28T12:00:04Z&to=2099-01-01T00:00:00Z").rows()

    assert [tag(row) for row in rows] == ["deletedImage", "deletedVideo"]
    assert rows == later
    for row in rows:
        assert [tag(node) for node in row.children] == ["member", "timestamp", "id"]


def test_a_window_is_open_at_its_start_and_closed_at_its_end(ask, ours, clock):
    for number in range(3):  # at :01, :02 and :03
        ours.write(draft(number))
        clock.tick()
    clock.tick(5)

    def keys(since, until):
        return ask.window(f"from=2026-11-28T12:00:{since}Z&to=2026-11-28T12:00:{until}Z").keys()

    assert keys("00", "01") == ["e0"]
    assert keys("01", "02") == ["e1"]
    assert keys("01", "03") == ["e1", "e2"]
    assert keys("03", "09") == []


def test_to_may_stand_before_from_in_the_address(ask, ours, clock):
    ours.write(draft(1))
    clock.tick(2)

    assert ask.window("to=2099-01-01T00:00:00Z&from=1970-01-01T00:00:00Z").keys() == ["e1"]


@pytest.mark.parametrize(
    "query",
    [
        "from=1969-12-31T19:00:00Z&to=2026-11-28T18:00:00Z",
        "from=1970-01-01T00:00:00.000Z&to=2026-11-28T12:00:09.999Z",
        "from=1970-01-01T01:00:00%2B01:00&to=2026-11-28T12:00:09Z",
        "from=1970-01-01T01:00:00+01:00&to=2026-11-28T12:00:09Z",
        "to=2199-01-01T00:00:00Z",
        "",
    ],
)
def test_times_before_1970_in_the_future_and_with_fractions_are_taken(ask, ours, clock, query):
    ours.write(draft(1))
    clock.tick(2)

    assert ask.window(query).keys() == ["e1"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("from=yesterday", b"from: "),
        ("from=2026-01-01T00:00:00", b"from: "),
        ("to=2026-13-01T00:00:00Z", b"to: "),
        (f"{EVER}&after=x", b"after: "),
        (f"{EVER}&after=1.99999999999999999999", b"after: "),
        (f"{EVER}&after=999999999999.1", b"after: "),
        (f"{EVER}&after=1.1&start=-1", b"start: "),
        (f"{EVER}&after=1.1&max={'9' * 5000}", b"max: "),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(ask, ours, query, named):
    said = ask.get(f"/v2/entries?{query}")

    assert said.status == 400
    assert named in said.body


def test_more_than_a_page_in_one_second_is_paged_to_its_end(ask, ours, clock):
    ours.write(*(draft(number) for number in range(2_100)))
    clock.tick(2)

    said = ask.window()
    link = said.following()
    rows = ask.every_row()

    assert len(said.rows()) == 1000
    assert link.startswith("/v2/entries?from=1970-01-01T00:00:00Z&to=2026-11-28T12:00:02Z&")
    assert "&start=1001&size=1000&max=2100&" in link
    assert [child(row, "id").text for row in rows] == [f"e{n}" for n in range(2_100)]
    assert len({child(row, "timestamp").text for row in rows}) == 1


def test_a_row_that_changes_while_somebody_pages_moves_to_a_later_window(ask, ours, clock):
    ours.write(*(draft(number) for number in range(1_500)))
    clock.tick(2)
    first = ask.window()
    new = draft(1_400, classification="B2")
    ours.write(new, draft(3, classification="A2"), draft("new"))
    remove_entries(ours.hash_list.pk, ours.house.pk, ["e1450"])

    clock.tick(2)
    second = ask.get(first.following())
    later = ask.window("from=2026-11-28T12:00:02Z&to=2099-01-01T00:00:00Z")

    assert second.following() == ""
    assert sorted(first.keys() + second.keys()) == sorted(
        f"e{n}" for n in range(1_500) if n not in {1_400, 1_450}
    )
    assert set(later.keys()) == {"e1400", "e3", "enew", "e1450"}


def test_what_is_written_in_this_second_comes_in_the_next_window(ask, ours, clock):
    """A client asks up to now, twice in one second, and goes on from the end of its window."""
    ours.write(draft(1))
    assert ask.window("to=2026-11-28T12:00:00Z").keys() == []
    ours.write(draft(2))

    clock.tick()
    after = ask.window("from=2026-11-28T12:00:00Z&to=2026-11-28T12:00:01Z")

    assert after.keys() == ["e1", "e2"]


def test_an_answer_is_packed_for_who_can_unpack_it(ask, ours, clock):
    ours.write(*(draft(number) for number in range(50)))
    clock.tick(2)

    packed = ask.get(f"/v2/entries?{EVER}", **{"Accept-Encoding": "gzip, deflate"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.body == ask.window().body


# --- votes -----------------------------------------------------------------------------------


def ballot(*guids: str) -> bytes:
    said = "".join(f"<guid>{guid}</guid>" for guid in guids)
    word = f"<negative><reasonIds>{said}</reasonIds></negative>" if guids else "<affirmative/>"
    return f'<feedbackSubmission xmlns="{NAMESPACE}">{word}</feedbackSubmission>'.encode()


def reasons(ask, kind="MD5"):
    root = ask.get(f"/v2/feedback/{kind}/reasons").root
    return [node for node in root.children if tag(node) == "reason"]


def test_reasons_stand_at_the_top_and_one_level_down(ask):
    root = ask.get("/v2/feedback/PDQ/reasons").root

    [nested] = [node for node in root.children if tag(node) == "availableFeedbackReasons"]
    assert tag(root) == "availableFeedbackReasons"
    top = [dict(node.attributes) for node in root.children if tag(node) == "reason"]
    assert [dict(node.attributes) for node in nested.children] == top
    assert len(top) >= 3
    assert {one["type"] for one in top} == {"Pdq"}
    assert all(one["guid"] and one["name"] for one in top)


@pytest.mark.parametrize("version", ["/v2", ""])
def test_a_vote_is_told_with_its_entry(ask, ours, clock, version):
    ours.write(draft(1))
    clock.tick(5)
    path = f"{version}/entries/{ours.house.pk}/e1"
    guids = sorted(node.attributes["guid"] for node in reasons(ask)[:2])

    assert ask.put(f"{path}/SHA1/feedback", ballot()).status == 200
    said = ask.put(f"{path}/MD5/feedback", ballot(*guids))
    clock.tick(5)

    assert (said.status, tag(said.root)) == (200, "submissionResult")
    [row] = ask.window("from=2026-11-28T12:00:04Z&to=2099-01-01T00:00:00Z").rows()
    no, yes = child(row, "feedback").children
    assert (tag(no), no.attributes["type"]) == ("negativeFeedback", "Md5")
    told = child(no, "reasons").children
    assert [tag(node) for node in told] == ["reason", "members"] * 2
    assert [node.attributes["guid"] for node in told[::2]] == guids
    assert [node.text for node in told[1].children] == ["Lantern"]
    assert (tag(yes), yes.attributes["type"]) == ("affirmativeFeedback", "Sha1")
    assert [node.text for node in child(yes, "members").children] == ["Lantern"]


def test_a_new_vote_replaces_the_old_one_and_the_same_one_changes_nothing(ask, ours, clock):
    ours.write(draft(1))
    path = f"/v2/entries/{ours.house.pk}/e1/MD5/feedback"
    ask.put(path, ballot(reasons(ask)[0].attributes["guid"]))
    ask.put(path, ballot())
    clock.tick(5)
    [row] = ask.window().rows()
    assert ask.put(path, ballot()).status == 200
    clock.tick(5)

    [again] = ask.window().rows()

    assert again == row
    assert [tag(node) for node in child(row, "feedback").children] == ["affirmativeFeedback"]


def test_votes_that_cannot_be_are_refused(ask, ours):
    ours.write(draft(1), owner=ours.lantern)
    ours.write(draft(2))
    house, lantern = ours.house.pk, ours.lantern.pk

    def put(path, body):
        return ask.put(f"/v2/entries/{path}/feedback", body).status

    assert put(f"{lantern}/e1/MD5", ballot()) == 403  # one's own entry
    assert put(f"{house}/e9/MD5", ballot()) == 404
    assert put(f"{house}/e2/PDNA", ballot()) == 404  # it has none
    assert put(f"{house}/e2/NOTHING", ballot()) == 404
    assert put(f"{house}/e2/MD5", ballot("no-such-guid")) == 404
    assert put(f"{house}/e2/MD5", b"<feedbackSubmission/>") == 400
    assert put(f"{house}/e2/MD5", b"not xml") == 400
    assert put(f"{house}/e2/MD5", b"<!DOCTYPE x><feedbackSubmission/>") == 400
    assert put(f"{house}/e2/MD5", b"<x>" * 50_000) == 400
    members.grant(SYSTEM, ours.lantern, ours.hash_list, may_vote=False)
    assert put(f"{house}/e2/MD5", ballot()) == 403


# --- who may what ----------------------------------------------------------------------------

PATHS = ["status", "members", "entries", "feedback/MD5/reasons", "categorizations", "nothing"]


@pytest.mark.parametrize("path", PATHS)
def test_without_the_right_login_nothing_is_told(ask, ours, path):
    for login in (("lantern", "wrong" * 5), ("nobody", SECRET), ("lantern", ""), ("", "")):
        said = ask.as_member(*login).get(f"/v2/{path}")
        assert said.status == 401
        assert said.headers["WWW-Authenticate"].startswith("Basic ")
    MemberCredential.objects.update(active=False)
    assert ask.get(f"/v2/{path}").status == 401


@pytest.mark.parametrize("path", PATHS)
def test_a_list_without_a_grant_looks_like_none(ask, ours, path):
    own_list("secret", "other-label")
    members.issue_member_credential(SYSTEM, ours.lantern, "second", SECRET)

    hidden, missing = (
        ask.__class__(f"/hashes/{slug}").get(f"/v2/{path}") for slug in ("secret", "nowhere")
    )

    assert (hidden.status, missing.status) == (404, 404)
    assert hidden.body == missing.body
    assert ask.as_member("second", SECRET).get("/v2/status").status == 200


def test_a_grant_that_is_withdrawn_or_a_list_that_is_closed_is_gone_at_once(ask, ours):
    members.withdraw_access(SYSTEM, ours.lantern, ours.hash_list)
    assert ask.get("/v2/status").status == 404
    members.grant(SYSTEM, ours.lantern, ours.hash_list)
    assert ask.get("/v2/status").status == 200
    ours.hash_list.active = False
    ours.hash_list.save()
    assert ask.get("/v2/status").status == 404


def test_who_asks_too_fast_is_told_to_wait(ask, monkeypatch):
    from tipline.doors.interfaces.hash_exchange import frame
    from tipline.doors.interfaces.hash_exchange.rules_pace import Pace

    monkeypatch.setattr(frame, "_pace", Pace(per_second=0.5, at_once=3))
    said = [ask.get("/v2/status") for _n in range(4)]

    assert [one.status for one in said] == [200, 200, 200, 429]
    assert said[-1].headers["Retry-After"] in {"2", "3"}


def test_who_took_which_window_is_on_the_ledger_with_ids_only(ask, ours, clock):
    ours.write(*(draft(number) for number in range(1_001)))
    clock.tick(2)
    ask.every_row()
    ask.window("from=2001-01-01T00:00:00Z&to=2002-01-01T00:00:00Z")

    rows = LedgerEntry.objects.filter(verb="list.served").order_by("pk")

    assert [(row.actor, row.detail["rows"], row.detail["first"]) for row in rows] == [
        (f"member:{ours.lantern.pk}", 1000, 1),
        (f"member:{ours.lantern.pk}", 1, 1001),
    ]
    assert {row.detail["until"] for row in rows} == {"2026-11-28T12:00:02Z"}


# --- fingerprints that are too large for an entry ----------------------------------------------


def test_a_large_fingerprint_stands_by_its_address(ask, ours, clock):
    blob = bytes(range(256)) * 40
    kinds = (Print("md5", "0" * 32), Print("tmk_pdqf", opaque=blob))
    write_entries(ours.hash_list.pk, ours.house.pk, [Draft("clip", "video", kinds)])
    clock.tick(2)

    [row] = ask.window().rows()
    large = child(row, "fingerprints", "tmk-pdqf")

    assert (large.text, large.attributes["rel"]) == ("", "self")
    said = ask.get(large.attributes["href"])
    assert (said.status, said.body) == (200, blob)
    assert ask.get(large.attributes["href"].replace("TMK_PDQF", "MD5")).status == 404
    assert ask.get(large.attributes["href"].replace("TMK_PDQF", "TMK_SAFER_HASH")).status == 404
    assert ask.get(large.attributes["href"].replace("clip", "other")).status == 404


def test_edits_of_a_content_and_types_of_our_own_are_not_told(ask, ours, clock):
    kinds = (
        Print("sha256", "a" * 64),
        Print("pdq", "b" * 64),
        Print("pdq", "c" * 64, variant="crop-5"),
    )
    write_entries(ours.hash_list.pk, ours.house.pk, [Draft("one", "image", kinds)])
    clock.tick(2)

    [row] = ask.window().rows()

    assert [(tag(node), node.text) for node in child(row, "fingerprints").children] == [
        ("pdq", "b" * 64)
    ]


# --- what it costs -----------------------------------------------------------------------------


def test_an_empty_window_costs_next_to_nothing(ask, ours, django_assert_max_num_queries):
    """Those who poll ask for little else: the account, the grant, and whether there is a row."""
    ours.write(*(draft(number) for number in range(1_000)))
    query = "from=2001-01-01T00:00:00Z&to=2002-01-01T00:00:00Z"
    ask.window(query)
    with django_assert_max_num_queries(4):
        assert ask.window(query).rows() == []


def test_pages_cost_the_same_however_far_one_has_paged(ask, ours, clock, monkeypatch):
    """Queries are counted: none of them grows with the page."""
    ours.write(*(draft(number) for number in range(1_000)), video(1))
    for key in ("e1", "e2"):
        ask.put(f"/v2/entries/{ours.house.pk}/{key}/MD5/feedback", ballot())
    clock.tick(2)
    with CaptureQueriesContext(connection) as small:
        said = ask.window(f"{EVER}&size=2")
    with CaptureQueriesContext(connection) as large:
        ask.window(f"{EVER}&size=900")
    with CaptureQueriesContext(connection) as later:
        ask.get(said.following())

    assert abs(len(large) - len(small)) <= 2
    assert len(later) <= len(small)
