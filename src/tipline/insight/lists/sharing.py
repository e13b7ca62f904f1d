"""What members of our exchange need besides entries: reasons for a no, large fingerprints.

And what of a list went to whom, on the ledger: each page with rows in it, by member and window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.changes import Change
from tipline.insight.lists.models import (
    Entry,
    EntryFingerprint,
    FeedbackReason,
    HashList,
)
from tipline.insight.lists.votes import keep_reasons, reason_names

_SPACE = UUID("6f0c1f0e-5b0f-4c55-9a3a-6a2f4d2c7b11")
#: Why an entry of ours may be voted down. Codes make the guids: they never change.
REASONS: Mapping[str, str] = {
    "unrelated": "The fingerprint matches unrelated content",
    "harmless": "The content is lawful and harmless",
    "adult": "Everybody shown is an adult",
    "classification": "Another classification fits",
    "unusable": "The fingerprint is too flat to tell content apart",
}


def reasons_of(hash_list: HashList, kind: str) -> dict[str, str]:
    """Names by guid of what a no on this type may say; those of ours, where none are set yet."""
    known = reason_names(hash_list.pk, kind)
    if known or hash_list.kind != "own":
        return known
    with write_tx():
        keep_reasons(hash_list, kind, {_guid(code, kind): name for code, name in REASONS.items()})
    return reason_names(hash_list.pk, kind)


def _guid(code: str, kind: str) -> str:
    return str(uuid5(_SPACE, f"{kind}:{code}"))


def all_reasons(hash_list: HashList) -> dict[str, dict[str, str]]:
    """Names by type and guid."""
    found: dict[str, dict[str, str]] = {}
    rows = FeedbackReason.objects.filter(hash_list=hash_list)
    for kind, guid, name in rows.values_list("type", "guid", "name"):
        found.setdefault(kind, {})[guid] = name
    return found


def large_print(entry: Entry, kind: str) -> bytes:
    """The bytes of an opaque fingerprint."""
    row = EntryFingerprint.objects.filter(
        entry=entry, type=kind, variant="", opaque__isnull=False
    ).first()
    if row is None or row.opaque is None:
        raise NotVisible("There is no such fingerprint.")
    return bytes(row.opaque)


def note_served(
    actor: Actor, hash_list: HashList, window: tuple[str, str], rows: Sequence[Change]
) -> None:
    """A page of a window goes to a member: its rows, by the positions of the first and last."""
    detail = {
        "member": actor.member_key,
        "since": window[0],
        "until": window[1],
        "rows": len(rows),
        "first": rows[0].entry.position,
        "last": rows[-1].entry.position,
    }
    with write_tx():
        record(actor, Verb.LIST_SERVED, f"list:{hash_list.pk}", detail=detail)
