"""Analysts confirm and deny matches; nothing is overwritten, and the list's owner is told."""

from __future__ import annotations

import pytest
from tests.filing import SEEN, picture
from tests.lists.made import foreign, put, worked
from tests.lists.test_matching import file_in

from tipline.ground.foundation.errors import Invalid, NotAllowed
from tipline.insight.lists.explained import explained
from tipline.insight.lists.models import ListMatch, MatchVerdict, Source, Vote
from tipline.insight.lists.standing import known_by_lists
from tipline.insight.lists.verdicts import judge_match
from tipline.insight.lists.votes import keep_reasons, mark_sent, to_send


@pytest.fixture
def harbour(world):
    hash_list = foreign(trust="known")
    keep_reasons(hash_list, "sha256", {"g-1": "Not what it is said to be"})
    return hash_list


@pytest.fixture
def match(harbour, filed):
    file = file_in(filed(files=[(picture(1), SEEN)]))
    put(harbour, sha256=file.sha256)
    worked()
    return ListMatch.objects.get()


def test_a_denied_match_knows_nothing_and_stays(world, match):
    assert known_by_lists([match.file])
    assert judge_match(world.actor("ana"), match, right=False, reason="g-1")
    assert not judge_match(world.actor("ana"), match, right=False, reason="g-1")
    assert known_by_lists([match.file]) == frozenset()
    [one] = explained([match.file])[match.file_id]
    assert one.reasons[-1].code == "lists.denied"

    assert judge_match(world.actor("sofia"), match, right=True)
    assert known_by_lists([match.file])
    assert [row.right for row in MatchVerdict.objects.order_by("pk")] == [False, True]


def test_the_house_s_vote_is_its_newest_word(world, match, harbour):
    judge_match(world.actor("ana"), match, right=False, reason="g-1")
    [vote] = Vote.objects.all()
    assert (vote.type, vote.affirmative, vote.reasons) == ("sha256", False, ["g-1"])
    assert to_send(harbour) == []  # nobody pulls this list from a server
    judge_match(world.actor("ana"), match, right=True)
    [vote] = Vote.objects.all()
    assert (vote.affirmative, vote.reasons) == (True, [])


def test_a_vote_waits_until_the_server_has_it(world, match, harbour):
    Source.objects.create(
        hash_list=harbour, root="https://hashes.example.org/npo", username="us", secret=b""
    )
    judge_match(world.actor("ana"), match, right=False, reason="g-1")
    [vote] = to_send(harbour)
    judge_match(world.actor("ana"), match, right=True)
    assert not mark_sent(vote, vote.at)  # changed while it was under way
    [vote] = to_send(harbour)
    assert mark_sent(vote, vote.at)
    assert to_send(harbour) == []


def test_a_no_gives_a_reason_that_the_list_knows(world, match):
    with pytest.raises(Invalid):
        judge_match(world.actor("ana"), match, right=False)
    with pytest.raises(Invalid):
        judge_match(world.actor("ana"), match, right=False, reason="g-9")
    with pytest.raises(Invalid):
        judge_match(world.actor("ana"), match, right=True, reason="g-1")
    for name in ("adam", "enzo", "ines"):
        with pytest.raises(NotAllowed):
            judge_match(world.actor(name), match, right=True)
    assert MatchVerdict.objects.count() == 0
