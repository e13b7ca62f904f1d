"""Which other filed reports have some contents, in the order in which they were filed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from tipline.record.evidence.models import EvidenceFile
from tipline.record.reports.models import Report
from tipline.record.reports.queries import of_same_kind

MOST_LATER = 100
#: Copies that are read whole, whichever of them are asked for.
_FEW = 200


class Copy(NamedTuple):
    """A file of another filed report, in the order of filing."""

    filed: datetime
    report: int
    key: int
    sha256: str


class Copies:
    """Files with some contents in other filed reports of the same kind.

    A few are read at once; of a content that is everywhere only what is asked for.
    """

    def __init__(self, digests: Collection[str], report: Report) -> None:
        self._report = report
        read = list(self._rows(digests)[: _FEW + 1])
        self._few = sorted(Copy(*row) for row in read) if len(read) <= _FEW else None

    def _rows(self, digests: Collection[str]) -> QuerySet[EvidenceFile, Any]:
        rows = EvidenceFile.objects.filter(
            of_same_kind(self._report),
            sha256__in=list(digests),
            report__state=Report.State.FINISHED,
        ).exclude(report=self._report)
        return rows.values_list("report__ended_at", "report_id", "pk", "sha256")

    def first(self, digest: str) -> int | None:
        """The key of the first with these bytes that was filed before this report."""
        filed = (self._report.ended_at, self._report.pk)
        if self._few is not None:
            return next(
                (c.key for c in self._few if c.sha256 == digest and (c.filed, c.report) < filed),
                None,
            )
        row = self._in_order([digest]).filter(_before(self._report)).first()
        return None if row is None else Copy(*row).key

    def later(self, digests: Collection[str]) -> list[Copy]:
        """Those that were filed after this report; not all, for they are exceptions."""
        filed, wanted = (self._report.ended_at, self._report.pk), set(digests)
        if not wanted:
            return []
        if self._few is not None:
            found = [c for c in self._few if c.sha256 in wanted and (c.filed, c.report) > filed]
            return found[:MOST_LATER]
        rows = self._in_order(wanted).exclude(_before(self._report))
        return [Copy(*row) for row in rows[:MOST_LATER]]

    def _in_order(self, digests: Collection[str]) -> QuerySet[EvidenceFile, Any]:
        return self._rows(digests).order_by("report__ended_at", "report_id", "pk")


def _before(report: Report) -> Q:
    """Filed before this report; of those filed at once the one with the smaller number."""
    at_once = Q(report__ended_at=report.ended_at, report__lt=report.pk)
    return Q(report__ended_at__lt=report.ended_at) | at_once
