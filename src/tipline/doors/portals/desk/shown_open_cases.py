"""Agencies' open cases that a report belongs to, or is a new tip on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tipline.delivery.cases.tips import open_cases_with
from tipline.insight.entities.queries import counted_neighbours

if TYPE_CHECKING:
    from tipline.insight.triage.models import QueueEntry


@dataclass(frozen=True, slots=True)
class ShownCase:
    """An agency's open case, in which this report is worked, or one that is linked to it."""

    agency: str
    member: int
    own: bool
    opened: datetime


def open_cases(entry: QueueEntry) -> list[ShownCase]:
    """Where this report's subject is worked already: in open cases with it or a linked report."""
    number = entry.report_id
    linked = counted_neighbours(number)
    return [
        ShownCase(one.agency_name, one.member, one.member == number, one.opened)
        for one in open_cases_with({number, *linked})
    ]
