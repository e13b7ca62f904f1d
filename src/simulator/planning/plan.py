"""The plan: every report that will be sent, and the truth behind it, from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.media.files import Content, content_bytes
from simulator.planning.attachments import Attachment, attachments_of, hash_only
from simulator.planning.elements import written
from simulator.planning.file_document import file_document
from simulator.planning.report_document import report_document
from simulator.planning.roster import Roster
from simulator.planning.story import Story, story_of
from simulator.planning.truth import ReportTruth, truth_of
from simulator.wire.styles import STYLES, WireStyle
from simulator.world.esps import FictionalEsp
from simulator.world.profiles import Profile


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


def plan(seed: int, reports: int, profile: Profile) -> Iterator[PlannedReport]:
    """The reports of a simulated stream, in the order in which they are sent.

    The same arguments give the same reports, files and truth, byte for byte. No network,
    clock or state; memory is a few numbers per report, pictures are drawn late.
    """
    roster = Roster(seed, reports, profile)
    for number in range(reports):
        yield planned_report(roster, number)


def planned_report(roster: Roster, number: int) -> PlannedReport:
    """One report of a plan, without working out the ones before it."""
    story = story_of(roster, number)
    files = attachments_of(roster, story)
    named = hash_only(roster, story)
    return PlannedReport(story, files, named, truth_of(roster, story, files, named))


def file_bytes(file: Attachment) -> bytes:
    """The bytes of a file, drawn now."""
    return content_bytes(file.content)
