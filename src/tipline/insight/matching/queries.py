"""Reads of fingerprints and matches. The caller has checked that its actor may see the report."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from tipline.insight.matching.models import FileMatch, Fingerprint
from tipline.record.evidence.models import EvidenceFile
from tipline.record.reports.models import Report


def known_digests(files: Sequence[EvidenceFile]) -> frozenset[str]:
    """Digests of those files whose very bytes came in an earlier report."""
    rows = FileMatch.objects.filter(file__in=[file.pk for file in files], layer="exact")
    return frozenset(rows.values_list("file__sha256", flat=True))


def matches_of(files: Sequence[EvidenceFile]) -> list[FileMatch]:
    rows = FileMatch.objects.select_related("file", "other__report__sender")
    return list(
        rows.filter(file__in=[file.pk for file in files]).order_by("file_id", "layer", "distance")
    )


def seen_before(files: Sequence[EvidenceFile]) -> dict[str, int]:
    """In how many filed reports each digest stands, this one included."""
    rows = EvidenceFile.objects.filter(
        sha256__in=[file.sha256 for file in files], report__state=Report.State.FINISHED
    )
    counted = rows.values("sha256").annotate(n=Count("report", distinct=True))
    return {row["sha256"]: row["n"] for row in counted}


def seen_earlier(files: Sequence[EvidenceFile]) -> dict[str, int]:
    """In how many reports that were filed before theirs each digest stands.

    All files belong to one report.
    """
    if not files:
        return {}
    report = files[0].report
    rows = EvidenceFile.objects.filter(
        sha256__in=[file.sha256 for file in files],
        report__state=Report.State.FINISHED,
        report__ended_at__lte=report.ended_at,
    ).exclude(report=report)
    counted = rows.values("sha256").annotate(n=Count("report", distinct=True))
    return {row["sha256"]: row["n"] for row in counted}


def fingerprints_of(files: Sequence[EvidenceFile]) -> dict[str, Fingerprint]:
    rows = Fingerprint.objects.filter(sha256__in=[file.sha256 for file in files]).order_by("pk")
    return {row.sha256: row for row in rows}


def known_files() -> int:
    """Files whose very bytes came in an earlier report."""
    return FileMatch.objects.filter(layer="exact").values("file_id").distinct().count()
