"""Reads of lists and entries, for a named actor."""

from __future__ import annotations

from django.db.models import QuerySet

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.insight.lists.models import Entry, HashList


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
