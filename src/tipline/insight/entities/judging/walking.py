"""Reads of what stands around a report: the ties that may hold a cluster."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db import connection
from django.db.models import Q

from tipline.insight.entities.judging.rules import State, Tie
from tipline.insight.entities.models import Judgement, Link

#: A walk ends here. What hangs on a cluster of more reports is no longer looked at.
MOST_WALKED = 2_000
#: Links that count; and those that would if nothing barred them, too.
COUNTING: Final = "l.state IN ('automatic', 'confirmed')"
HOLDING: Final = (
    f"({COUNTING} OR (l.machine = 'automatic' AND l.state = 'proposed'"
    " AND l.barred_by_id IS NOT NULL))"
)
_STEP: Final = """
    UNION
    SELECT CASE WHEN l.low_id = near.report THEN l.high_id ELSE l.low_id END
    FROM near JOIN entities_link l ON (l.low_id = near.report OR l.high_id = near.report)
    WHERE """


@dataclass(slots=True)
class Region:
    """Reports that hang together. ``whole``: False where the walk was cut short."""

    members: set[int] = field(default_factory=set)
    whole: bool = True


def walk(start: Collection[int], along: str = HOLDING, most: int = MOST_WALKED) -> Region:
    """Everything that hangs on these reports, in one statement.

    ``along``: :data:`COUNTING` or :data:`HOLDING`. One that is cut short keeps the nearest.
    """
    if not start:
        return Region()
    first = ", ".join(["(CAST(%s AS bigint))"] * len(start))
    statement = (
        f"WITH RECURSIVE near(report) AS (VALUES {first}{_STEP}{along})"  # noqa: S608 - our words
        " SELECT report FROM near LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*sorted(start), most + 1])
        found = [number for (number,) in cursor.fetchall()]
    return Region({*start, *found[:most]}, whole=len(found) <= most)


def told_apart(numbers: Collection[int]) -> list[Link]:
    """Pairs that people told apart, of which either is among these."""
    rows = Link.objects.filter(Q(low__in=numbers) | Q(high__in=numbers), apart=True)
    return list(rows.order_by("pk"))


def ties_among(numbers: Collection[int]) -> list[Link]:
    """All links of which both ends are among these, without their reasons."""
    rows = Link.objects.filter(low__in=numbers, high__in=numbers)
    return list(rows.defer("reasons", "version", "at").order_by("pk"))


def tie_of(link: Link) -> Tie:
    """A stored link as the rules see it, without what stands around it."""
    state = State(link.state)
    if link.news:
        return Tie(link.pk, link.low_id, link.high_id, state, link.points, link.apart, True)
    if state in (State.AUTOMATIC, State.PROPOSED, State.BARRED):
        state = State(link.machine)
    return Tie(link.pk, link.low_id, link.high_id, state, link.points, link.apart)


def ledger_of(links: Iterable[Link]) -> dict[int, list[Judgement]]:
    """The rows of the ledger by link, the oldest first."""
    found: dict[int, list[Judgement]] = {}
    for row in Judgement.objects.filter(link__in=[link.pk for link in links]).order_by("pk"):
        found.setdefault(row.link_id, []).append(row)
    return found
