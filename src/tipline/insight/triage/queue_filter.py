"""What narrows the queue: plain values as an address writes them, and the rows that fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tipline.insight.triage import rules_types
from tipline.insight.triage.models import BAND_RANK, OPEN, QueueEntry

#: The queue's order: danger band, its steps (``rules_score.step``), deadline, number.
ORDER = ("band_rank", "step", "deadline", "report_id")
#: Days in which a deadline falls, as they may be asked for.
DUE_DAYS = (1, 3, 7, 14, 30, 90)
#: An alarm is on: evidence is about to be lost (see ``rules_types.ALARM``).
ALARM = "alarm"
ANYBODY, NOBODY = "anybody", "nobody"
#: The incident type of a report that gives none.
NO_TYPE = "none"
WITHIN = {"1h": 1, "8h": 8, "24h": 24, "3d": 72, "7d": 168}
"""Came within: hours, by the code of an address."""
OLDER = {"over-1d": 24, "over-3d": 72, "over-7d": 168, "over-30d": 720}
"""Came before: hours, by the code of an address."""
MOST_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What to show: empty values do not narrow. ``mine``: claimed by the actor.

    ``due`` is ``alarm`` or one of :data:`DUE_DAYS`, ``claimed`` is ``anybody`` or ``nobody``,
    ``age`` a code of :data:`WITHIN` or :data:`OLDER`, ``place`` the beginning of a place's code.
    A value that is none of these is no filter: the form refuses it before.
    """

    band: str = ""
    disposition: str = ""
    level: str = ""
    lane: str = ""
    urgency: str = ""
    incident_type: str = ""
    place: str = ""
    sender: str = ""
    number: str = ""
    due: str = ""
    claimed: str = ""
    age: str = ""
    new_files: bool = False
    mine: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks and when: the person's key and the instant."""

    person: int
    now: datetime


Rows = QuerySet[QueueEntry]


def narrowed(rows: Rows, wanted: QueueFilter, asking: Asking) -> Rows:
    """The rows that fit. One query, whatever is asked for."""
    rows = rows.filter(_listed(wanted))
    for field, narrow in _PLAIN.items():
        if value := getattr(wanted, field):
            rows = rows.filter(narrow(value))
    if wanted.due:
        rows = rows.filter(_due(wanted.due, asking))
    if wanted.claimed or wanted.mine:
        rows = rows.filter(_claimed(wanted, asking))
    if wanted.age:
        rows = rows.filter(_age(wanted.age, asking.now))
    return rows


def _listed(wanted: QueueFilter) -> Q:
    """Folded reports are found by their number and by who has claimed them, and not listed."""
    if wanted.done:
        return Q(done_at__isnull=False)
    return Q(done_at__isnull=True) if wanted.number or wanted.mine else OPEN


def _number(text: str) -> Q:
    typed = text.isdecimal() and len(text) <= MOST_DIGITS
    return Q(report_id=int(text)) if typed else Q()


_PLAIN: Mapping[str, Callable[[str], Q]] = {
    "band": lambda value: Q(band_rank=BAND_RANK[value]) if value in BAND_RANK else Q(),
    "disposition": lambda value: Q(disposition=value),
    "level": lambda value: Q(level=value),
    "lane": lambda value: Q(lane=value),
    "urgency": lambda value: Q(urgency=value),
    "incident_type": lambda value: Q(incident_type="" if value == NO_TYPE else value),
    "place": lambda value: Q(place__startswith=value.upper()),
    "sender": lambda value: Q(sender_name__icontains=value),
    "number": _number,
    "new_files": lambda _value: Q(new_files__gt=0),
}


def _due(code: str, asking: Asking) -> Q:
    """Deadlines that still lie ahead, within so many days.

    Naming every band and step lets a planner without statistics seek each one's part of the
    order.
    """
    if code == ALARM:
        return Q(alarm=rules_types.ALARM)
    if not (code.isdecimal() and len(code) <= MOST_DIGITS):
        return Q()
    ends = asking.now + timedelta(days=min(int(code), max(DUE_DAYS)))
    bands = list(BAND_RANK.values())
    return Q(
        band_rank__in=bands, step__in=rules_types.STEPS, deadline__gt=asking.now, deadline__lte=ends
    )


def _claimed(wanted: QueueFilter, asking: Asking) -> Q:
    """A lease that has run out claims nothing."""
    if wanted.mine:
        return Q(claimed_by_id=asking.person, claimed_until__gt=asking.now)
    if wanted.claimed == ANYBODY:
        return Q(claimed_by__isnull=False, claimed_until__gt=asking.now)
    if wanted.claimed == NOBODY:
        return Q(claimed_by__isnull=True) | Q(claimed_until__lte=asking.now)
    return Q()


def _age(code: str, now: datetime) -> Q:
    if code in WITHIN:
        return Q(received_at__gt=now - timedelta(hours=WITHIN[code]))
    if code in OLDER:
        return Q(received_at__lte=now - timedelta(hours=OLDER[code]))
    return Q()
