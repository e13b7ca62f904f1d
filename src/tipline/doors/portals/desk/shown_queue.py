"""Rows of the queue and the pane of one report, from stored assessments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_reasons import reasons_of, sentences
from tipline.doors.portals.look.parts import Words
from tipline.ground.foundation.reasons import Reason, words
from tipline.ground.taxonomy.levels import Disposition, Level
from tipline.ground.taxonomy.words import label
from tipline.insight.triage.rules_types import ALARM, NEAR, NO_ALARM
from tipline.insight.triage.summary import Summary
from tipline.insight.triage.words import sentence

if TYPE_CHECKING:
    from tipline.insight.triage.models import QueueEntry


@dataclass(frozen=True, slots=True)
class Row:
    """One report in the queue; the pane shows the same report with its picture."""

    number: int
    url: str
    pane_url: str
    band: str
    unconfirmed: bool
    summary: str
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
    claimed_by: str
    mine: bool
    done_by: str
    done_at: datetime | None
    reopened_at: datetime | None
    reopened_for: list[Reason]


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


def rows_of(entries: Iterable[QueueEntry], me: int | None, now: datetime) -> list[Row]:
    """The rows of a page of the queue."""
    return [row_of(entry, me, now) for entry in entries]


def row_of(entry: QueueEntry, me: int | None, now: datetime) -> Row:
    """One row. ``me`` is the reader's id; a claim that has run out is none."""
    result: Mapping[str, Any] = entry.assessment.result
    holds = entry.claimed_until is not None and entry.claimed_until > now
    claimer = entry.claimed_by if holds else None
    return Row(
        number=entry.report_id,
        url=reverse("desk:report", args=[entry.report_id]),
        pane_url=reverse("desk:pane", args=[entry.report_id]),
        band=result["danger"]["band"],
        unconfirmed=entry.urgency == "unconfirmed",
        summary=summary_of(result),
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
        claimed_by=claimer.name if claimer else "",
        mine=claimer is not None and claimer.pk == me,
        done_by=entry.done_by.name if entry.done_by else "",
        done_at=entry.done_at,
        reopened_at=entry.reopened_at,
        reopened_for=[
            reason
            for reason in reasons_of(result["signals"])
            if reason.code.removeprefix("triage.") in entry.reopened_for
        ],
    )


def summary_of(result: Mapping[str, Any]) -> str:
    """The one-line summary in the reader's language."""
    return sentence(Summary(result["summary"]["code"], result["summary"]["params"]))


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
