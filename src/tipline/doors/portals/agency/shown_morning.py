"""An agency's referrals as rows of its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.delivery.cases.queries import band_of, cases_of, visible_numbers
from tipline.doors.portals.desk.shown_queue import disposition_words
from tipline.doors.portals.desk.shown_reasons import reasons_of
from tipline.doors.portals.look.parts import Words
from tipline.ground.foundation.reasons import Reason
from tipline.ground.taxonomy.outcomes import OutcomeStatus
from tipline.ground.taxonomy.words import label
from tipline.insight.lists.series.alerts import alerts_for
from tipline.insight.triage.queue import entries_of
from tipline.insight.triage.summaries import told, written_for
from tipline.record.outcomes.queries import answers_for

if TYPE_CHECKING:
    from tipline.delivery.cases.models import Case
    from tipline.delivery.routing.models import Referral
    from tipline.ground.foundation.actor import Actor
    from tipline.insight.triage.models import QueueEntry
    from tipline.record.outcomes.models import Outcome


MOST_ALERTS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One referral; ``case_url`` and ``answer`` are empty where there is none."""

    number: int
    url: str
    band: str
    unconfirmed: bool
    summary: str
    reasons: list[Reason]
    disposition: Words
    state: str
    waits: bool
    new: int
    known: int
    place: str
    sender: str
    came: datetime
    raised: datetime | None
    deadline: datetime | None
    case: str
    case_url: str
    answer: str


@dataclass(frozen=True, slots=True)
class ShownAlert:
    """A report with a file of a series that the agency holds; ``url`` once it has the report."""

    pk: int
    series: str
    number: int
    url: str
    at: datetime


def shown_alerts(actor: Actor) -> list[ShownAlert]:
    """The newest that nobody here has acknowledged."""
    alerts = list(alerts_for(actor)[:MOST_ALERTS])
    visible = visible_numbers(actor, [one.report_id for one in alerts])
    return [
        ShownAlert(
            one.pk,
            one.series.name,
            one.report_id,
            reverse("agency:report", args=[one.report_id]) if one.report_id in visible else "",
            one.at,
        )
        for one in alerts
    ]


def state_words(state: str) -> str:
    """What the agency has done with a referral, to itself."""
    known = {
        "available": _("waits"),
        "accepted": _("accepted"),
        "refused": _("handed back"),
    }
    return known.get(state, state)


def rows_of(actor: Actor, referrals: Sequence[Referral]) -> list[Row]:
    """A page of referrals in four queries, however many there are."""
    numbers = [row.report_id for row in referrals]
    entries, cases = entries_of(numbers), cases_of(referrals)
    answers, written = answers_for(actor, numbers), written_for(numbers)
    return [
        _row(
            row,
            entries.get(row.report_id),
            cases.get(row.pk),
            answers.get(row.report_id, ()),
            written.get(row.report_id, ""),
        )
        for row in referrals
    ]


def _row(
    row: Referral,
    entry: QueueEntry | None,
    case: Case | None,
    answers: Sequence[Outcome],
    written: str,
) -> Row:
    result = entry.assessment.result if entry else None
    return Row(
        number=row.report_id,
        url=reverse("agency:report", args=[row.report_id]),
        band=band_of(row),
        unconfirmed=entry is not None and entry.urgency == "unconfirmed",
        summary=told(result, written)[0] if result else "",
        reasons=reasons_of(result["danger"]["reasons"]) if result else [],
        disposition=disposition_words(row.disposition),
        state=state_words(row.state),
        waits=row.state == "available" or (row.state == "accepted" and not answers),
        new=entry.new_files if entry else 0,
        known=entry.known_files if entry else 0,
        place=entry.place if entry else "",
        sender=row.report.sender.name if row.report.sender else _("the public"),
        came=row.made_at,
        raised=row.raised_at,
        deadline=entry.deadline if entry else None,
        case=case.title if case else "",
        case_url=reverse("agency:case", args=[case.pk]) if case else "",
        answer=str(label(OutcomeStatus(answers[-1].status))) if answers else "",
    )
