"""Our own lists, fed by what analysts say of content.

A label is a person's statement on some bytes. One of our own lists names a label: the bytes are
on it once three distinct people stand behind that label, and off it with the first who withdraws
it (reference "domain", section 8). So there is one mechanism; the entry is what follows from the
statements, and the statements tell who stands behind the entry.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.entries import remove_entries, write_entries
from tipline.insight.lists.events import OwnEntryMade
from tipline.insight.lists.members import house
from tipline.insight.lists.models import Entry, EntryFingerprint, HashList, ListPolicy
from tipline.insight.lists.nearness import prints_of_content
from tipline.insight.lists.rules_entries import PDQ, Content, Draft, Media, Print
from tipline.insight.lists.rules_policy import starting
from tipline.insight.matching import services as matching
from tipline.insight.matching.queries import videos_among
from tipline.record.evidence.models import EvidenceFile


@dataclass(frozen=True, slots=True)
class OwnList:
    """One of our own lists: the label that feeds it, its address and its name in words."""

    label: str
    slug: str
    name: str
    words: object
    content: Content


OWN: Final = (
    OwnList(
        "apparent_csam", "own-csam", "Apparent CSAM", _("Apparent CSAM"), Content.APPARENT_CSAM
    ),
    OwnList(
        "exploitative", "own-exploitative", "Exploitative", _("Exploitative"), Content.EXPLOITATIVE
    ),
    OwnList(
        "self_production",
        "own-youth-produced",
        "Youth-produced",
        _("Youth-produced"),
        Content.YOUTH_PRODUCED,
    ),
    OwnList("viral", "own-viral", "Viral", _("Viral"), Content.VIRAL),
    OwnList("harmless", "own-harmless", "Harmless", _("Harmless"), Content.HARMLESS),
)
#: The labels that put content on one of our own lists.
LABELS: Final = frozenset(one.label for one in OWN)
WORDS: Final = {one.slug: one.words for one in OWN}


def make_own_lists(**_signal: object) -> None:
    """Our own lists, each once; called after every migration."""
    for one in OWN:
        _list_for(one)


def _list_for(one: OwnList) -> HashList:
    row = HashList.objects.filter(label=one.label).first()
    if row is not None:
        return row
    with write_tx():
        now = clock.now()
        row, new = HashList.objects.get_or_create(
            slug=one.slug,
            defaults={
                "name": one.name,
                "kind": "own",
                "content": one.content,
                "label": one.label,
                "created_at": now,
            },
        )
        if new:
            rules = starting(own=True, content=one.content)
            ListPolicy.objects.create(hash_list=row, version=1, content=rules.as_json(), at=now)
    return row


def follow(actor: Actor, label: str, sha256: str, *, agreed: bool) -> bool:
    """Put the bytes on the list that this label feeds, or take them off; True when that changed.

    Call it in the transaction that wrote the statement. ``agreed``: enough people stand behind
    the label now.
    """
    one = next((own for own in OWN if own.label == label), None)
    if one is None or on_own_list(label, [sha256]) == ({sha256} if agreed else set()):
        return False
    hash_list, verb = _list_for(one), Verb.LIST_ENTRY_ADDED
    with write_tx():
        if agreed:
            _put_on(hash_list, sha256)
        else:
            verb = Verb.LIST_ENTRY_REMOVED
            remove_entries(hash_list.pk, house().pk, [sha256])
        record(actor, verb, f"list:{hash_list.pk}", detail={"sha256": sha256})
    return True


def _put_on(hash_list: HashList, sha256: str) -> None:
    draft = draft_of(sha256)
    if draft is not None:
        write_entries(hash_list.pk, house().pk, [draft])
        announce(OwnEntryMade(sha256), lane="lists", dedup_key=sha256)


def draft_of(sha256: str) -> Draft | None:
    """The entry of a content that was received here; None when there is none of it."""
    file = EvidenceFile.objects.filter(sha256=sha256, size__gt=0).order_by("pk").first()
    if file is None:
        return None
    digests = (Print("sha256", file.sha256), Print("sha1", file.sha1), Print("md5", file.md5))
    return Draft(
        key=sha256,
        media=Media.VIDEO if _is_video(file) else Media.IMAGE,
        prints=(*digests, *prints_of_content(sha256)),
    )


def _is_video(file: EvidenceFile) -> bool:
    """By its bytes, as far as they were looked at, or by what was said of it."""
    return file.content_type.startswith("video/") or file.sha256 in videos_among([file.sha256])


def give_variants(sha256: str) -> None:
    """Have edits of listed bytes fingerprinted, so that cut copies are found, and list them.

    Of a video its frames are read, where videos can be.
    """
    file = (
        EvidenceFile.objects.select_related("report__key", "report__profile")
        .filter(sha256=sha256, size__gt=0, destroyed_at__isnull=True)
        .order_by("pk")
        .first()
    )
    if file is not None:
        matching.fingerprint_variants(file)
        refresh([sha256])


def refresh(digests: Iterable[str]) -> int:
    """Give entries of these contents the fingerprints that were made since; how many changed."""
    changed = 0
    rows = Entry.objects.filter(
        hash_list__kind="own", key__in=set(digests), removed_at__isnull=True
    )
    for row in rows.order_by("pk"):
        draft = draft_of(row.key)
        if draft is not None and _wants(row, draft):
            changed += write_entries(row.hash_list_id, row.member_id, [draft]).changed
    return changed


def _wants(row: Entry, draft: Draft) -> bool:
    held = set(EntryFingerprint.objects.filter(entry=row, type=PDQ).values_list("value", flat=True))
    return any(one.type == PDQ and one.value not in held for one in draft.prints)


def on_own_list(label: str, digests: Collection[str]) -> set[str]:
    """Those of these SHA-256 digests that are on the list which this label feeds."""
    rows = Entry.objects.filter(
        hash_list__label=label, key__in=set(digests), removed_at__isnull=True
    )
    return set(rows.values_list("key", flat=True))


def listed_under(label: str) -> frozenset[str]:
    """All contents on the list that this label feeds."""
    rows = Entry.objects.filter(hash_list__label=label, removed_at__isnull=True)
    return frozenset(rows.values_list("key", flat=True))


def entries_of(sha256: str) -> Sequence[Entry]:
    """Where these bytes are on our own lists, taken-off ones included."""
    rows = Entry.objects.select_related("hash_list").filter(hash_list__kind="own", key=sha256)
    return list(rows.order_by("pk"))
