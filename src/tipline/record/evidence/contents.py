"""What a report holds, read once for everybody who looks at it in one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from tipline.ground.foundation.actor import Actor
from tipline.record.evidence import access
from tipline.record.evidence.access import decisions_of_house, house
from tipline.record.evidence.gate import GateDecision
from tipline.record.evidence.gate_policy import GatePolicy
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.queries import files_in, versioned_details_of
from tipline.record.reports.models import Report
from tipline.record.reports.queries import document_of


class Contents:
    """A filed report's document, its files and what was said of them, each read when asked for.

    Nothing of it changes once a report is finished, but for what opens its files. So one of
    these serves a whole run of the pipeline; keep it no longer than that.
    """

    def __init__(self, report: Report) -> None:
        self.report = report

    @cached_property
    def document(self) -> Mapping[str, Any]:
        return document_of(self.report.pk)

    @cached_property
    def files(self) -> list[EvidenceFile]:
        """In the order in which they arrived."""
        return files_in(self.report)

    @cached_property
    def details(self) -> list[Mapping[str, Any]]:
        """The newest word on each file, in the files' order; empty where nothing was said."""
        return [document for _version, document in self._said]

    @cached_property
    def versions(self) -> list[int]:
        """Which word that is of each file: 0 where nothing was said."""
        return [version for version, _document in self._said]

    @cached_property
    def _said(self) -> list[tuple[int, Mapping[str, Any]]]:
        said = versioned_details_of(self.files)
        return [said.get(file.pk, (0, {})) for file in self.files]

    @cached_property
    def gate(self) -> dict[int, GateDecision]:
        """What the gate says to our own analysts, per file key: as it was when first asked."""
        return self.gate_now()

    def gate_now(self) -> dict[int, GateDecision]:
        """The same by what opens the files now: an opening may come during a run."""
        said = {file.pk: one for file, one in zip(self.files, self.details, strict=True)}
        return decisions_of_house(self._house, self.files, said, self._table)

    @cached_property
    def _table(self) -> GatePolicy:
        """The table in force when the run began: another one has the report looked at again."""
        return access.policy()

    @cached_property
    def _house(self) -> Sequence[Actor]:
        return house()
