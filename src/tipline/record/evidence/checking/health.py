"""Is a file's sealed object there, whole and what it was? Opened in memory, frame by frame."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from enum import StrEnum

from tipline.ground.foundation import sealing
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.keys import MasterKeyMissing
from tipline.record.evidence import vault
from tipline.record.evidence.models import EvidenceFile


class Health(StrEnum):
    FINE = "fine"
    MISSING = "missing"
    DAMAGED = "damaged"
    GONE = "gone"  # destroyed, so nothing is to be there
    LOCKED = "locked"  # the key file lacks the master key: nothing is said of the bytes


def look(file: EvidenceFile) -> Health:
    """Open the whole object and compare size and digest with the row's.

    It looks at what arrived as a machine, for its digest alone: nothing of it is kept or shown,
    so the gate is not asked. Unavailable when the store is away.
    """
    found = _look(file)
    if found in (Health.MISSING, Health.DAMAGED) and not live([file.pk]):
        return Health.GONE  # destroyed while we looked
    return found


def _look(file: EvidenceFile) -> Health:
    digest, size = hashlib.sha256(), 0
    try:
        for piece in vault.read(file):
            digest.update(piece)
            size += len(piece)
    except NotVisible:
        return Health.GONE
    except FileNotFoundError:
        return Health.MISSING
    except MasterKeyMissing:
        return Health.LOCKED
    except sealing.Tampered:
        return Health.DAMAGED
    same = (size, digest.hexdigest()) == (file.size, file.sha256)
    return Health.FINE if same else Health.DAMAGED


def live(keys: Collection[int]) -> set[int]:
    """Those of these files whose bytes are to be there: neither destroyed nor about to be."""
    rows = EvidenceFile.objects.filter(pk__in=keys, destroyed_at__isnull=True)
    rows = rows.filter(report__key__destroyed_at__isnull=True)
    return set(rows.values_list("pk", flat=True))
