"""Rows of the queue and the pane of one report, from stored assessments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tipline.doors.portals.desk.shown_open_cases import open_cases
from tipline.doors.portals.desk.shown_reasons import reasons_of, sentences
from tipline.doors.portals.look.parts import Words
from tipline.doors.portals.look.signs import band_sign
from tipline.ground.foundation.reasons import Reason, Source, words
from tipline.ground.taxonomy.levels import Disposition, Level
from tipline.ground.taxonomy.words import label
from tipline.insight.triage.features import from_json
from tipline.insight.triage.rules_line import next_line
from tipline.insight.triage.rules_types import ALARM, NEAR, NO_ALARM
from tipline.insight.triage.services import policy
from tipline.insight.triage.summaries import told, written_for
from tipline.insight.triage.why_no_meme import why_no_meme

if TYPE_CHECKING:
    from tipline.insight.triage.models import QueueEntry


@dataclass(frozen=True, slots=True)
class Row:
    """One report in the queue; the pane shows the same report with its picture.

    ``more``: how many reports are folded under it (see ``shown_bundles.with_likes``).
    """

    number: int
    url: str
    pane_url: str
    band: str
    unconfirmed: bool
    summary: str
    summary_by: Source
    danger: list[Reason]
    would_change: list[Reason]
    disposition: Words
    failing: str
    level: Words
    new: int
    known: int
    links: int
    place: str
    sender: str
    received: datetime
    clock: ShownClock
    claim: Claim
    done_at: datetime | None
    reopened_at: datetime | None
    reopened_for: list[Reason]
    more: int = 0
    bundle_url: str = ""

    @property
    def mine(self) -> bool:
        return self.claim.mine

    @property
    def claimed_by(self) -> str:
        return self.claim.name

    @property
    def done_by(self) -> str:
        return self.claim.done_by


@dataclass(frozen=True, slots=True)
class Claim:
    """Who has a report and until when, or who is done with it. A lease that ran out is none."""

    number: int
    name: str = ""
    until: datetime | None = None
    mine: bool = False
    done_by: str = ""
    how: Words = ""


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock: what it is about, from when until when, and whether its end presses."""

    words: str
    start: datetime
    end: datetime
    alarm: int = 0
    alarm_words: str = ""

    @property
    def acute(self) -> bool:
        """Whether a row of the queue says so: a day step alone would stand in most of them."""
        return self.alarm == ALARM


def clock_words(kind: str) -> str:
    """What is lost when this clock runs out."""
    known = {
        "report_content": _("The ESP must keep what it reported until"),
        "content": _("The ESP keeps content until"),
        "account": _("The ESP keeps account data until"),
        "access_logs": _("The ESP keeps access logs until"),
        "messages": _("The ESP keeps messages until"),
        "access_provider": _("The access provider may keep whose address it was until"),
    }
    return known.get(kind, _("Evidence may be gone after"))


def rows_of(entries: Sequence[QueueEntry], me: int | None, now: datetime) -> list[Row]:
    """The rows of a page of the queue; one more query for what people wrote of them."""
    written = written_for(entry.report_id for entry in entries)
    return [row_of(entry, me, now, written.get(entry.report_id, "")) for entry in entries]


def row_of(entry: QueueEntry, me: int | None, now: datetime, written: str = "") -> Row:
    """One row. ``me`` is the reader's id; ``written``: the summary in a person's words."""
    result: Mapping[str, Any] = entry.assessment.result
    summary, summary_by = told(result, written)
    return Row(
        number=entry.report_id,
        url=reverse("desk:report", args=[entry.report_id]),
        pane_url=reverse("desk:pane", args=[entry.report_id]),
        band=result["danger"]["band"],
        unconfirmed=entry.urgency == "unconfirmed",
        summary=summary,
        summary_by=summary_by,
        danger=reasons_of(result["danger"]["reasons"]),
        would_change=reasons_of(result["would_help"]),
        disposition=disposition_words(entry.disposition),
        failing=failing_words(result),
        level=label(Level(entry.level)),
        new=entry.new_files,
        known=entry.known_files,
        links=entry.links,
        place=entry.place,
        sender=entry.sender_name,
        received=entry.received_at,
        clock=_clock_of(entry, result),
        claim=claim_of(entry, me, now),
        done_at=entry.done_at,
        reopened_at=entry.reopened_at,
        reopened_for=[
            reason
            for reason in reasons_of(result["signals"])
            if reason.code.removeprefix("triage.") in entry.reopened_for
        ],
    )


def claim_of(entry: QueueEntry, me: int | None, now: datetime) -> Claim:
    """Who has this report now."""
    if entry.done_at is not None:
        name = entry.done_by.name if entry.done_by else ""
        return Claim(entry.report_id, done_by=name, how=_HOW.get(entry.done_how, ""))
    holds = entry.claimed_until is not None and entry.claimed_until > now
    person = entry.claimed_by if holds else None
    if person is None:
        return Claim(entry.report_id)
    return Claim(entry.report_id, person.name, entry.claimed_until, person.pk == me)


_HOW = {"batch": gettext_lazy("with others"), "meme": gettext_lazy("as a meme")}


def paned(entry: QueueEntry, row: Row) -> dict[str, Any]:
    """What the pane and the report's page show beside the row: computed for one report only."""
    return {
        "item": row,
        "no_meme": why_no_meme(entry),
        "open_cases": open_cases(entry),
        **line_of(entry),
    }


def line_of(entry: QueueEntry) -> dict[str, Any]:
    """What would move danger over the next line; nothing for old facts and the highest band."""
    facts = entry.assessment.facts
    line = next_line(from_json(facts), policy()) if facts else None
    return {"line": line, "line_band": band_sign(line.band).word if line else ""}


def disposition_words(code: str) -> Words:
    """Referral or informational, in words."""
    return label(Disposition(code))


def failing_words(result: Mapping[str, Any]) -> str:
    """The test that failed, and whether an urgent signal outweighs it; empty when none did."""
    if not result["failing"]:
        return ""
    said = words(reasons_of([result["failing"]])[0])
    return (
        _("%(test)s Outweighed by an urgent signal.") % {"test": said}
        if (result["overridden"])
        else said
    )


def _clock_of(entry: QueueEntry, result: Mapping[str, Any]) -> ShownClock:
    """The clock that ends at the stored deadline."""
    pressing = entry.alarm, alarm_words(result)
    for one in result["clocks"]:
        if datetime.fromisoformat(one["ends"]) == entry.deadline:
            started = datetime.fromisoformat(one["started"])
            return ShownClock(clock_words(one["kind"]), started, entry.deadline, *pressing)
    return ShownClock(clock_words(""), entry.received_at, entry.deadline, *pressing)


def alarm_words(result: Mapping[str, Any], kind: str = "") -> str:
    """Why an alarm is raised, of all clocks or of one; empty where only a day step is reached."""
    raised = [one for one in result["decay"]["reasons"] if one["code"] == "triage.clock.alarm"]
    mine = [one for one in raised if kind in ("", one["params"]["kind"])]
    return sentences(reasons_of(mine))


def clocks_of(result: Mapping[str, Any]) -> list[ShownClock]:
    """All clocks of a report, each with its own alarm."""
    return [
        ShownClock(
            clock_words(one["kind"]),
            datetime.fromisoformat(one["started"]),
            datetime.fromisoformat(one["ends"]),
            _nearness(result, one["kind"]),
            alarm_words(result, one["kind"]),
        )
        for one in result["clocks"]
    ]


def _nearness(result: Mapping[str, Any], kind: str) -> int:
    """Of one clock: the day steps are those of the first to end."""
    alarm = result.get("alarm", {})  # assessments from before had none
    if kind in alarm.get("late", ()):
        return ALARM
    if kind != result["clock"] or alarm.get("days") is None:
        return NO_ALARM
    return NEAR if alarm["late"] else int(alarm["nearness"])
