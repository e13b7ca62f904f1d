"""Data keys: made, opened, wrapped anew, destroyed. Plain keys live in memory only.

Each data key is wrapped by a master key and says by which (decision 21). A process wraps with
the key that its file names first at that moment; it opens with whichever the row names.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tipline.ground.foundation import clock, sealing
from tipline.ground.foundation.errors import NotVisible, Unavailable
from tipline.ground.foundation.keyring import KeyFile, key_file
from tipline.ground.foundation.models import DataKey, MasterKey, RetiredKey
from tipline.ground.foundation.rules_keyring import Master, Ring
from tipline.ground.foundation.store import ObjectStore, open_store

_PURPOSE = "data-key"


class MasterKeyMissing(Unavailable):
    """What was asked for lies under a master key that the key file of this machine lacks."""


def master_file() -> KeyFile:
    return key_file(Path(settings.TIPLINE_KEY_FILE))


def ring() -> Ring:
    """The master keys, as the file has them now."""
    return master_file().ring()


def new_data_key(plain: bytes | None = None) -> tuple[DataKey, bytes]:
    """A stored data key and its plain bytes. Call inside the transaction that uses it.

    ``plain``: a key that is there already and is to be kept like any other.
    """
    plain = plain or sealing.new_key()
    current = ring().current
    note_use(current)
    row = DataKey.objects.create(
        wrapped=wrap_data_key(plain, current), master_id=current.ident, created_at=clock.now()
    )
    return row, plain


def note_use(master: Master) -> None:
    """Make the name of a master key known before anything is wrapped by it.

    Data keys refer to it, so the database itself refuses to let go of a master key that one of
    them needs, also one whose transaction has not ended yet.
    """
    if MasterKey.objects.filter(pk=master.ident).exists():
        return
    if RetiredKey.objects.filter(pk=master.ident).exists():
        raise MasterKeyMissing(
            f"The master key {master.ident} was retired: copy the present key file here."
        )
    known = MasterKey(ident=master.ident, first_used_at=clock.now())
    MasterKey.objects.bulk_create([known], ignore_conflicts=True)


def wrap_data_key(plain: bytes, master: Master) -> bytes:
    return sealing.wrap(plain, master.secret, _PURPOSE)


def open_data_key(row: DataKey) -> bytes:
    """The plain key; :class:`NotVisible` when it has been destroyed."""
    if row.wrapped is None:
        raise NotVisible("What was sealed under this key has been destroyed.")
    # Migrations of other rooms come with rows of before a data key said who wraps it.
    return open_wrapped(bytes(row.wrapped), getattr(row, "master_id", None))


def open_wrapped(wrapped: bytes, ident: str | None) -> bytes:
    """The plain key. ``ident``: the master key that wraps it; None where that was never said.

    Raises MasterKeyMissing without that master key, sealing.Tampered when nothing opens it.
    """
    if ident is not None:
        master = ring().find(ident)
        if master is None:
            raise MasterKeyMissing(
                f"This is sealed under the master key {ident}, which the key file does not hold."
            )
        return sealing.unwrap(wrapped, master.secret, _PURPOSE)
    *others, last = ring().masters
    for master in others:
        try:
            return sealing.unwrap(wrapped, master.secret, _PURPOSE)
        except sealing.Tampered:
            continue
    return sealing.unwrap(wrapped, last.secret, _PURPOSE)


def key_or_new(row: DataKey | None) -> bytes:
    """The plain key; where there is none, or none any more, a new one under which nothing fits."""
    return sealing.new_key() if row is None or row.wrapped is None else open_data_key(row)


def check_master_key() -> None:
    """Raise when the key file does not fit the database: Tampered, or MasterKeyMissing."""
    live = DataKey.objects.filter(wrapped__isnull=False)
    for ident in [*MasterKey.objects.values_list("pk", flat=True), None]:
        newest = live.filter(master=ident).order_by("-pk").first()
        if newest is not None:
            open_data_key(newest)
    current = ring().current.ident
    if RetiredKey.objects.filter(pk=current).exists():
        raise MasterKeyMissing(f"The master key {current} was retired.")


def destroy_data_key(key_id: int) -> bool:
    """Destroy the key; what it sealed is gone. True when this call did it."""
    return bool(
        DataKey.objects.filter(pk=key_id, destroyed_at__isnull=True).update(
            wrapped=None, master=None, destroyed_at=clock.now()
        )
    )


@lru_cache(maxsize=4)
def _store(address: str) -> ObjectStore:
    return open_store(address)


def store() -> ObjectStore:
    """The object store of this deployment."""
    return _store(settings.TIPLINE_STORE)
