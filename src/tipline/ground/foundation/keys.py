"""Data keys: made, opened, destroyed. Plain keys live in memory only."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tipline.ground.foundation import clock, sealing
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.models import DataKey
from tipline.ground.foundation.store import ObjectStore, open_store

_PURPOSE = "data-key"


@lru_cache(maxsize=4)
def _master(path: Path) -> bytes:
    return sealing.read_or_make_key_file(path)


def master_key() -> bytes:
    return _master(Path(settings.TIPLINE_KEY_FILE))


def new_data_key() -> tuple[DataKey, bytes]:
    """A stored data key and its plain bytes. Call inside the transaction that uses it."""
    plain = sealing.new_key()
    row = DataKey.objects.create(
        wrapped=sealing.wrap(plain, master_key(), _PURPOSE), created_at=clock.now()
    )
    return row, plain


def open_data_key(row: DataKey) -> bytes:
    """The plain key; :class:`NotVisible` when it has been destroyed."""
    if row.wrapped is None:
        raise NotVisible("What was sealed under this key has been destroyed.")
    return sealing.unwrap(bytes(row.wrapped), master_key(), _PURPOSE)


def key_or_new(row: DataKey | None) -> bytes:
    """The plain key; where there is none, or none any more, a new one under which nothing fits."""
    return sealing.new_key() if row is None or row.wrapped is None else open_data_key(row)


def check_master_key() -> None:
    """Raise :class:`sealing.Tampered` when the master key is not the one in use here."""
    newest = DataKey.objects.filter(wrapped__isnull=False).order_by("-pk").first()
    if newest is not None:
        open_data_key(newest)


def destroy_data_key(key_id: int) -> bool:
    """Destroy the key; what it sealed is gone. True when this call did it."""
    return bool(
        DataKey.objects.filter(pk=key_id, destroyed_at__isnull=True).update(
            wrapped=None, destroyed_at=clock.now()
        )
    )


@lru_cache(maxsize=4)
def _store(address: str) -> ObjectStore:
    return open_store(address)


def store() -> ObjectStore:
    """The object store of this deployment."""
    return _store(settings.TIPLINE_STORE)
