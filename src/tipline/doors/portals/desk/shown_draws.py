"""Draws and what they found, as the desk shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_queue import Row, row_of
from tipline.doors.portals.look.parts import Fact, Series, Table
from tipline.doors.portals.look.pictures.bars import figure
from tipline.ground.foundation import clock
from tipline.insight.triage.draws.queries import Figures, Found
from tipline.insight.triage.draws.rules import Finding, Stratum
from tipline.insight.triage.queue import entries_of

if TYPE_CHECKING:
    from tipline.insight.triage.models import Draw


@dataclass(frozen=True, slots=True)
class ShownDraw:
    """One report that was drawn. ``row`` is None for one that lost its place."""

    id: int
    number: int
    week: date
    stratum: str
    row: Row | None
    finding: str
    note: str
    who: str
    when: datetime | None


def stratum_words(stratum: str) -> str:
    """From what was drawn."""
    known = {
        Stratum.FOLDED: _("Folded under another"),
        Stratum.BOTTOM: _("Bottom of the queue"),
    }
    return known[Stratum(stratum)]


def finding_words(finding: str) -> str:
    """What a look found; empty while nobody has looked."""
    known = {
        Finding.AS_RANKED: _("As ranked"),
        Finding.TOO_LOW: _("Ranked too low"),
        Finding.TOO_HIGH: _("Ranked too high"),
    }
    return known[Finding(finding)] if finding else ""


def shown_draws(draws: Sequence[Draw], me: int | None) -> list[ShownDraw]:
    """The draws with the reports as the queue shows them."""
    places = entries_of(draw.report_id for draw in draws)
    now = clock.now()
    return [
        ShownDraw(
            id=draw.pk,
            number=draw.report_id,
            week=draw.week,
            stratum=stratum_words(draw.stratum),
            row=row_of(place, me, now) if (place := places.get(draw.report_id)) else None,
            finding=finding_words(draw.finding),
            note=draw.note,
            who=draw.looked_by.name if draw.looked_by else "",
            when=draw.looked_at,
        )
        for draw in draws
    ]


def figure_facts(figures: Figures) -> tuple[Fact, ...]:
    """What stands above the pictures."""
    return (
        Fact(_("Draws that wait for a look"), figure(figures.waiting)),
        Fact(_("Bundles in which reports are folded"), figure(figures.bundles)),
        Fact(_("Reports folded"), figure(figures.folded)),
        Fact(_("Reports of these bundles that are listed"), figure(figures.listed)),
        Fact(
            _("Looks saved"),
            figure(figures.saved),
            note=_("folded reports, less those that were drawn and looked at"),
        ),
    )


def too_low_series(figures: Figures) -> list[Series]:
    """Per stratum, week by week: the share found too low in percent, with its interval."""
    return [
        Series(
            stratum_words(stratum),
            tuple((_week(found), _percent(found.share)) for found in rows if found.looked),
            tuple(
                (_percent(found.interval[0]), _percent(found.interval[1]))
                for found in rows
                if found.looked
            ),
        )
        for stratum, rows in figures.by_week.items()
    ]


def too_low_table(figures: Figures) -> Table:
    """Every figure behind the pictures, the newest week first, then all weeks together."""
    rows = [row for stratum in Stratum for row in _rows(figures, stratum)]
    headings = (
        _("From"),
        _("Week of"),
        _("Reports"),
        _("Drawn"),
        _("Looked at"),
        _("Too low"),
        _("Too high"),
        _("Share too low"),
        _("95 % interval"),
    )
    return Table(headings, tuple(_cells(row) for row in rows))


def _rows(figures: Figures, stratum: Stratum) -> list[Found]:
    return [*reversed(figures.by_week[stratum]), figures.in_all[stratum]]


def _cells(found: Found) -> tuple[str, ...]:
    low, high = (_percent(share) for share in found.interval)
    looked = found.looked > 0
    return (
        stratum_words(found.stratum),
        _week(found),
        *(
            figure(n)
            for n in (found.population, found.drawn, found.looked, found.too_low, found.too_high)
        ),
        f"{figure(_percent(found.share))} %" if looked else "\N{EN DASH}",
        _("%(low)s to %(high)s %%") % {"low": figure(low), "high": figure(high)}
        if looked
        else "\N{EN DASH}",
    )


def _week(found: Found) -> str:
    return found.week.isoformat() if found.week else _("all weeks")


def _percent(share: float) -> float:
    return round(100 * share, 1)
