"""Our votes reach the server of a list: once in effect, as they stand, whatever fails between."""

from __future__ import annotations

import pytest
from tests.exchange.faulty import Faulty
from tests.exchange.made import contents, draft, make_ours, make_theirs

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import jobs
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.worker import outward, run_ready
from tipline.insight.lists import members, votes
from tipline.insight.lists.entries import remove_entries
from tipline.insight.lists.models import Entry, Source, Vote
from tipline.insight.lists.pulling import services, voting
from tipline.insight.lists.pulling.http import PullError
from tipline.insight.lists.pulling.services import pull
from tipline.insight.lists.pulling.voting import send_votes

ROOT = "/hashes/apparent"


@pytest.fixture
def both(db, tipline_home, clock, monkeypatch):
    """Our list, its copy that was pulled, and the wire between them."""
    ours = make_ours()
    ours.write(draft(1), draft(2))
    clock.tick(60)
    copy = make_theirs("http://127.0.0.1/hashes/apparent")
    wire = Faulty(ROOT)
    for module in (services, voting):
        monkeypatch.setattr(module, "wire_of", lambda *_given: wire)
    assert pull(copy.hash_list.pk).kept.made == 2
    return ours, copy, wire


def say(copy, key, *, affirmative, kind="md5"):
    row = Entry.objects.get(hash_list=copy.hash_list, key=key)
    reasons = () if affirmative else sorted(votes.reason_names(copy.hash_list.pk, kind))[:1]
    votes.vote(
        SYSTEM, members.house().pk, row, kind,
        affirmative=affirmative, reasons=reasons, to_send=True,
    )  # fmt: skip


def told(ours, key):
    """What our list has of the member ``lantern``, under whose name the copy is pulled."""
    votes_of = Vote.objects.filter(entry__hash_list=ours.hash_list, entry__key=key)
    return [
        (one.type, one.affirmative, len(one.reasons))
        for one in votes_of.filter(member=ours.lantern).order_by("type")
    ]


def test_a_yes_and_a_no_arrive_with_the_reasons_that_are_known_there(both):
    ours, copy, _wire = both
    say(copy, "e1", affirmative=True)
    say(copy, "e2", affirmative=False, kind="pdq")

    assert send_votes(copy.hash_list.pk) == 2

    assert told(ours, "e1") == [("md5", True, 0)]
    assert told(ours, "e2") == [("pdq", False, 1)]
    assert not Vote.objects.filter(sent_at__isnull=True).exists()
    assert send_votes(copy.hash_list.pk) == 0


def test_a_vote_whose_answer_was_lost_is_sent_again_and_is_one_vote(both, monkeypatch):
    ours, copy, _wire = both
    say(copy, "e1", affirmative=True)
    with monkeypatch.context() as patch:
        patch.setattr(voting, "mark_sent", _gone)
        with pytest.raises(KeyboardInterrupt):
            send_votes(copy.hash_list.pk)
    assert told(ours, "e1") == [("md5", True, 0)]
    position = Entry.objects.get(hash_list=ours.hash_list, key="e1").position

    assert send_votes(copy.hash_list.pk) == 1

    assert told(ours, "e1") == [("md5", True, 0)]
    assert Entry.objects.get(hash_list=ours.hash_list, key="e1").position == position


def _gone(*_given):
    raise KeyboardInterrupt


def test_a_vote_that_is_changed_while_it_is_sent_is_sent_as_it_stands(both, monkeypatch):
    ours, copy, wire = both
    say(copy, "e1", affirmative=True)
    put = wire.put

    def meanwhile(path, body):
        answer = put(path, body)
        if len(wire.asked) < 10:
            wire.asked += ["-"] * 10
            say(copy, "e1", affirmative=False)
        return answer

    monkeypatch.setattr(Faulty, "put", lambda _self, *given: meanwhile(*given))
    send_votes(copy.hash_list.pk)
    assert Vote.objects.filter(sent_at__isnull=True).count() == 1

    send_votes(copy.hash_list.pk)

    assert told(ours, "e1") == [("md5", False, 1)]
    assert not Vote.objects.filter(sent_at__isnull=True).exists()


def test_what_cannot_be_sent_now_waits(both):
    ours, copy, wire = both
    say(copy, "e1", affirmative=True)
    say(copy, "e2", affirmative=True)
    wire.faults = {len(wire.asked) + 2: "unreachable"}

    with pytest.raises(PullError):
        send_votes(copy.hash_list.pk)

    assert Vote.objects.filter(sent_at__isnull=True).count() == 1
    assert send_votes(copy.hash_list.pk) == 1
    assert told(ours, "e2") == [("md5", True, 0)]


def test_what_the_server_does_not_take_is_not_sent_for_ever(both):
    ours, copy, _wire = both
    say(copy, "e1", affirmative=True)
    remove_entries(ours.hash_list.pk, ours.house.pk, ["e1"])

    assert send_votes(copy.hash_list.pk) == 0

    assert not Vote.objects.filter(sent_at__isnull=True).exists()
    [entry] = LedgerEntry.objects.filter(verb="list.vote-sent")
    assert entry.detail["refused"] == "not_there"


def test_our_own_vote_does_not_come_back_as_somebody_elses(both, clock, monkeypatch):
    ours, copy, _wire = both
    say(copy, "e1", affirmative=True)
    send_votes(copy.hash_list.pk)
    clock.tick(60)
    Source.objects.update(pulled_to="2026-11-28T12:00:10Z")

    assert pull(copy.hash_list.pk).kept.votes == 0

    mine = Vote.objects.get(entry__hash_list=copy.hash_list)
    assert mine.member == members.house()
    assert contents(ours.hash_list)["e1"]["votes"] == [("md5", "Lantern", True, ())]


def test_the_worker_pulls_and_votes_in_a_lane_of_its_own(both, clock):
    ours, copy, _wire = both
    ours.write(draft(3))
    clock.tick(60)
    say(copy, "e1", affirmative=True)
    Source.objects.update(tried_at=None, pulled_to="2026-11-28T12:00:10Z")
    services.pull_due()
    voting.votes_due()
    lanes = jobs.ready_lanes(clock_now())
    assert sum(map(outward, lanes)) == 2

    run_ready("one")

    assert Entry.objects.filter(hash_list=copy.hash_list).count() == 3
    assert told(ours, "e1") == [("md5", True, 0)]
    services.pull_due()  # it was tried a moment ago
    assert not any(map(outward, jobs.ready_lanes(clock_now())))


def clock_now():
    from tipline.ground.foundation import clock as wall

    return wall.now()


def test_a_long_pull_goes_on_in_the_next_job(both, clock, monkeypatch):
    ours, copy, wire = both
    monkeypatch.setattr(services, "JOB_PAGES", 2)
    wire.size = 3
    ours.write(*(draft(number) for number in range(10, 30)))
    clock.tick(60)
    Source.objects.update(pulled_to="2026-11-28T12:00:10Z")
    services.pull_job({"list": copy.hash_list.pk})
    assert Entry.objects.filter(hash_list=copy.hash_list).count() == 8

    run_ready("one")

    assert contents(copy.hash_list) == contents(ours.hash_list)
