"""Reads of files. The caller has made sure that its actor may see the report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet

from tipline.ground.foundation.actor import Actor
from tipline.record.evidence.models import EvidenceFile, FileDetails, KeptDecision, OpeningFile
from tipline.record.reports.models import Report
from tipline.record.reports.queries import reports_for


def files_of(number: int) -> list[EvidenceFile]:
    """All files of a report, in the order in which they arrived."""
    rows = EvidenceFile.objects.select_related("report__key", "report__profile").filter(
        report_id=number
    )
    return list(rows.order_by("pk"))


def files_in(report: Report) -> list[EvidenceFile]:
    """The same, each with this very row as its report, and what was read of that already."""
    rows = list(EvidenceFile.objects.filter(report_id=report.pk).order_by("pk"))
    for row in rows:
        row.report = report
    return rows


def details_of(files: Iterable[EvidenceFile]) -> dict[int, dict[str, Any]]:
    """The newest details per file key; files without any are absent."""
    return {key: document for key, (_version, document) in versioned_details_of(files).items()}


def versioned_details_of(files: Iterable[EvidenceFile]) -> dict[int, tuple[int, dict[str, Any]]]:
    """The newest details and their version per file key; files without any are absent."""
    keys = [file.pk for file in files]
    rows = FileDetails.objects.filter(file_id__in=keys).order_by("file_id", "version")
    told = rows.values_list("file_id", "version", "document")
    return {key: (version, document) for key, version, document in told}


def details_warnings_of(files: Iterable[EvidenceFile]) -> dict[int, list[dict[str, Any]]]:
    """Per file key what was odd about its newest details when they were read."""
    newest: dict[int, list[dict[str, Any]]] = {}
    keys = [file.pk for file in files]
    for row in FileDetails.objects.filter(file_id__in=keys).order_by("file_id", "version"):
        newest[row.file_id] = row.warnings
    return newest


def file_in(number: int, file_id: str) -> EvidenceFile | None:
    return (
        EvidenceFile.objects.select_related("report__key", "report__profile")
        .filter(report_id=number, file_id=file_id)
        .first()
    )


def contents_with_md5(digests: Iterable[str]) -> dict[str, frozenset[str]]:
    """The SHA-256 digests of what came under these MD5 digests; others are absent."""
    found: dict[str, set[str]] = {}
    rows = EvidenceFile.objects.filter(md5__in=set(digests), size__gt=0)
    for md5, sha256 in rows.values_list("md5", "sha256").distinct():
        found.setdefault(md5, set()).add(sha256)
    return {md5: frozenset(contents) for md5, contents in found.items()}


def file_counts(numbers: Iterable[int]) -> dict[int, int]:
    """How many files each of these reports has; reports without any are absent."""
    rows = EvidenceFile.objects.filter(report_id__in=list(numbers)).values("report_id")
    return {row["report_id"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def openings_of(files: Iterable[EvidenceFile]) -> list[OpeningFile]:
    """What opens these files, with its terms, which are read only where there is such a paper."""
    rows = OpeningFile.objects.filter(file_id__in=[file.pk for file in files])
    if not rows.exists():
        return []
    return list(rows.select_related("opening", "opening__holder", "file").order_by("pk"))


def copies_for(actor: Actor, sha256: str) -> QuerySet[EvidenceFile]:
    """Every file with these bytes in a report that the actor may see, the newest report first."""
    rows = EvidenceFile.objects.select_related("report__sender")
    visible = rows.filter(sha256=sha256, report__in=reports_for(actor).values("pk"))
    return visible.order_by("-report_id", "pk")


MOST_KEPT = 100


def kept_decisions_of(file: EvidenceFile, organisation: int | None = None) -> list[KeptDecision]:
    """The newest decisions that were kept of a file, or those of one organisation's people.

    The caller may see the report.
    """
    rows = KeptDecision.objects.select_related("organisation").filter(file=file)
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    return list(rows.order_by("-pk")[:MOST_KEPT])


def filed_files() -> QuerySet[EvidenceFile]:
    """Files of filed reports, with what the gate asks of these."""
    rows = EvidenceFile.objects.select_related("report__profile")
    return rows.filter(report__state=Report.State.FINISHED, destroyed_at__isnull=True)


def filed_reports_with_files(after: int, most: int) -> list[int]:
    """Filed reports above ``after`` that have a file, in their order."""
    rows = filed_files().filter(report_id__gt=after).order_by("report_id")
    return list(rows.values_list("report_id", flat=True).distinct()[:most])


def received_files() -> int:
    """Files of reports that were filed or are still open."""
    return EvidenceFile.objects.filter(report__key__destroyed_at__isnull=True).count()
