"""Lists of the queue that people keep: their own, and those that they share with the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError
from django.db.models import Q

from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.models import SavedView

MOST_VIEWS = 40
"""Of one person: more than anybody finds again."""
MOST_NAME, MOST_QUERY = 60, 500


@dataclass(frozen=True, slots=True)
class KeptView:
    """A view as it was, so that it can be put back: an undo's memory."""

    view_id: int
    name: str
    query: str
    shared: bool
    created_at: str


def views_for(actor: Actor) -> list[SavedView]:
    """One's own, then what others share; each by name."""
    if not actor.may(Permission.QUEUE_WORK):
        return []
    me = actor.person_key
    rows = SavedView.objects.select_related("person").filter(Q(person_id=me) | Q(shared=True))
    return sorted(rows, key=lambda row: (row.person_id != me, row.name.casefold(), row.pk))


def save_view(actor: Actor, name: str, query: str, *, shared: bool) -> SavedView:
    """Keep a list under a name. The same name and list again is the view that is there."""
    actor.require(Permission.QUEUE_WORK)
    plain = _checked(name)
    if len(query) > MOST_QUERY:
        raise Invalid("These filters are too long to be kept.", field="name")
    with write_tx():
        mine = SavedView.objects.filter(person_id=actor.person_key)
        same = mine.filter(name=plain).first()
        if same is not None:
            return _same(same, query, shared=shared)
        if mine.count() >= MOST_VIEWS:
            raise Invalid(f"You keep {MOST_VIEWS} views: delete one first.", field="name")
        return SavedView.objects.create(
            person_id=actor.person_key,
            name=plain,
            query=query,
            shared=shared,
            created_at=clock.now(),
        )


def _same(row: SavedView, query: str, *, shared: bool) -> SavedView:
    if (row.query, row.shared) != (query, shared):
        raise Invalid("You have a view of this name: choose another one.", field="name")
    return row


def _checked(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > MOST_NAME or not plain.isprintable():
        raise Invalid(f"Give it a name of 1 to {MOST_NAME} visible characters.", field="name")
    return plain


def view_of(actor: Actor, view_id: int) -> SavedView:
    """One's own view; what others share is theirs to change, so it is not found here."""
    actor.require(Permission.QUEUE_WORK)
    row = SavedView.objects.filter(pk=view_id, person_id=actor.person_key).first()
    if row is None:
        raise NotVisible("There is no such view of yours.")
    return row


def change_view(actor: Actor, view_id: int, name: str, *, shared: bool) -> KeptView:
    """Rename it, share it or keep it to oneself; what it was before."""
    plain = _checked(name)
    with write_tx():
        row = view_of(actor, view_id)
        before = _kept(row)
        others = SavedView.objects.filter(person_id=row.person_id, name=plain)
        if others.exclude(pk=row.pk).exists():
            raise Invalid("You have a view of this name: choose another one.", field="name")
        row.name, row.shared = plain, shared
        row.save(update_fields=["name", "shared"])
    return before


def delete_view(actor: Actor, view_id: int) -> KeptView:
    """Keep it no longer; what it was, for an undo."""
    with write_tx():
        row = view_of(actor, view_id)
        before = _kept(row)
        row.delete()
    return before


def put_back(actor: Actor, view: KeptView) -> None:
    """Undo a change or a deletion: the view is again what it was."""
    actor.require(Permission.QUEUE_WORK)
    values = {"name": view.name, "query": view.query, "shared": view.shared}
    try:
        with write_tx():
            mine = SavedView.objects.filter(person_id=actor.person_key)
            if mine.filter(pk=view.view_id).update(**values):
                return
            if mine.filter(**values).exists():
                return
            created = datetime.fromisoformat(view.created_at)
            SavedView.objects.create(person_id=actor.person_key, created_at=created, **values)
    except IntegrityError as error:
        raise Conflict("You have another view of this name now.") from error


def _kept(row: SavedView) -> KeptView:
    return KeptView(row.pk, row.name, row.query, row.shared, row.created_at.isoformat())
