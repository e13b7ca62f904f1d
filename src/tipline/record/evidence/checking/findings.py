"""Findings: bytes that are to be there and are missing or damaged. The only writer."""

from __future__ import annotations

from collections.abc import Collection

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM
from tipline.record.evidence.checking.health import Health, look
from tipline.record.evidence.models import EvidenceFile, VaultFinding, VaultRun

#: So many rows are kept of one run; all are counted. A store that is not there would fill a table.
MOST = 1_000
_VERBS = {
    VaultFinding.Kind.MISSING: Verb.FILE_MISSING,
    VaultFinding.Kind.DAMAGED: Verb.FILE_DAMAGED,
}


def note(run: VaultRun, keys: Collection[int], kind: VaultFinding.Kind) -> None:
    """Keep findings about these files, in the caller's transaction; what stands already stays."""
    if not keys:
        return
    now = clock.now()
    standing = VaultFinding.objects.filter(file_id__in=keys, ended_at__isnull=True)
    standing.update(last_seen_at=now, kind=kind)
    known = set(standing.values_list("file_id", flat=True))
    room = MOST - VaultFinding.objects.filter(run=run).count()
    fresh = [key for key in keys if key not in known][: max(0, room)]
    VaultFinding.objects.bulk_create(
        VaultFinding(file_id=key, kind=kind, run=run, found_at=now, last_seen_at=now)
        for key in fresh
    )
    for file in EvidenceFile.objects.filter(pk__in=fresh).order_by("pk"):
        _tell(_VERBS[kind], file)


def look_again(found: VaultFinding) -> Health:
    """Look at an open finding once more, outside of any transaction."""
    return look(found.file)


def settle(found: VaultFinding, health: Health) -> None:
    """Say what the second look says, in the caller's transaction."""
    rows = VaultFinding.objects.filter(pk=found.pk, ended_at__isnull=True)
    now = clock.now()
    if health is Health.FINE:
        if rows.update(ended_at=now, ending=VaultFinding.Ending.FOUND_AGAIN):
            _tell(Verb.FILE_FOUND_AGAIN, found.file)
    elif health is Health.GONE:
        rows.update(ended_at=now, ending=VaultFinding.Ending.DESTROYED)
    elif health is not Health.LOCKED:
        rows.update(last_seen_at=now, kind=health.value)


def _tell(verb: Verb, file: EvidenceFile) -> None:
    detail = {"file": file.file_id, "sha256": file.sha256}
    record(SYSTEM, verb, f"report:{file.report_id}", detail=detail)
