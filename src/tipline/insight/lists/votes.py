"""The only writer of votes, and of the reasons that a negative one may give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.errors import Invalid, NotVisible
from tipline.insight.lists.entries import touch
from tipline.insight.lists.models import Entry, EntryFingerprint, FeedbackReason, HashList, Vote
from tipline.insight.lists.positions import turn_of


def vote(
    actor: Actor,
    member_id: int,
    entry: Entry,
    kind: str,
    *,
    affirmative: bool,
    reasons: Sequence[str] = (),
    to_send: bool = False,
) -> bool:
    """A member's word on one fingerprint type of an entry; it replaces what it said before.

    True when that changed something. The caller has made sure that the member may vote here.
    ``to_send``: the list's own server has to be told. :class:`NotVisible` for a type that the
    entry has not and for a reason that the list does not know; :class:`Invalid` for reasons with
    a yes or without a no.
    """
    if affirmative is bool(reasons):
        raise Invalid("Give a reason with a no, and none with a yes.", field="reasons")
    known = set(reason_names(entry.hash_list_id, kind))
    with turn_of(entry.hash_list_id) as turn:
        row = Entry.objects.filter(pk=entry.pk, removed_at__isnull=True).first()
        prints = EntryFingerprint.objects.filter(entry_id=entry.pk, type=kind)
        if row is None or not prints.exists():
            raise NotVisible("There is no such fingerprint.")
        if missing := sorted(set(reasons) - known):
            raise NotVisible(f"There is no reason {missing[0]}.")
        said = {"affirmative": affirmative, "reasons": sorted(set(reasons))}
        if not _keep(actor, member_id, row, kind, said, to_send=to_send):
            return False
        touch(turn, row)
        detail = {"entry": row.pk, "type": kind, "affirmative": affirmative, "member": member_id}
        record(actor, Verb.LIST_VOTED, f"list:{row.hash_list_id}", detail=detail)
    return True


def _keep(
    actor: Actor,
    member_id: int,
    row: Entry,
    kind: str,
    said: Mapping[str, object],
    *,
    to_send: bool,
) -> bool:
    before = Vote.objects.filter(entry=row, type=kind, member_id=member_id).first()
    if before is not None and all(getattr(before, name) == said[name] for name in said):
        return False
    now = clock.now()
    Vote.objects.update_or_create(
        entry=row,
        type=kind,
        member_id=member_id,
        defaults={
            **said,
            "at": now,
            "by_id": actor.person_id,
            "sent_at": None if to_send else now,
        },
    )
    return True


def to_send(hash_list: HashList, most: int = 100) -> list[Vote]:
    """Votes of ours that a foreign list's server has not been told yet, the oldest first."""
    rows = Vote.objects.select_related("entry__member").filter(
        sent_at__isnull=True, entry__hash_list=hash_list
    )
    return list(rows.order_by("pk")[:most])


def mark_sent(row: Vote, said_at: datetime) -> bool:
    """The server has it; False when the vote was changed since ``said_at``, its ``at`` then."""
    return bool(Vote.objects.filter(pk=row.pk, at=said_at).update(sent_at=clock.now()))


def keep_reasons(hash_list: HashList, kind: str, names: Mapping[str, str]) -> None:
    """What a no may say on this list: name by guid. Known ones get the new name; none goes."""
    for guid, name in sorted(names.items()):
        FeedbackReason.objects.update_or_create(
            hash_list=hash_list, type=kind, guid=guid, defaults={"name": name[:200]}
        )


def reason_names(list_id: int, kind: str) -> dict[str, str]:
    """Names by guid of the reasons that a no on this type may give."""
    rows = FeedbackReason.objects.filter(hash_list_id=list_id, type=kind).order_by("pk")
    return dict(rows.values_list("guid", "name"))


def votes_on(entries: Iterable[Entry]) -> dict[int, list[Vote]]:
    """Per entry key what members say of it; entries without a vote are absent."""
    found: dict[int, list[Vote]] = {}
    rows = Vote.objects.select_related("member").filter(entry__in=[row.pk for row in entries])
    for row in rows.order_by("type", "member_id"):
        found.setdefault(row.entry_id, []).append(row)
    return found
