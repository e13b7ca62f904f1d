"""Preparing, rotating and retiring master keys. Changes the key file, then the database."""

from __future__ import annotations

from django.db import IntegrityError
from django.db.models import ProtectedError

from tipline.ground.audit.queries import entries_for
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.custody import rewrapping
from tipline.ground.custody.queries import live_under, live_unnamed
from tipline.ground.foundation import clock, keys, rules_keyring, sealing
from tipline.ground.foundation.actor import SYSTEM, Actor, Permission
from tipline.ground.foundation.errors import Conflict, NotVisible
from tipline.ground.foundation.models import MasterKey, RetiredKey
from tipline.ground.foundation.rules_keyring import Ring
from tipline.ground.foundation.transactions import write_tx


def prepare(actor: Actor) -> str:
    """Put a key into the file that seals nothing yet; its name. One that waits stays.

    For several machines with a file each: copy the file to all of them before it seals.
    """
    actor.require(Permission.KEYS_MANAGE)
    fresh = sealing.new_key()
    before, after = keys.master_file().change(lambda ring: rules_keyring.prepared(ring, fresh))
    assert after.next is not None
    if before != after:
        with write_tx():
            record(actor, Verb.MASTER_KEY_PREPARED, _subject(after.next.ident))
    return after.next.ident


def rotate(actor: Actor) -> Ring:
    """Take the prepared key into use, or a new one, and ask for all data keys to be wrapped anew.

    Killed after the file was changed, the rest is made up for by :func:`catch_up`.
    """
    actor.require(Permission.KEYS_MANAGE)
    fresh = sealing.new_key()
    _before, after = keys.master_file().change(lambda ring: rules_keyring.rotated(ring, fresh))
    catch_up(actor)
    return after


def catch_up(actor: Actor = SYSTEM) -> bool:
    """Bring the database up to what the key file says, whoever changed it; True when it asked.

    Idempotent: it is called every hour, too.
    """
    ring = keys.ring()
    with write_tx():
        keys.note_use(ring.current)
        if ring.older and not _is_known(ring.current.ident):
            detail = {"after": ring.older[0].ident}
            record(actor, Verb.MASTER_KEY_ROTATED, _subject(ring.current.ident), detail=detail)
        return rewrapping.ask_if_due(ring)


def _is_known(ident: str) -> bool:
    return any(
        entry["verb"] == Verb.MASTER_KEY_ROTATED for entry in entries_for(SYSTEM, _subject(ident))
    )


def _subject(ident: str) -> str:
    return f"master-key:{ident}"


def retire(actor: Actor, ident: str) -> None:
    """Let go of a key that nothing needs: out of the database's names, then out of the file.

    Raises Conflict while it seals or is needed, NotVisible when there is none. The database
    refuses, too: a data key whose transaction is still under way fails there, or this does.
    """
    actor.require(Permission.KEYS_MANAGE)
    ring = keys.ring()
    if ring.current.ident == ident:
        raise Conflict("This key is in use. Take another into use first: keys rotate.")
    named = MasterKey.objects.filter(pk=ident).exists()
    if not named and ring.find(ident) is None:
        raise NotVisible(f"There is no master key {ident} here.")
    if needed := live_under(ident) + live_unnamed():
        raise Conflict(f"{needed} data keys still need this key: see keys status.")
    try:
        with write_tx():
            _forget(actor, ident)
    except (IntegrityError, ProtectedError) as error:
        raise Conflict("A data key still needs this key: see keys status.") from error
    keys.master_file().change(lambda now: rules_keyring.without(now, ident))


def _forget(actor: Actor, ident: str) -> None:
    MasterKey.objects.filter(pk=ident).delete()
    retired = RetiredKey(ident=ident, retired_at=clock.now())
    if not RetiredKey.objects.filter(pk=ident).exists():
        RetiredKey.objects.bulk_create([retired], ignore_conflicts=True)
        record(actor, Verb.MASTER_KEY_RETIRED, _subject(ident))
