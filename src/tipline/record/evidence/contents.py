"""What a report holds, read once for everybody who looks at it in one run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.queries import details_of, files_of
from tipline.record.reports.models import Report
from tipline.record.reports.queries import document_of


class Contents:
    """A filed report's document, its files and what was said of them, each read when asked for.

    Nothing of it changes once a report is finished, so one of these serves a whole run of the
    pipeline; keep it no longer than that.
    """

    def __init__(self, report: Report) -> None:
        self.report = report

    @cached_property
    def document(self) -> Mapping[str, Any]:
        return document_of(self.report.pk)

    @cached_property
    def files(self) -> list[EvidenceFile]:
        """In the order in which they arrived."""
        return files_of(self.report.pk)

    @cached_property
    def details(self) -> list[Mapping[str, Any]]:
        """The newest word on each file, in the files' order; empty where nothing was said."""
        said = details_of(self.files)
        return [said.get(file.pk, {}) for file in self.files]
