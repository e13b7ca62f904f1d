"""What a search found, by report: who has it, how it was written, how near it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_identifiers import (
    kind_words,
    origin_words,
    times_of,
    written_of,
)
from tipline.doors.portals.desk.shown_places import role_words
from tipline.doors.portals.look.signs import BANDS
from tipline.ground.foundation.actor import Actor
from tipline.insight.entities.scoring.words import level_words
from tipline.insight.entities.searching.rules import SAME, SAME_NETWORK
from tipline.insight.triage.news import rows_now

if TYPE_CHECKING:
    from tipline.insight.entities.searching.queries import Found, Hit
    from tipline.record.reports.models import Report


@dataclass(frozen=True, slots=True)
class ShownHit:
    """One value of a report. ``level``: how near it is to what was asked for."""

    role: str
    kind: str
    level: str
    written: tuple[str, ...]
    scope: str
    origin: str
    path: str
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A report with what was found in it. ``band``: empty before it is ranked."""

    number: int
    url: str
    band: str
    sender: str
    test: bool
    filed: datetime | None
    hits: tuple[ShownHit, ...]


def shown_found(actor: Actor, found: Found) -> dict[str, list[ShownReport]]:
    """Reports with the same value, and others with one that is like it; one read for all."""
    bands = {row.report_id: row.band_rank for row in rows_now(actor, sorted(found.reports))}
    codes = tuple(BANDS)
    told = {number: codes[rank] for number, rank in bands.items()}
    first = {hit.identifier.report_id for hit in found.same}
    others = [hit for hit in found.alike if hit.identifier.report_id not in first]
    beside = [hit for hit in found.alike if hit.identifier.report_id in first]
    return {
        "same": _by_report([*found.same, *beside], told),
        "alike": _by_report(others, told),
    }


def _by_report(hits: Sequence[Hit], bands: dict[int, str]) -> list[ShownReport]:
    reports = {hit.identifier.report_id: hit.identifier.report for hit in hits}
    return [
        _shown(report, _of(number, hits), bands.get(number, ""))
        for number, report in reports.items()
    ]


def _of(number: int, hits: Iterable[Hit]) -> list[Hit]:
    return [hit for hit in hits if hit.identifier.report_id == number]


def _shown(report: Report, hits: Sequence[Hit], band: str) -> ShownReport:
    return ShownReport(
        report.pk,
        reverse("desk:report", args=[report.pk]),
        band,
        report.sender.name if report.sender else "",
        report.is_test,
        report.ended_at,
        tuple(_shown_hit(hit) for hit in hits),
    )


def _shown_hit(hit: Hit) -> ShownHit:
    row = hit.identifier
    return ShownHit(
        role_words(row.role),
        kind_words(row.kind),
        likeness_words(hit.comparison, hit.level),
        written_of(row),
        row.scope,
        origin_words(row.origin),
        row.path,
        times_of(row),
    )


def likeness_words(comparison: str, level: str) -> str:
    """How near a value is to what was asked for."""
    if level == SAME:
        return _("The same")
    return _("Same network") if level == SAME_NETWORK else level_words(comparison, level)
