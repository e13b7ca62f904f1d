"""The votes of others on entries that were pulled, as they stand now, the negative ones too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tipline.ground.foundation import clock
from tipline.insight.lists.entries import touch
from tipline.insight.lists.models import Entry, FeedbackReason, HashList, Vote
from tipline.insight.lists.positions import turn_of
from tipline.insight.lists.pulling.rules_told import Said, Told
from tipline.insight.lists.votes import keep_reasons

_TYPE = 20
#: (entry, type, member).
_Key = tuple[int, str, int]


def keep_votes(
    hash_list: HashList, us: int | None, members: Mapping[int, int], told: Mapping[int, Told]
) -> int:
    """Make these the votes of others on these entries; how many came, changed or went.

    What we said ourselves over there comes back to us and is left as we have it.
    """
    wanted: dict[_Key, Said] = {}
    for entry, one in told.items():
        for said in one.votes:
            key = (entry, said.type[:_TYPE], members[said.party.number])
            # Yes and no from one member on one type: the no is what may not get lost.
            if said.party.number != us and (key not in wanted or not said.affirmative):
                wanted[key] = said
    held = {
        (row.entry_id, row.type, row.member_id): row
        for row in Vote.objects.filter(entry__in=list(told), member__known_from=hash_list)
    }
    _keep_reasons(hash_list, wanted)
    return _write(hash_list, wanted, held)


def _write(hash_list: HashList, wanted: Mapping[_Key, Said], held: Mapping[_Key, Vote]) -> int:
    now = clock.now()
    new = [_row(key, said, now) for key, said in wanted.items() if key not in held]
    changed = [held[key] for key, said in wanted.items() if key in held and _say(held[key], said)]
    gone = [row for key, row in held.items() if key not in wanted]
    Vote.objects.bulk_create(new)
    Vote.objects.bulk_update(changed, ["affirmative", "reasons", "at"])
    Vote.objects.filter(pk__in=[row.pk for row in gone]).delete()
    moved = {row.entry_id for row in (*new, *changed, *gone)}
    if moved:
        with turn_of(hash_list.pk) as turn:
            for row in Entry.objects.filter(pk__in=moved).order_by("position"):
                touch(turn, row)
    return len(new) + len(changed) + len(gone)


def _row(key: _Key, said: Said, now: datetime) -> Vote:
    entry, kind, member = key
    row = Vote(entry_id=entry, type=kind, member_id=member, at=said.at or now, sent_at=now)
    row.affirmative, row.reasons = said.affirmative, _guids(said)
    return row


def _say(row: Vote, said: Said) -> bool:
    """Make the vote say this; whether it said something else."""
    if (row.affirmative, row.reasons) == (said.affirmative, _guids(said)):
        return False
    row.affirmative, row.reasons = said.affirmative, _guids(said)
    row.at = said.at or clock.now()
    return True


def _guids(said: Said) -> list[str]:
    return sorted({guid for guid, _name in said.reasons})


def _keep_reasons(hash_list: HashList, wanted: Mapping[_Key, Said]) -> None:
    """Names of the reasons, so that people read words and not numbers."""
    named = {
        (key[1], guid): name
        for key, said in wanted.items()
        for guid, name in said.reasons
        if guid and name
    }
    known = FeedbackReason.objects.filter(hash_list=hash_list)
    have = set(known.values_list("type", "guid", "name")) if named else set()
    for (kind, guid), name in named.items():
        if (kind, guid, name) not in have:
            keep_reasons(hash_list, kind, {guid: name})
