"""Reads of files. The caller has made sure that its actor may see the report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tipline.record.evidence.models import EvidenceFile, FileDetails, OpeningFile


def files_of(number: int) -> list[EvidenceFile]:
    """All files of a report, in the order in which they arrived."""
    rows = EvidenceFile.objects.select_related("report__key").filter(report_id=number)
    return list(rows.order_by("pk"))


def details_of(files: Iterable[EvidenceFile]) -> dict[int, dict[str, Any]]:
    """The newest details per file key; files without any are absent."""
    newest: dict[int, dict[str, Any]] = {}
    keys = [file.pk for file in files]
    for row in FileDetails.objects.filter(file_id__in=keys).order_by("file_id", "version"):
        newest[row.file_id] = row.document
    return newest


def file_in(number: int, file_id: str) -> EvidenceFile | None:
    return (
        EvidenceFile.objects.select_related("report__key")
        .filter(report_id=number, file_id=file_id)
        .first()
    )


def openings_of(files: Iterable[EvidenceFile]) -> list[OpeningFile]:
    """What opens these files, with its terms."""
    keys = [file.pk for file in files]
    rows = OpeningFile.objects.select_related("opening", "opening__holder", "file")
    return list(rows.filter(file_id__in=keys).order_by("pk"))
