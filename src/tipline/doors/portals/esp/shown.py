"""An ESP's own reports as rows and facts: its words and ours about them, never a judgement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_document import Walk, file_facts, warning_facts
from tipline.doors.portals.look.parts import Bar, EspFlag, Fact, Moment, Words
from tipline.doors.portals.look.times import absolute
from tipline.ground.foundation.reasons import Source
from tipline.ground.taxonomy.outcomes import ClosingReason, NotUsefulReason, OutcomeStatus
from tipline.ground.taxonomy.words import label
from tipline.record.evidence.queries import details_of, details_warnings_of, file_counts, files_of
from tipline.record.outcomes.queries import released_for_sender
from tipline.record.reports import facts
from tipline.record.reports.doors import Door
from tipline.record.reports.queries import document_of, warning_counts
from tipline.record.reports.rules import State
from tipline.record.reports.words import Lack, lack

if TYPE_CHECKING:
    from tipline.ground.foundation.actor import Actor
    from tipline.record.evidence.models import EvidenceFile
    from tipline.record.outcomes.models import Outcome
    from tipline.record.reports.models import Report


def state_words(state: str) -> str:
    """What a report is, for its sender."""
    known = {
        State.OPEN: _("open: not filed yet"),
        State.FINISHED: _("filed"),
        State.RETRACTED: _("retracted"),
        State.EXPIRED: _("expired, never filed"),
    }
    return known[State(state)]


def door_words(door: str) -> str:
    """How a report came in."""
    return _("by hand") if door == Door.ESP_DESK.value else _("API")


@dataclass(frozen=True, slots=True)
class Row:
    """One report in the list; ``outcomes`` only where released."""

    number: int
    state: str
    open: bool
    door: str
    opened: datetime
    ended: datetime | None
    files: int
    warnings: int
    outcomes: str


def rows_of(actor: Actor, reports: Sequence[Report]) -> list[Row]:
    """A page of reports in three queries, however many there are."""
    numbers = [report.pk for report in reports]
    files, warnings = file_counts(numbers), warning_counts(numbers)
    released = released_for_sender(actor, numbers)
    return [
        Row(
            number=report.pk,
            state=state_words(report.state),
            open=report.state == State.OPEN.value,
            door=door_words(report.door),
            opened=report.opened_at,
            ended=report.ended_at,
            files=files.get(report.pk, 0),
            warnings=warnings.get(report.pk, 0),
            outcomes=", ".join(
                str(label(OutcomeStatus(one.status))) for one in released.get(report.pk, ())
            ),
        )
        for report in reports
    ]


def life(report: Report) -> list[Moment]:
    """The stations of a report that its sender may know."""
    ends = {
        State.RETRACTED: _("Retracted"),
        State.EXPIRED: _("Expired"),
    }
    moments = [Moment(_("Opened"), report.opened_at)]
    if report.modified_at not in {report.opened_at, report.ended_at}:
        moments.append(Moment(_("Last change"), report.modified_at))
    moments.append(Moment(ends.get(State(report.state), _("Filed")), report.ended_at))
    return moments


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file as its sender knows it: what arrived, and what was said of it."""

    file_id: str
    name: str
    media_type: str
    size: int
    received: datetime
    flags: tuple[EspFlag, ...]
    digests: tuple[Fact, ...]
    said: tuple[Fact, ...]
    has_details: bool


def shown_files(files: Sequence[EvidenceFile]) -> list[ShownFile]:
    """The files of one report with their details and what was odd about them."""
    details, warnings = details_of(files), details_warnings_of(files)
    walk = Walk()
    return [
        _shown(file, details.get(file.pk, {}), warnings.get(file.pk, ()), walk) for file in files
    ]


def _shown(
    file: EvidenceFile,
    details: Mapping[str, Any],
    warnings: Sequence[Mapping[str, Any]],
    walk: Walk,
) -> ShownFile:
    said = facts.file_facts(details)
    digests = (("MD5", file.md5), ("SHA-1", file.sha1), ("SHA-256", file.sha256))
    return ShownFile(
        file_id=file.file_id,
        name=file.name or _("File without a name"),
        media_type=file.content_type or _("type not given"),
        size=file.size,
        received=file.received_at,
        flags=(
            EspFlag(_("Viewed by a person"), said.viewed),
            EspFlag(_("EXIF data viewed"), said.exif_viewed),
            EspFlag(_("Open to the public"), said.public),
        ),
        digests=(
            Fact(_("File id"), file.file_id, Source.SYSTEM),
            *(Fact(name, digest, Source.SYSTEM) for name, digest in digests),
        ),
        said=(*file_facts(details, walk), *warning_facts(warnings)),
        has_details=bool(details),
    )


def lacks_of(number: int) -> list[Lack]:
    """What the report lacks for somebody to act on it, the weightiest first."""
    files = files_of(number)
    details = details_of(files)
    said = [details.get(file.pk, {}) for file in files]
    found = [
        facts.file_facts(one, index=place, has_content=file.size > 0)
        for place, (file, one) in enumerate(zip(files, said, strict=True), start=1)
    ]
    return [lack(code) for code in facts.missing(document_of(number), found, said)]


def outcome_facts(outcomes: Iterable[Outcome]) -> tuple[Fact, ...]:
    """Released answers. Who gave them is not part of the release."""
    return tuple(_outcome(outcome) for outcome in outcomes)


def _outcome(outcome: Outcome) -> Fact:
    notes: list[Words] = [absolute(outcome.at)]
    if outcome.closing_reason:
        notes.insert(0, label(ClosingReason(outcome.closing_reason)))
    if outcome.useful is not None:
        notes.append(_("useful: %s") % (_("yes") if outcome.useful else _("no")))
    if outcome.not_useful_reason:
        notes.append(label(NotUsefulReason(outcome.not_useful_reason)))
    words = label(OutcomeStatus(outcome.status))
    return Fact(words, " · ".join(map(str, notes)), Source.AGENCY)


def sum_bars(sums: Mapping[str, int]) -> list[Bar]:
    """How many answers of each kind all reports together have had."""
    return [Bar(label(status), sums.get(status.value, 0)) for status in OutcomeStatus]
