"""Members of the hash exchange: their accounts and what each may do with which list.

A member is a row of its own and no organisation of the house: whoever exchanges hashes files no
report and signs nobody in here, and an account that files reports must not read lists. Secrets
are made and kept like those of ESPs.
"""

from __future__ import annotations

from django.db import IntegrityError
from django.db.models import QuerySet

from tipline.ground.accounts.machine_secrets import (
    LONGEST_USERNAME,
    check_login,
    make_secret,
    secret_matches,
)
from tipline.ground.accounts.models import Organisation
from tipline.ground.accounts.services import Issued
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, ActorKind, OrganisationKind, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.models import HashList, ListAccess, Member, MemberCredential

_MEMBER = frozenset({Permission.HASHES_EXCHANGE})
_LONGEST_NAME = 200


def add_member(actor: Actor, name: str, organisation: Organisation | None = None) -> Member:
    """Somebody with whom hashes are shared; ``organisation``: the one of ours that it is."""
    actor.require(Permission.MEMBERS_MANAGE)
    name = " ".join(name.split())
    if not 1 < len(name) <= _LONGEST_NAME:
        raise Invalid(f"Give the member a name of 2 to {_LONGEST_NAME} characters.", field="name")
    if Member.objects.filter(name=name, known_from__isnull=True).exists():
        raise Conflict(f"There is a member called {name} already.", field="name")
    with write_tx():
        row = Member.objects.create(name=name, organisation=organisation, created_at=clock.now())
        record(actor, Verb.MEMBER_ADDED, f"member:{row.pk}")
    return row


def house() -> Member:
    """The clearinghouse as a member: it owns the entries of our own lists and votes on others'."""
    kind = OrganisationKind.CLEARINGHOUSE
    own = Organisation.objects.filter(kind=kind).order_by("pk").first()
    if own is None:
        raise NotVisible("There is no clearinghouse yet: add its organisation first.")
    row, _new = Member.objects.get_or_create(
        organisation=own, defaults={"name": own.name, "created_at": clock.now()}
    )
    return row


def member_met(hash_list: HashList, remote_id: int, name: str) -> Member:
    """A member of the exchange from which a foreign list comes, under its number there."""
    row, new = Member.objects.get_or_create(
        known_from=hash_list,
        remote_id=remote_id,
        defaults={"name": name[:_LONGEST_NAME], "created_at": clock.now()},
    )
    if not new and row.name != name[:_LONGEST_NAME]:
        row.name = name[:_LONGEST_NAME]
        row.save(update_fields=["name"])
    return row


def grant(
    actor: Actor,
    member: Member,
    hash_list: HashList,
    *,
    may_vote: bool = False,
    may_submit: bool = False,
) -> None:
    """Let a member read a list, and vote on or add entries where that is said."""
    actor.require(Permission.MEMBERS_MANAGE)
    if hash_list.kind != "own":
        raise Invalid("A list that comes from others is theirs to share.", field="hash_list")
    with write_tx():
        ListAccess.objects.update_or_create(
            member=member,
            hash_list=hash_list,
            defaults={"may_vote": may_vote, "may_submit": may_submit, "at": clock.now()},
        )
        _record_access(actor, member, hash_list, vote=may_vote, submit=may_submit)


def withdraw_access(actor: Actor, member: Member, hash_list: HashList) -> None:
    """The list is not there any more for this member."""
    actor.require(Permission.MEMBERS_MANAGE)
    with write_tx():
        if ListAccess.objects.filter(member=member, hash_list=hash_list).delete()[0]:
            _record_access(actor, member, hash_list, read=False)


def _record_access(actor: Actor, member: Member, hash_list: HashList, **what: bool) -> None:
    detail = {"list": hash_list.slug, **what}
    record(actor, Verb.MEMBER_ACCESS_CHANGED, f"member:{member.pk}", detail=detail)


def issue_member_credential(
    actor: Actor, member: Member, username: str, secret: str = ""
) -> Issued:
    """A machine account of a member: the only moment at which its secret is known."""
    actor.require(Permission.MEMBERS_MANAGE)
    if member.known_from_id is not None:
        raise Invalid("A member of somebody else's exchange has no account here.", field="member")
    check_login(username, secret)
    try:
        with write_tx():
            made = make_secret(secret)
            row = MemberCredential.objects.create(
                member=member,
                username=username,
                secret_mac=made.mac,
                key=made.key,
                created_at=clock.now(),
            )
            detail = {"credential": row.pk}
            record(actor, Verb.MEMBER_CREDENTIAL_ISSUED, f"member:{member.pk}", detail=detail)
    except IntegrityError as error:
        raise Conflict("That user name is taken.", field="username") from error
    return Issued(username, made.secret)


def switch_member_credential(actor: Actor, row: MemberCredential, *, active: bool) -> None:
    """Revoke an account, or take that back: from the next request on."""
    actor.require(Permission.MEMBERS_MANAGE)
    with write_tx():
        rows = MemberCredential.objects.filter(pk=row.pk, active=not active)
        if rows.update(active=active):
            detail = {"credential": row.pk, "active": active}
            record(actor, Verb.MEMBER_CREDENTIAL_SWITCHED, f"member:{row.member_id}", detail=detail)


def member_actor(username: str, secret: str) -> Actor | None:
    """The member behind a user name and a secret, or None; alike in time for whatever is wrong."""
    row = (
        MemberCredential.objects.select_related("member", "key")
        .filter(username=username[:LONGEST_USERNAME], active=True, member__active=True)
        .first()
    )
    if row is None:
        secret_matches(None, None, secret)
        return None
    if not secret_matches(row.secret_mac, row.key, secret):
        return None
    return Actor(
        kind=ActorKind.MEMBER,
        permissions=_MEMBER,
        credential_id=row.pk,
        organisation_id=row.member.organisation_id,
        name=row.username,
        member_id=row.member_id,
    )


def members_for(actor: Actor) -> QuerySet[Member]:
    """Members of our own exchange, by name."""
    actor.require(Permission.MEMBERS_MANAGE)
    return Member.objects.filter(known_from__isnull=True).order_by("name", "pk")
