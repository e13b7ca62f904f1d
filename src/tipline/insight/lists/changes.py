"""A list as its changes: what the hash exchange serves, window by window.

A window is (after, until]: its lower end excluded, its upper included. Rows come in the order
of their positions, which is that of their instants, so a position is the cursor of a page. A
row that changes while somebody pages gets a later position and an instant beyond every window
served before: it moves to a later window and is never skipped. Read :func:`horizon` first and
end the window there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotAllowed, NotVisible
from tipline.insight.lists.models import (
    Entry,
    EntryFingerprint,
    HashList,
    ListAccess,
    Member,
    Vote,
)
from tipline.insight.lists.positions import horizon
from tipline.insight.lists.votes import votes_on

__all__ = ["Change", "access_for", "count_changes", "entry_at", "horizon", "members_of"]


@dataclass(frozen=True, slots=True)
class Change:
    """An entry in its latest state; one with ``removed_at`` is a tombstone without the rest."""

    entry: Entry
    prints: Sequence[EntryFingerprint]
    votes: Sequence[Vote]


def access_for(actor: Actor, slug: str) -> ListAccess:
    """What a member may do with a list; :class:`NotVisible` where there is none for it."""
    actor.require(Permission.HASHES_EXCHANGE)
    rows = ListAccess.objects.select_related("hash_list", "member")
    row = rows.filter(
        hash_list__slug=slug, hash_list__active=True, member_id=actor.member_key
    ).first()
    if row is None:
        raise NotVisible("There is no such list.")
    return row


def may_vote(access: ListAccess, owner_id: int) -> None:
    """:class:`NotAllowed` unless this member may vote on entries of that one."""
    if not access.may_vote:
        raise NotAllowed("This account may read the list and not vote on it.")
    if access.member_id == owner_id:
        raise NotAllowed("Nobody votes on entries of their own.")


def members_of(hash_list: HashList) -> list[Member]:
    """Whoever may use the list or owns an entry of it, by id."""
    using = ListAccess.objects.filter(hash_list=hash_list, member=OuterRef("pk"))
    owning = Entry.objects.filter(hash_list=hash_list, member=OuterRef("pk"))
    return list(Member.objects.filter(Exists(using) | Exists(owning)).order_by("pk"))


def changes(
    hash_list: HashList, after: datetime, until: datetime, *, beyond: int = 0, most: int = 1_000
) -> list[Change]:
    """The next page of a window: at most ``most`` rows with a position above ``beyond``."""
    entries = list(
        _window(hash_list, after, until)
        .filter(position__gt=beyond)
        .select_related("member", "series")
        .order_by("changed_at", "position")[:most]
    )
    live = [row for row in entries if row.removed_at is None]
    prints, votes = prints_of(live), votes_on(live)
    return [Change(row, prints.get(row.pk, ()), votes.get(row.pk, ())) for row in entries]


def count_changes(hash_list: HashList, after: datetime, until: datetime, *, most: int) -> int:
    """How many rows a window has, counted no further than ``most``."""
    return _window(hash_list, after, until)[:most].count()


def entry_at(hash_list: HashList, member_id: int, key: str) -> Entry:
    """A live entry under its key; :class:`NotVisible` when it is not there or not any more."""
    rows = Entry.objects.select_related("member", "hash_list")
    row = rows.filter(
        hash_list=hash_list, member_id=member_id, key=key, removed_at__isnull=True
    ).first()
    if row is None:
        raise NotVisible("There is no such entry.")
    return row


def prints_of(entries: Sequence[Entry]) -> dict[int, list[EntryFingerprint]]:
    """Per entry key its fingerprints in a fixed order."""
    found: dict[int, list[EntryFingerprint]] = {}
    rows = EntryFingerprint.objects.filter(entry__in=[row.pk for row in entries])
    for row in rows.order_by("type", "variant", "pk"):
        found.setdefault(row.entry_id, []).append(row)
    return found


def _window(hash_list: HashList, after: datetime, until: datetime) -> QuerySet[Entry]:
    return Entry.objects.filter(hash_list=hash_list, changed_at__gt=after, changed_at__lte=until)
