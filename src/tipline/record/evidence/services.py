"""The only writer of files, their details and openings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db.models import Max, QuerySet

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock, forgetting
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid, NotVisible, Unavailable
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.ids import fresh
from tipline.ground.foundation.keys import open_data_key, store
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.transactions import write_tx
from tipline.record.evidence import vault
from tipline.record.evidence.events import OpeningRecorded
from tipline.record.evidence.models import (
    EvidenceFile,
    FileDetails,
    Opening,
    OpeningFile,
    VaultSighting,
)
from tipline.record.reports.models import Report
from tipline.record.reports.rules import acceptable_file_id

log = structlog.get_logger(__name__)

SWEEP_BATCH = 500
_LONGEST = {"reference": 100, "issuer": 200, "approved_by": 200}


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


@dataclass(frozen=True, slots=True)
class OpeningTerms:
    """What a warrant, consent or exigency says: kind, its number, who issued it, from, until.

    ``approved_by``: the named supervisor, for an exigency.
    """

    kind: str
    reference: str
    issuer: str
    valid_from: datetime
    valid_until: datetime | None = None
    approved_by: str = ""


def record_opening(actor: Actor, files: Sequence[EvidenceFile], terms: OpeningTerms) -> Opening:
    """Record what opens these files to the actor's organisation, and to nobody else."""
    actor.require(Permission.EVIDENCE_RECORD_OPENING)
    files = list({file.pk: file for file in files}.values())
    _check(terms, files)
    with write_tx():
        opening = Opening.objects.create(
            kind=terms.kind,
            holder_id=actor.organisation_key,
            reference=terms.reference.strip(),
            issuer=terms.issuer.strip(),
            approved_by=terms.approved_by.strip(),
            valid_from=terms.valid_from,
            valid_until=terms.valid_until,
            recorded_by_id=actor.person_key,
            recorded_at=clock.now(),
        )
        OpeningFile.objects.bulk_create(OpeningFile(opening=opening, file=f) for f in files)
        for number in sorted({file.report_id for file in files}):
            detail = {"opening": opening.pk, "kind": terms.kind, "files": len(files)}
            record(actor, Verb.OPENING_RECORDED, f"report:{number}", detail=detail)
            announce(OpeningRecorded(number), dedup_key=str(number))
    return opening


def end_opening(actor: Actor, number: int, opening_id: int) -> None:
    """End an opening of the actor's organisation, from now on: recorded wrongly, or withdrawn."""
    actor.require(Permission.EVIDENCE_RECORD_OPENING)
    named = OpeningFile.objects.filter(opening_id=opening_id, file__report_id=number)
    with write_tx():
        ended = Opening.objects.filter(
            pk__in=named.values("opening_id"),
            holder_id=actor.organisation_key,
            ended_at__isnull=True,
        ).update(ended_at=clock.now())
        if not ended:
            raise NotVisible("There is no such opening in force.")
        rows = OpeningFile.objects.filter(opening_id=opening_id)
        for each in sorted(set(rows.values_list("file__report_id", flat=True))):
            record(actor, Verb.OPENING_ENDED, f"report:{each}", detail={"opening": opening_id})
            announce(OpeningRecorded(each), dedup_key=str(each))


def _check(terms: OpeningTerms, files: Sequence[EvidenceFile]) -> None:
    if terms.kind not in {kind for kind, _words in Opening.KINDS}:
        raise Invalid("Choose warrant, consent or exigency.", field="kind")
    if not files:
        raise Invalid("Name at least one file.", field="files")
    for name, longest in _LONGEST.items():
        if len(getattr(terms, name).strip()) > longest:
            raise Invalid(f"Write at most {longest} characters.", field=name)
    if not terms.reference.strip():
        raise Invalid("Give the number of the paper.", field="reference")
    if not terms.issuer.strip():
        raise Invalid("Say who issued it.", field="issuer")
    if terms.kind != "warrant" and terms.valid_until is None:
        raise Invalid("Consent and exigency need an end.", field="valid_until")
    if terms.kind == "exigency" and not terms.approved_by.strip():
        raise Invalid("Name the supervisor who approved it.", field="approved_by")
    if terms.valid_until is not None and terms.valid_until <= terms.valid_from:
        raise Invalid("The end must be after the start.", field="valid_until")


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
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Put on the ledger that someone was shown, handed out or refused something of a file."""
    with write_tx():
        record(
            actor,
            verb,
            f"report:{file.report_id}",
            purpose=purpose,
            detail={"file": file.file_id, **(detail or {})},
        )
