"""Servers that misbehave: nothing is lost or doubled, and what is wrong is said."""

from __future__ import annotations

import json

import pytest
from tests.exchange.made import HURRY, SECRET, Theirs, make_theirs
from tests.exchange.pages import entry, feedback, gone, no, page, yes
from tests.exchange.stub import Reply, packed, stub

from tipline.ground.accounts import services as accounts
from tipline.ground.foundation.actor import SYSTEM, OrganisationKind
from tipline.ground.foundation.errors import Conflict
from tipline.insight.lists.models import Entry, FeedbackReason, Member, Source, Vote
from tipline.insight.lists.pulling import services
from tipline.insight.lists.pulling.http import Patience
from tipline.insight.lists.pulling.services import pull

#: What is kept of an exchange with an honest server is asked on both databases (test_pull.py).
pytestmark = pytest.mark.pages

NEXT = "/v2/entries?from=a&to=b&start=3&size=2&max=4"


@pytest.fixture
def server():
    with stub() as running:
        yield running


@pytest.fixture
def copy(db, tipline_home, server) -> Theirs:
    accounts.add_organisation(SYSTEM, OrganisationKind.CLEARINGHOUSE, "Clearinghouse")
    return make_theirs(server.root)


def keys(copy) -> list[str]:
    rows = Entry.objects.filter(hash_list=copy.hash_list, removed_at__isnull=True)
    return sorted(rows.values_list("key", flat=True))


def two_pages(second: Reply):
    """Entries 1 and 2, then whatever ``second`` is."""

    def answer(path):
        if path.endswith(NEXT):
            return second
        return Reply(page(entry("e1") + entry("e2"), link=NEXT)) if "entries?" in path else None

    return answer


GOOD = Reply(page(entry("e3"), entry("v4", "video")))
ALL = ["e1", "e2", "e3", "v4"]


@pytest.mark.parametrize("cut", [0, 1, 200, len(GOOD.body) - 1])
def test_a_line_that_is_cut_in_the_middle_of_a_page_is_picked_up_there(copy, server, cut):
    server.answer = two_pages(Reply(GOOD.body, cut=cut))
    first = copy.pull()

    assert first.error == "cut_off"
    assert keys(copy) == ["e1", "e2"]
    assert copy.source.last_error.startswith("cut_off")
    assert copy.source.next_link == NEXT
    server.answer, server.asked = two_pages(GOOD), []
    second = copy.pull()

    assert (second.error, second.kept.made, second.kept.same) == ("", 2, 0)
    assert server.pages() == [f"/npo{NEXT}"]
    assert keys(copy) == ALL
    assert copy.source.last_error == ""
    assert copy.source.told["made"] == 4


def test_a_window_left_open_for_hours_is_followed_by_what_came_since(copy, server):
    """Its end stands since it was opened: that it is finished does not mean that all is here."""
    server.answer = two_pages(Reply(GOOD.body, cut=1))
    assert copy.pull().error == "cut_off"
    server.date = "Sat, 28 Nov 2026 15:00:00 GMT"
    later = Reply(page(entry("e5")))
    server.answer = lambda path: later if "from=2026" in path else two_pages(GOOD)(path)
    server.asked = []

    found = copy.pull()

    assert (found.error, found.more, found.kept.made) == ("", False, 3)
    since = "/v2/entries?from=2026-11-28T11:59:30Z&to=2026-11-28T14:59:30Z"
    assert server.pages() == [f"/npo{NEXT}", f"/npo{since}"]
    assert keys(copy) == ["e1", "e2", "e3", "e5", "v4"]
    assert copy.source.told["made"] == 1


def test_a_window_without_anything_leaves_standing_what_the_last_one_brought(copy, server):
    server.answer = two_pages(GOOD)
    copy.pull()
    server.date = "Sat, 28 Nov 2026 15:00:00 GMT"
    server.answer = lambda path: Reply(page("")) if "entries?" in path else None

    found = copy.pull()

    assert (found.error, found.kept.pages, found.kept.rows) == ("", 1, 0)
    assert copy.source.told["made"] == 4
    assert copy.source.pulled_to.hour == 14


def test_a_page_that_ends_early_without_saying_so_is_asked_for_again(copy, server):
    replies = [Reply(GOOD.body[:-30]), Reply(GOOD.body[:100]), GOOD]
    server.answer = lambda path: replies.pop(0) if "entries?" in path else None

    assert copy.pull().error == ""
    assert keys(copy) == ["e3", "v4"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_that_is_busy_for_a_while_is_asked_again(copy, server, status):
    left = [Reply(status=status, headers=(("Retry-After", "7"),))] * 3
    waited = []
    server.answer = lambda path: (left.pop() if left else GOOD) if "entries?" in path else None

    found = pull(copy.hash_list.pk, patience=Patience(pause=5.0, sleep=waited.append))

    assert found.error == ""
    assert waited == [7.0, 7.0, 7.0]


def test_a_server_that_stays_broken_is_left_for_later(copy, server):
    server.answer = lambda path: Reply(status=503) if "entries?" in path else None

    found = copy.pull()

    assert (found.error, found.where) == ("their_fault", "503")
    assert len(server.pages()) == 5
    assert copy.source.pulled_to is None


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(status=401), "not_signed_in"),
        (Reply(status=403), "not_allowed"),
        (Reply(status=404), "not_there"),
        (Reply(status=400), "refused"),
        (Reply(b"<html>Sign in</html>"), "not_a_page"),
        (Reply(b"not xml at all"), "not_xml"),
        (Reply(b""), "not_xml"),
        (Reply(b'<!DOCTYPE q [<!ENTITY a "b">]><queryResult>&a;</queryResult>'), "not_xml"),
        (Reply(b"<queryResult>" + b"<a>" * 100_000), "not_xml"),
        (Reply(b"<queryResult>" + b"<a/>" * 400_000 + b"</queryResult>"), "not_xml"),
        (Reply(b"x" * 17_000_000), "too_large"),
        (packed(b" " * 40_000_000), "too_large"),
        (Reply(b"xyz", headers=(("Content-Encoding", "gzip"),)), "encoding"),
        (Reply(b"xyz", headers=(("Content-Encoding", "br"),)), "encoding"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_what_is_no_page_changes_nothing_and_is_named(copy, server, reply, code):
    server.answer = lambda path: reply if "entries?" in path else None

    found = copy.pull()

    assert found.error == code
    assert keys(copy) == []
    assert copy.source.last_error.split()[0] == code
    assert (copy.source.pulled_to, copy.source.next_link) == (None, "")
    server.answer = lambda path: GOOD if "entries?" in path else None
    assert copy.pull().error == ""
    assert keys(copy) == ["e3", "v4"]


def test_a_packed_page_is_unpacked(copy, server):
    server.answer = lambda path: packed(GOOD.body) if "entries?" in path else None

    assert copy.pull().kept.made == 2


def test_a_packed_page_that_is_cut_is_no_page(copy, server):
    whole = packed(GOOD.body)
    short = Reply(whole.body[:-12], headers=whole.headers)
    server.answer = lambda path: short if "entries?" in path else None

    assert copy.pull().error == "cut_off"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_and_the_login_goes_nowhere_else(copy, server, status):
    with stub() as other:
        other.answer = lambda _path: GOOD
        to = (("Location", f"{other.root}/v2/entries?from=a"),)
        server.answer = lambda path: (
            Reply(status=status, headers=to) if "entries?" in path else None
        )

        found = copy.pull()

        assert (found.error, found.where) == ("redirected", f"{other.root}/v2/entries?from=a")
        assert other.asked == []


def test_a_server_that_says_nothing_is_left_after_a_while(copy, server):
    server.answer = lambda path: Reply(slow=1.0) if "entries?" in path else None

    found = pull(copy.hash_list.pk, patience=Patience(pause=0.1, tries=2, sleep=lambda _s: None))

    assert found.error == "timed_out"


def test_a_server_that_is_not_there_is_named(copy, server):
    Source.objects.update(root="http://127.0.0.1:9/npo")

    assert copy.pull().error == "unreachable"


@pytest.mark.parametrize("link", ["http://127.0.0.1:9/v2/entries?x", "//x/v2/entries?", "/v2/x"])
def test_a_link_that_leads_elsewhere_is_refused(copy, server, link):
    server.answer = lambda path: Reply(page(entry(), link=link)) if "entries?" in path else None

    assert copy.pull().error == "link"
    assert len(server.pages()) == 1
    assert copy.source.pulled_to is None


def test_links_without_end_are_seen(copy, server):
    def answer(path):
        link = f"/v2/entries?n={len(server.asked)}&start=1&size=1000&max=2000"
        return Reply(page(entry(), link=link)) if "entries?" in path else None

    server.answer = answer

    assert copy.pull().error == "endless"
    assert len(server.pages()) < 100
    assert keys(copy) == ["e1"]


def test_a_link_to_itself_is_seen(copy, server):
    server.answer = two_pages(Reply(page(entry("e3"), link=NEXT)))

    assert copy.pull().error == "endless"
    assert len(server.pages()) == 2


def test_a_link_that_is_forgotten_there_begins_its_window_anew_once(copy, server):
    server.answer = two_pages(Reply(status=500))
    copy.pull()
    server.answer, server.asked = two_pages(Reply(status=404)), []

    assert copy.pull().error == "not_there"
    assert ["from=1970" in path for path in server.pages()] == [False, True, False]
    server.answer = two_pages(GOOD)
    assert copy.pull().error == ""
    assert keys(copy) == ALL


def test_entries_that_cannot_be_kept_are_counted_and_the_rest_is_there(copy, server):
    body = page(
        entry("e1") + entry("x", "audio") + entry("a/b") + entry("e2", parts="<md5>zz</md5>")
        + entry("e5", parts='<tmk-pdqf rel="self" href="/v2/x"/>') + "<image/>" + entry("e6")
    )  # fmt: skip
    server.answer = lambda path: Reply(body) if "entries?" in path else None

    found = copy.pull()

    assert keys(copy) == ["e1", "e6"]
    told = copy.source.told
    assert (told["made"], told["skipped"], found.error) == (2, 6, "")
    assert [one["code"] for one in told["problems"]] == [
        "kind", "id", "fingerprint", "member", "fingerprints", "fingerprints",
    ]  # fmt: skip
    json.dumps(told)


def test_an_entry_that_lost_what_could_be_compared_is_taken_off(copy, server):
    bodies = [page(entry("e1")), page(entry("e1", parts="<other>x</other>"))]
    server.answer = lambda path: Reply(bodies.pop(0)) if "entries?" in path else None
    copy.pull()
    assert keys(copy) == ["e1"]
    Source.objects.update(pulled_to="2026-01-01T00:00:00Z")

    assert copy.pull().kept.removed == 1
    assert keys(copy) == []


def test_a_tombstone_of_what_was_never_here_is_nothing(copy, server):
    server.answer = lambda path: (
        Reply(page(gone("e1") + entry("e2"))) if "entries?" in path else None
    )

    kept = copy.pull().kept

    assert (kept.made, kept.removed, kept.same) == (1, 0, 1)


def test_votes_of_others_are_kept_ours_are_left_alone_and_those_that_went_go(copy, server):
    said = feedback(yes("Md5", 1, 4), no("Md5", ("g2", "Not so", [2])))
    bodies = [page(entry(feedback=said)), page(entry(feedback=feedback(yes("Md5", 2))))]
    server.answer = lambda path: Reply(bodies.pop(0)) if "entries?" in path else None
    copy.pull()  # over there we are number 4

    votes = Vote.objects.select_related("member").order_by("member__remote_id")
    assert [(one.member.remote_id, one.affirmative, one.reasons) for one in votes] == [
        (1, True, []),
        (2, False, ["g2"]),
    ]
    names = FeedbackReason.objects.filter(hash_list=copy.hash_list, type="md5")
    assert dict(names.values_list("guid", "name")) == {"g1": "Wrong", "g2": "Not so"}
    Source.objects.update(pulled_to="2026-01-01T00:00:00Z")
    assert copy.pull().kept.votes == 2
    assert [(one.member.remote_id, one.affirmative) for one in votes.all()] == [(2, True)]


def test_a_member_has_one_row_and_its_newest_name(copy, server):
    bodies = [page(entry(name="Old name")), page(entry(name="New & name"))]
    server.answer = lambda path: Reply(bodies.pop(0)) if "entries?" in path else None
    copy.pull()
    Source.objects.update(pulled_to="2026-01-01T00:00:00Z")
    copy.pull()

    assert [row.name for row in Member.objects.filter(known_from=copy.hash_list)] == ["New & name"]


def test_of_two_pulls_at_once_the_later_page_gives_up(copy, server, monkeypatch):
    server.answer = two_pages(GOOD)
    ask = services._ask
    inner = []

    def meanwhile(*given):
        asked = ask(*given)
        if not inner:
            inner.append(None)
            inner.append(pull(copy.hash_list.pk, patience=HURRY))
        return asked

    monkeypatch.setattr(services, "_ask", meanwhile)

    outer = copy.pull()

    assert inner[1].error == ""
    assert outer.error == Conflict.code
    assert keys(copy) == ALL
    assert copy.source.next_link == ""


def test_the_password_is_in_no_row_no_log_and_no_message(copy, server, capsys):
    server.answer = lambda path: Reply(status=302) if "entries?" in path else None
    copy.pull()
    row = copy.source

    assert SECRET.encode() not in bytes(row.secret)
    assert server.logins == {"Basic bGFudGVybjphLWxvbmctZ2VuZXJhdGVkLXNlY3JldA=="}
    assert SECRET not in repr(services.wire_of(row))
    told = capsys.readouterr()
    assert SECRET not in told.out + told.err + row.last_error


def test_a_source_that_is_switched_off_is_not_asked(copy, server):
    Source.objects.update(active=False)

    with pytest.raises(Conflict):
        copy.pull()
    assert server.asked == []
