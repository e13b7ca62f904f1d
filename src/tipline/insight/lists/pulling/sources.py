"""Where a foreign list is pulled from: set up, changed, switched off; the secret sealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import sealing
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.keys import destroy_data_key, new_data_key, open_data_key
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.models import HashList, Source
from tipline.insight.lists.pulling.address import read_root
from tipline.insight.lists.pulling.http import Patience, Wire

LONGEST_NAME = 150
LONGEST_SECRET = 500
LEAST_MINUTES, MOST_MINUTES = 1, 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Login:
    """Where to pull from, as whom, how often."""

    root: str
    username: str
    secret: str = field(repr=False)
    plain_http: bool = False
    every_minutes: int = 60


def set_source(actor: Actor, hash_list: HashList, login: Login) -> Source:
    """Pull this list from there from now on. Another address begins anew with the first row."""
    actor.require(Permission.MEMBERS_MANAGE)
    if hash_list.kind != "foreign":
        raise Invalid("Only a list of others is pulled from somewhere.", field="list")
    root = read_root(login.root, plain_http=login.plain_http).text
    _check(login)
    with write_tx():
        before = Source.objects.filter(hash_list=hash_list).first()
        key, plain = new_data_key()
        row = Source(
            hash_list=hash_list,
            root=root,
            username=login.username,
            secret=sealing.seal(login.secret.encode(), plain),
            key=key,
            plain_http=login.plain_http,
            every_minutes=login.every_minutes,
        )
        if before is not None and before.root == root:
            for name in ("us", "pulled_to", "tried_at", "good_at", "told"):
                setattr(row, name, getattr(before, name))
        row.save()
        if before is not None and before.key_id is not None:
            destroy_data_key(before.key_id)  # the secret before is gone
        record(actor, Verb.LIST_SOURCE_CHANGED, f"list:{hash_list.pk}", detail={"active": True})
    return row


def _check(login: Login) -> None:
    name, secret = login.username, login.secret
    if not 0 < len(name) <= LONGEST_NAME or ":" in name or not name.isprintable():
        raise Invalid("Give the user name that they gave you, without a colon.", field="username")
    if not 0 < len(secret) <= LONGEST_SECRET or not secret.isprintable():
        raise Invalid("Give the password that they gave you.", field="password")
    if not LEAST_MINUTES <= login.every_minutes <= MOST_MINUTES:
        raise Invalid(
            f"Give a number of minutes from {LEAST_MINUTES} to {MOST_MINUTES}.",
            field="every_minutes",
        )


def switch_source(actor: Actor, row: Source, *, active: bool) -> None:
    """Stop pulling, or go on where it stopped."""
    actor.require(Permission.MEMBERS_MANAGE)
    with write_tx():
        if Source.objects.filter(pk=row.pk, active=not active).update(active=active):
            detail = {"active": active}
            record(actor, Verb.LIST_SOURCE_CHANGED, f"list:{row.pk}", detail=detail)


Opener = Callable[[Source], Wire]


def wire_of(row: Source, patience: Patience | None = None) -> Wire:
    """A connection to a source, not opened yet. Its address is checked anew."""
    assert row.key is not None
    secret = sealing.unseal(bytes(row.secret), open_data_key(row.key)).decode()
    root = read_root(row.root, plain_http=row.plain_http)
    return Wire(root, row.username, secret, patience or Patience())
