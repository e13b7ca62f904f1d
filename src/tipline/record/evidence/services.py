"""The only writer of files and their details; of papers it hands on their own services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from django.db.models import Max, QuerySet

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock, forgetting
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Unavailable
from tipline.ground.foundation.ids import fresh
from tipline.ground.foundation.keys import open_data_key, store
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.transactions import write_tx
from tipline.record.evidence import vault
from tipline.record.evidence.gate import Access, GateDecision
from tipline.record.evidence.models import (
    EvidenceFile,
    FileDetails,
    KeptDecision,
    VaultSighting,
)
from tipline.record.evidence.papers.services import OpeningTerms, end_opening, record_opening
from tipline.record.evidence.rules_kept import digest_of, kept
from tipline.record.reports.models import Report
from tipline.record.reports.rules import acceptable_file_id

__all__ = [
    "OpeningTerms",
    "add_details",
    "add_file",
    "destroy_files",
    "end_opening",
    "note_preview",
    "record_opening",
    "sweep_destroyed",
]

log = structlog.get_logger(__name__)

SWEEP_BATCH = 500


def add_file(
    actor: Actor,
    report: Report,
    deposited: vault.Deposited,
    *,
    name: str = "",
    content_type: str = "",
    retry_key: str | None = None,
) -> EvidenceFile:
    """Make deposited bytes a file of the report, in the caller's transaction."""
    actor.require(Permission.REPORTS_SUBMIT)
    file = EvidenceFile.objects.create(
        report=report,
        file_id=fresh(acceptable_file_id),
        name=_storable(name)[:2056],
        content_type=_storable(content_type)[:255],
        size=deposited.size,
        md5=deposited.md5,
        sha1=deposited.sha1,
        sha256=deposited.sha256,
        object_name=deposited.object_name,
        wrapped_key=vault.wrap_key(deposited, open_data_key(report.key)),
        retry_key=retry_key,
        received_at=clock.now(),
    )
    if VaultSighting.objects.filter(pk=deposited.object_name).exists():
        # Stopped for a day or more between the bytes and this row: they may be swept any moment.
        raise Unavailable("These bytes were kept waiting too long. Send the file again.")
    record(
        actor,
        Verb.FILE_RECEIVED,
        f"report:{report.pk}",
        detail={"file": file.file_id, "sha256": file.sha256, "size": file.size},
    )
    return file


def _storable(text: str) -> str:
    """The text without NUL, which PostgreSQL cannot keep and a hostile sender can send."""
    return text.replace("\0", "\ufffd")


def add_details(
    actor: Actor,
    file: EvidenceFile,
    document: Mapping[str, Any],
    warnings: Sequence[Mapping[str, Any]],
) -> FileDetails:
    """Keep what the sender says of a file, in the caller's transaction.

    The same details again change nothing; other details become the next version, and the
    earlier ones stay.
    """
    actor.require(Permission.REPORTS_SUBMIT)
    newest = FileDetails.objects.filter(file=file).order_by("-version").first()
    if newest is not None and newest.document == dict(document):
        return newest
    version = (FileDetails.objects.filter(file=file).aggregate(v=Max("version"))["v"] or 0) + 1
    details = FileDetails.objects.create(
        file=file,
        version=version,
        document=dict(document),
        warnings=[dict(w) for w in warnings],
        received_at=clock.now(),
    )
    record(
        actor,
        Verb.FILE_DETAILS_RECEIVED,
        f"report:{file.report_id}",
        detail={"file": file.file_id, "version": version},
    )
    return details


def destroy_files(number: int) -> None:
    """Delete what was sent of the files of a report whose key is gone: bytes, name and details.

    The rows stay as tombstones, with the digests.
    """
    for file in _to_be_destroyed().filter(report=number):
        _destroy(file)
    forgetting.ask()


def sweep_destroyed() -> int:
    """The same for any report, in case its own job gave up; one that fails stops no other."""
    count = 0
    for file in _to_be_destroyed()[:SWEEP_BATCH]:
        try:
            count += _destroy(file)
        except (OSError, Unavailable) as error:
            log.warning("bytes not deleted", file=file.file_id, error=type(error).__name__)
    return count


def _to_be_destroyed() -> QuerySet[EvidenceFile]:
    rows = EvidenceFile.objects.filter(destroyed_at__isnull=True)
    return rows.filter(report__key__destroyed_at__isnull=False).order_by("pk")


def _destroy(file: EvidenceFile) -> bool:
    """First the bytes, then the row: killed between them, it is done again."""
    store().delete(file.object_name)
    kill_point("destroy.deleted")
    with write_tx():
        moved = EvidenceFile.objects.filter(pk=file.pk, destroyed_at__isnull=True).update(
            destroyed_at=clock.now(), wrapped_key=b"", name=""
        )
        FileDetails.objects.filter(file=file).update(document={}, warnings=[])
    return bool(moved)


def note_preview(
    actor: Actor,
    file: EvidenceFile,
    verb: Verb,
    *,
    decision: GateDecision | None = None,
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Someone was shown, handed out or refused something of a file: the one place to say so.

    ``decision``: what the gate said, with its inputs; it is kept, and the ledger names it. The
    ledger has every act, the same decision on the same inputs is kept once. ``verb`` and
    ``detail`` say what was done; neither holds a personal value.
    """
    with write_tx():
        row = None if decision is None else _kept(actor, file, verb, decision)
        named = {} if row is None else {"decision": row.pk}
        record(
            actor,
            verb,
            f"report:{file.report_id}",
            purpose=purpose,
            detail={"file": file.file_id, **named, **(detail or {})},
        )


def _kept(actor: Actor, file: EvidenceFile, verb: Verb, decision: GateDecision) -> KeptDecision:
    answer = {
        "organisation_id": actor.organisation_id,
        "rule": decision.rule,
        "policy": decision.policy,
        "policy_digest": decision.digest,
        "pixels": decision.open,
        "exif": decision.exif is Access.ALLOW,
        "fingerprint": decision.fingerprint is Access.ALLOW,
        "inputs": kept(decision.inputs) if decision.inputs else {},
        "at": decision.inputs.now if decision.inputs else clock.now(),
    }
    row, _made = KeptDecision.objects.get_or_create(
        file=file,
        asker=actor.reference,
        act=verb.value,
        digest=digest_of(decision),
        defaults=answer,
    )
    return row
