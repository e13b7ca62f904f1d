"""How each pull stands: for the desks, and for `tipline exchange status`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.insight.lists.models import HashList, Source, Vote

#: What went wrong, in words; codes are stored.
WORDS = {
    "unreachable": gettext_lazy("The server cannot be reached."),
    "timed_out": gettext_lazy("The server did not answer in time."),
    "cut_off": gettext_lazy("The line was cut in the middle of an answer."),
    "certificate": gettext_lazy("The certificate of the server is not valid."),
    "busy": gettext_lazy("The server is busy."),
    "their_fault": gettext_lazy("The server has a fault."),
    "not_signed_in": gettext_lazy("The user name or the password is not taken."),
    "not_allowed": gettext_lazy("This account may not do that there."),
    "not_there": gettext_lazy("The address leads to nothing."),
    "refused": gettext_lazy("The server refused the request."),
    "redirected": gettext_lazy("The server points to another address; it is not followed."),
    "too_large": gettext_lazy("The answer is larger than any page may be."),
    "encoding": gettext_lazy("The answer is packed in a way that is not understood."),
    "not_xml": gettext_lazy("The answer cannot be read as XML."),
    "not_a_page": gettext_lazy("The answer is no page of a list."),
    "link": gettext_lazy("The link to the next page leads elsewhere."),
    "endless": gettext_lazy("The pages have no end."),
    "conflict": gettext_lazy("Somebody else was pulling at the same time."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """One source. ``code``: of the last error, empty when it went well; ``where``: what of.

    ``held_to``: all that changed up to then is here; ``due``: when the next pull begins.
    ``told``: what the last window, or the one under way, brought; see :class:`writing.Kept`.
    """

    slug: str
    name: str
    root: str
    username: str
    active: bool
    every_minutes: int
    held_to: datetime | None
    tried_at: datetime | None
    good_at: datetime | None
    due: datetime | None
    under_way: bool
    code: str
    where: str
    told: Mapping[str, Any]
    votes_waiting: int

    @property
    def words(self) -> str:
        if self.code:
            return str(WORDS.get(self.code, self.code))
        return _("Never pulled yet.") if self.good_at is None else _("All is well.")


def standings_for(actor: Actor) -> list[Standing]:
    """Every source, by the name of its list."""
    _may_see(actor)
    rows = Source.objects.select_related("hash_list").order_by("hash_list__name", "pk")
    waiting = _waiting()
    return [_standing(row, waiting.get(row.pk, 0)) for row in rows]


def standing_of(actor: Actor, hash_list: HashList) -> Standing | None:
    """None for a list that is not pulled."""
    _may_see(actor)
    row = Source.objects.select_related("hash_list").filter(hash_list=hash_list).first()
    return _standing(row, _waiting().get(row.pk, 0)) if row is not None else None


def source_for(actor: Actor, slug: str) -> Source:
    """The source of a list, to be changed."""
    actor.require(Permission.MEMBERS_MANAGE)
    row = Source.objects.select_related("hash_list").filter(hash_list__slug=slug).first()
    if row is None:
        raise NotVisible("This list is not pulled from anywhere.")
    return row


def foreign_lists_for(actor: Actor) -> list[HashList]:
    """Lists of others, which may have a source."""
    actor.require(Permission.MEMBERS_MANAGE)
    return list(HashList.objects.filter(kind="foreign").order_by("name", "pk"))


def foreign_list_for(actor: Actor, slug: str) -> HashList:
    row = next((one for one in foreign_lists_for(actor) if one.slug == slug), None)
    if row is None:
        raise NotVisible(f"There is no list of others called {slug}.")
    return row


def _may_see(actor: Actor) -> None:
    if not actor.may(Permission.MEMBERS_MANAGE):
        actor.require(Permission.LISTS_READ)


def _waiting() -> dict[int, int]:
    """Votes that were not sent yet, by list."""
    rows = Vote.objects.filter(sent_at__isnull=True).values_list("entry__hash_list_id")
    return dict(rows.annotate(n=Count("pk")).order_by())


def _standing(row: Source, waiting: int) -> Standing:
    code, _blank, where = row.last_error.partition(" ")
    due = None
    if row.active and row.tried_at is not None:
        due = row.tried_at + timedelta(minutes=row.every_minutes)
    return Standing(
        slug=row.hash_list.slug,
        name=row.hash_list.name,
        root=row.root,
        username=row.username,
        active=row.active,
        every_minutes=row.every_minutes,
        held_to=row.pulled_to,
        tried_at=row.tried_at,
        good_at=row.good_at,
        due=due,
        under_way=row.window_to is not None,
        code=code,
        where=where,
        told=row.told,
        votes_waiting=waiting,
    )
