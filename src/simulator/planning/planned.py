"""One report of a plan, whatever the plan was drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.media.files import Content
from simulator.planning.attachments import Attachment
from simulator.planning.elements import written
from simulator.planning.file_document import file_document
from simulator.planning.report_document import report_document
from simulator.planning.story import Story
from simulator.planning.truth import ReportTruth
from simulator.wire.styles import STYLES, WireStyle
from simulator.world.esps import FictionalEsp


@dataclass(frozen=True, slots=True)
class PlannedReport:
    """One report as its sender will send it; documents and bytes are made when asked for.

    ``ending``: ``finish``, ``retract`` or ``abandon`` (the client walks away).
    """

    story: Story
    files: tuple[Attachment, ...]
    named_by_digest: Content | None
    truth: ReportTruth

    @property
    def number(self) -> int:
        """The report's number in its plan, from 0."""
        return self.story.report

    @property
    def esp(self) -> FictionalEsp:
        return self.story.esp

    @property
    def style(self) -> WireStyle:
        return STYLES[self.esp.client]

    @property
    def ending(self) -> str:
        return self.truth.ending

    def xml(self) -> str:
        """The ``report`` document as it goes over the wire."""
        return written(report_document(self.story, self.named_by_digest), self.style)

    def details_xml(self, file: Attachment, report_id: str, file_id: str) -> str:
        """The ``fileDetails`` document, with the numbers that the instance gave."""
        return written(file_document(file, self.story, report_id, file_id), self.style)
