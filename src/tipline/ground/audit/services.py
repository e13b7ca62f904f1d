"""Recording, sealing and signing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db.models import Exists, OuterRef

from tipline.ground.audit import rules
from tipline.ground.audit.models import Checkpoint, LedgerEntry, Seal, SealHead
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock, sealing
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.transactions import write_tx

SEAL_BATCH = 2_000
CHECKPOINT_EVERY = 1_000
#: An entry may commit after younger ones: the sealer looks so far behind the youngest sealed one.
LATE = 5_000


def record(
    actor: Actor,
    verb: Verb,
    subject: str,
    *,
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry in the caller's transaction. ``subject`` is ``noun:id``."""
    LedgerEntry.objects.create(
        at=clock.now(),
        actor=actor.reference,
        organisation=actor.organisation_id,
        verb=verb.value,
        subject=subject,
        purpose=purpose[:300],
        detail=dict(detail or {}),
    )


def fields_of(entry: LedgerEntry) -> dict[str, Any]:
    """The columns that the chain covers."""
    return {
        "id": entry.pk,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "organisation": entry.organisation,
        "verb": entry.verb,
        "subject": entry.subject,
        "purpose": entry.purpose,
        "detail": entry.detail,
    }


def seal(*, late: int | None = LATE) -> int:
    """Chain what is not chained yet; how many. Two sealers at once: one does nothing.

    ``late``: how many entries behind the youngest sealed one are looked at again; None for
    all of them, which takes as long as the ledger.
    """
    head = SealHead.objects.order_by("pk").first()
    waiting = _unsealed(late)
    if not waiting:
        return 0
    sequence = head.sequence if head else 0
    previous = head.digest if head else rules.GENESIS
    seals = []
    for entry in waiting:
        sequence += 1
        previous = rules.digest(previous, sequence, fields_of(entry))
        seals.append(Seal(sequence=sequence, entry=entry, digest=previous))
    with write_tx():
        if not _move_head(head, sequence, previous):
            return 0
        Seal.objects.bulk_create(seals)
        _checkpoint_if_due(sequence, previous)
        kill_point("seal.before_commit")
    return len(seals)


def _unsealed(late: int | None) -> list[LedgerEntry]:
    rows = LedgerEntry.objects.filter(~Exists(Seal.objects.filter(entry=OuterRef("pk"))))
    if late is not None:
        youngest = Seal.objects.order_by("-entry_id").values_list("entry_id", flat=True).first()
        rows = rows.filter(pk__gt=(youngest or 0) - late)
    return list(rows.order_by("pk")[:SEAL_BATCH])


def seal_whole() -> int:
    """Chain whatever is not, however late it came."""
    return seal(late=None)


def _move_head(head: SealHead | None, sequence: int, digest: str) -> bool:
    if head is None:
        _row, made = SealHead.objects.get_or_create(
            pk=1, defaults={"sequence": sequence, "digest": digest}
        )
        return made
    moved = SealHead.objects.filter(pk=head.pk, sequence=head.sequence, digest=head.digest)
    return bool(moved.update(sequence=sequence, digest=digest))


def _checkpoint_if_due(sequence: int, digest: str) -> None:
    last = Checkpoint.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    if sequence - last >= CHECKPOINT_EVERY:
        sign_head(sequence, digest)


def current_head() -> tuple[int, str]:
    """Place and digest of the end of the chain."""
    head = SealHead.objects.order_by("pk").first()
    return (head.sequence, head.digest) if head else (0, rules.GENESIS)


def sign_head(sequence: int, digest: str) -> Checkpoint:
    message = checkpoint_message(sequence, digest)
    return Checkpoint.objects.create(
        sequence=sequence,
        digest=digest,
        at=clock.now(),
        signature=signing_key().sign(message).hex(),
    )


def checkpoint_message(sequence: int, digest: str) -> bytes:
    return f"tipline-ledger:{sequence}:{digest}".encode()


def signing_key() -> Ed25519PrivateKey:
    """The key that signs heads; lies beside the master key, never in the database."""
    path = Path(settings.TIPLINE_KEY_FILE).with_name("ledger-signing.key")
    return Ed25519PrivateKey.from_private_bytes(sealing.read_or_make_key_file(path))
