"""Reads of draws: what waits for a look, and what the looks have found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.rules_share import wilson
from tipline.insight.triage.draws.rules import Finding, Stratum
from tipline.insight.triage.models import BundleMember, Draw, DrawnWeek

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST_WEEKS = 26
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """What one week's draw from one stratum found. ``population``: of how many it was drawn."""

    stratum: Stratum
    week: date | None
    population: int
    drawn: int
    looked: int
    too_low: int
    too_high: int

    @property
    def share(self) -> float:
        """Share of looks that found the report ranked too low."""
        return self.too_low / self.looked if self.looked else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share of all lies, at 95 %."""
        return wilson(self.too_low, self.looked)


@dataclass(frozen=True, slots=True)
class Figures:
    """``bundles``: those with something folded. ``saved``: looks that folding has spared."""

    bundles: int
    folded: int
    listed: int
    looked_at: int
    waiting: int
    by_week: dict[Stratum, list[Found]]
    in_all: dict[Stratum, Found]

    @property
    def saved(self) -> int:
        return max(0, self.folded - self.looked_at)


def waiting(actor: Actor) -> QuerySet[Draw]:
    """Draws that nobody has looked at, the oldest week first; none for others."""
    rows = Draw.objects.select_related("report__sender")
    if not actor.may(Permission.QUEUE_WORK):
        return rows.none()
    return rows.filter(looked_at__isnull=True).order_by("week", "report_id")


def looked_at(actor: Actor) -> list[Draw]:
    """The newest findings."""
    if not actor.may(Permission.QUEUE_WORK):
        return []
    rows = Draw.objects.select_related("looked_by").filter(looked_at__isnull=False)
    return list(rows.order_by("-looked_at")[:MOST_SHOWN])


def draw_for(actor: Actor, draw_id: int) -> Draw:
    row = Draw.objects.filter(pk=draw_id).first() if actor.may(Permission.QUEUE_WORK) else None
    if row is None:
        raise NotVisible("There is no such draw.")
    return row


def draws_of(number: int) -> list[Draw]:
    """The draws of a report that wait. The caller has checked its actor."""
    return list(Draw.objects.filter(report=number, looked_at__isnull=True).order_by("week"))


def figures(actor: Actor) -> Figures:
    """What bundles spare and what draws have found, the last half year week by week."""
    actor.require(Permission.FIGURES_READ)
    leads = BundleMember.objects.filter(followers__gt=0)
    bundles = leads.values("bundle").distinct()
    folded = BundleMember.objects.filter(folded=True).count()
    listed = BundleMember.objects.filter(bundle__in=bundles, folded=False).count()
    looks = Draw.objects.all()
    by_week = _by_week()
    return Figures(
        bundles=bundles.count(),
        folded=folded,
        listed=listed,
        looked_at=looks.filter(looked_at__isnull=False, stratum=Stratum.FOLDED).count(),
        waiting=looks.filter(looked_at__isnull=True).count(),
        by_week=by_week,
        in_all={stratum: _together(stratum, rows) for stratum, rows in by_week.items()},
    )


def _by_week() -> dict[Stratum, list[Found]]:
    weeks = list(DrawnWeek.objects.order_by("-week")[:MOST_WEEKS])[::-1]
    counted = (
        Draw.objects.filter(week__in=[row.week for row in weeks])
        .values("week", "stratum")
        .annotate(
            drawn=Count("pk"),
            looked=Count("pk", filter=Q(looked_at__isnull=False)),
            low=Count("pk", filter=Q(finding=Finding.TOO_LOW)),
            high=Count("pk", filter=Q(finding=Finding.TOO_HIGH)),
        )
    )
    found = {(row["week"], row["stratum"]): row for row in counted}
    return {
        stratum: [_found(stratum, week, found.get((week.week, stratum), {})) for week in weeks]
        for stratum in Stratum
    }


def _found(stratum: Stratum, week: DrawnWeek, counted: Mapping[str, Any]) -> Found:
    return Found(
        stratum=stratum,
        week=week.week,
        population=week.folded if stratum is Stratum.FOLDED else week.bottom,
        drawn=counted.get("drawn", 0),
        looked=counted.get("looked", 0),
        too_low=counted.get("low", 0),
        too_high=counted.get("high", 0),
    )


def _together(stratum: Stratum, rows: list[Found]) -> Found:
    return Found(
        stratum=stratum,
        week=None,
        population=sum(row.population for row in rows),
        drawn=sum(row.drawn for row in rows),
        looked=sum(row.looked for row in rows),
        too_low=sum(row.too_low for row in rows),
        too_high=sum(row.too_high for row in rows),
    )
