"""Reads of lists and entries, for a named actor."""

from __future__ import annotations

from django.db.models import Count, OuterRef, QuerySet, Subquery

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.insight.lists.models import (
    Entry,
    EntryFingerprint,
    HashList,
    ListMatch,
    ListPolicy,
    MatchVerdict,
)
from tipline.insight.lists.policies import in_force
from tipline.insight.lists.rules_entries import TYPES, can_be_stored
from tipline.insight.lists.rules_match import Layer
from tipline.insight.lists.rules_policy import ListRules, Trust

_LONGEST_VALUE = 255


def lists_for(actor: Actor) -> QuerySet[HashList]:
    """Every list, our own first."""
    actor.require(Permission.LISTS_READ)
    return HashList.objects.order_by("-kind", "name", "pk")


def list_for(actor: Actor, slug: str) -> HashList:
    row = lists_for(actor).filter(slug=slug).first()
    if row is None:
        raise NotVisible("There is no such list.")
    return row


def entry_for(actor: Actor, slug: str, entry_id: int) -> Entry:
    """An entry, also one that was removed."""
    hash_list = list_for(actor, slug)
    rows = Entry.objects.select_related("hash_list", "member", "series")
    row = rows.filter(hash_list=hash_list, pk=entry_id).first()
    if row is None:
        raise NotVisible("There is no such entry.")
    return row


def entries_page(hash_list: HashList, before: int, most: int) -> list[Entry]:
    """Entries with a position below ``before`` (0: from the newest change on), newest first."""
    rows = Entry.objects.select_related("hash_list", "member", "series")
    rows = rows.filter(hash_list=hash_list)
    if before:
        rows = rows.filter(position__lt=before)
    return list(rows.order_by("-position")[:most])


def entries_with(actor: Actor, text: str, most: int = 50) -> list[Entry]:
    """Entries of any list that have this fingerprint or key, whoever owns them."""
    actor.require(Permission.LISTS_READ)
    written = text.strip()
    wanted = {written, written.lower()} - {""}
    if not wanted or len(written) > _LONGEST_VALUE or not can_be_stored(written):
        return []
    having = EntryFingerprint.objects.filter(type__in=list(TYPES), value__in=wanted)
    keys = set(having.values_list("entry_id", flat=True)[: most * 10])
    rows = Entry.objects.select_related("hash_list", "member", "series")
    return list(rows.filter(pk__in=keys).order_by("-position", "-pk")[:most])


def files_on_lists() -> list[tuple[HashList, str, int]]:
    """(list, layer, how many files) for all matches that hold, our own lists first."""
    rows = ListMatch.objects.filter(withdrawn_at__isnull=True).order_by()
    counted = rows.values_list("entry__hash_list", "layer").annotate(n=Count("file", distinct=True))
    found = {(key, layer): n for key, layer, n in counted}
    lists = HashList.objects.order_by("-kind", "name", "pk")
    return [
        (row, layer, found[row.pk, layer])
        for row in lists
        for layer in Layer
        if (row.pk, layer) in found
    ]


def files_known_by_lists() -> int:
    """Files whose very bytes are on a list that is trusted to know them."""
    return _known_by_bytes().values("file").distinct().count()


def looks_saved() -> int:
    """Files that nobody had to look at, because their bytes were on a trusted list.

    Of the files of a content that is on a list of our own one was looked at to put it there.
    """
    rows = _known_by_bytes()
    own = rows.filter(entry__hash_list__kind="own")
    looked_at = own.values("file__sha256").distinct().count()
    return rows.values("file").distinct().count() - looked_at


def _known_by_bytes() -> QuerySet[ListMatch]:
    trusted = [key for key, one in in_force().items() if one.rules.trust is Trust.KNOWN]
    rows = ListMatch.objects.filter(
        withdrawn_at__isnull=True, layer=Layer.DIGEST, entry__hash_list__in=trusted
    )
    latest = MatchVerdict.objects.filter(match=OuterRef("pk")).order_by("-pk").values("right")[:1]
    denied = rows.annotate(right=Subquery(latest)).filter(right=False).values("pk")
    return rows.exclude(pk__in=denied).order_by()


def policy_versions(hash_list: HashList) -> list[tuple[ListPolicy, ListRules]]:
    """Every policy of a list, the newest first. The caller has checked its actor."""
    rows = ListPolicy.objects.select_related("by").filter(hash_list=hash_list)
    return [(row, ListRules.from_json(row.content)) for row in rows.order_by("-version")]
