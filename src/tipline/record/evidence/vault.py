"""The vault: bytes go in sealed and digested in one pass, and come out to those who may.

Each file has a key of its own, wrapped under the key of its report when its row is written:
so a file can start streaming before the sender has said which report it belongs to, and
destroying the report's key destroys its files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import structlog

from tipline.ground.foundation import sealing
from tipline.ground.foundation.errors import NotVisible, Unavailable
from tipline.ground.foundation.keys import open_data_key, store
from tipline.record.evidence.models import EvidenceFile

log = structlog.get_logger(__name__)
PREFIX = "files"


@dataclass(frozen=True, slots=True)
class Deposited:
    """Bytes that are safe in the vault; no row knows them yet. Sizes in bytes, digests hex."""

    object_name: str
    key: bytes
    size: int
    md5: str
    sha1: str
    sha256: str


def deposit(pieces: Iterable[bytes]) -> Deposited:
    """Stream bytes into the vault in constant memory; plaintext never touches the disk.

    Whatever goes wrong on the way leaves no object behind.
    """
    key = sealing.new_key()
    sealer = sealing.Sealer(key)
    digests = [
        hashlib.md5(usedforsecurity=False),
        hashlib.sha1(usedforsecurity=False),
        hashlib.sha256(),
    ]
    size = 0
    writer = store().writer(PREFIX)
    try:
        for piece in pieces:
            for digest in digests:
                digest.update(piece)
            size += len(piece)
            if sealed := sealer.update(piece):
                writer.write(sealed)
        writer.write(sealer.finish())
        writer.commit()
    except BaseException:
        writer.abandon()
        raise
    md5, sha1, sha256 = (digest.hexdigest() for digest in digests)
    return Deposited(writer.name, key, size, md5, sha1, sha256)


def discard(deposited: Deposited) -> None:
    """Remove bytes that no row will ever name; what cannot be removed now, the check sweeps."""
    try:
        store().delete(deposited.object_name)
    except (OSError, Unavailable) as error:
        log.warning("bytes not removed", error=type(error).__name__)


def wrap_key(deposited: Deposited, report_key: bytes) -> bytes:
    return sealing.wrap(deposited.key, report_key, deposited.object_name)


def read(file: EvidenceFile) -> Iterator[bytes]:
    """The plain bytes, piece by piece. Only for callers that have asked the gate."""
    if file.destroyed_at is not None:
        raise NotVisible("The bytes of this file have been destroyed.")
    report_key = open_data_key(file.report.key)
    key = sealing.unwrap(bytes(file.wrapped_key), report_key, file.object_name)
    return sealing.unseal_stream(store().read(file.object_name), key)
