"""Members of our exchange as those see them who manage them: accounts, grants, last service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tipline.ground.audit.queries import newest_of
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.insight.lists.members import members_for
from tipline.insight.lists.models import HashList, ListAccess, Member, MemberCredential


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    username: str
    active: bool


@dataclass(frozen=True, slots=True)
class Grant:
    """``votes``: the member may vote there. ``served_at``: when a page with rows went out last."""

    slug: str
    name: str
    votes: bool
    served_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sharer:
    """A member of our exchange with its accounts and grants."""

    id: int
    name: str
    active: bool
    accounts: tuple[Account, ...]
    grants: tuple[Grant, ...]


def sharers_for(actor: Actor) -> list[Sharer]:
    """Every member that has an account or a grant, by name; for those who manage them."""
    rows = list(members_for(actor))
    accounts = _grouped(MemberCredential.objects.order_by("username"))
    grants = _grouped(ListAccess.objects.select_related("hash_list").order_by("hash_list__name"))
    served = _served({grant.hash_list_id for group in grants.values() for grant in group})
    return [
        Sharer(
            row.pk,
            row.name,
            row.active,
            tuple(Account(a.pk, a.username, a.active) for a in accounts.get(row.pk, ())),
            tuple(_grant(one, served) for one in grants.get(row.pk, ())),
        )
        for row in rows
        if row.pk in accounts or row.pk in grants or row.organisation_id is None
    ]


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.member_id, []).append(row)
    return found


def _grant(row: ListAccess, served: Mapping[tuple[int, int], datetime]) -> Grant:
    at = served.get((row.hash_list_id, row.member_id))
    return Grant(row.hash_list.slug, row.hash_list.name, row.may_vote, at)


_LOOKED_BACK = 500


def _served(list_ids: Iterable[int]) -> dict[tuple[int, int], datetime]:
    """When each member was last served from each list, as far as the ledger's newest tell."""
    found: dict[tuple[int, int], datetime] = {}
    for key in list_ids:
        for at, member in newest_of(f"list:{key}", Verb.LIST_SERVED, _LOOKED_BACK):
            found.setdefault((key, int(member.get("member", 0))), at)
    return found


def member_called(actor: Actor, name: str) -> Member:
    """The member of this exact name."""
    row = members_for(actor).filter(name=" ".join(name.split())).first()
    if row is None:
        raise NotVisible(f"There is no member called {name}.")
    return row


def member_for(actor: Actor, member_id: int) -> Member:
    row = members_for(actor).filter(pk=member_id).first()
    if row is None:
        raise NotVisible("There is no such member.")
    return row


def account_for(actor: Actor, credential_id: int) -> MemberCredential:
    """A member's machine account, without a way back to its secret."""
    actor.require(Permission.MEMBERS_MANAGE)
    row = MemberCredential.objects.select_related("member").filter(pk=credential_id).first()
    if row is None:
        raise NotVisible("There is no such account.")
    return row


def account_called(actor: Actor, username: str) -> MemberCredential:
    actor.require(Permission.MEMBERS_MANAGE)
    row = MemberCredential.objects.select_related("member").filter(username=username).first()
    if row is None:
        raise NotVisible(f"There is no account {username}.")
    return row


def own_lists_for(actor: Actor) -> list[HashList]:
    """Lists that may be shared: ours."""
    actor.require(Permission.MEMBERS_MANAGE)
    return list(HashList.objects.filter(kind="own").order_by("name", "pk"))


def own_list_for(actor: Actor, slug: str) -> HashList:
    row = next((one for one in own_lists_for(actor) if one.slug == slug), None)
    if row is None:
        raise NotVisible(f"There is no list of ours called {slug}.")
    return row


def may_vote_on(member: Member, hash_list: HashList) -> bool | None:
    """Whether the member may vote there; None when it may not even read the list."""
    row = ListAccess.objects.filter(member=member, hash_list=hash_list).first()
    return None if row is None else row.may_vote
