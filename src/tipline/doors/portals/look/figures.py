"""What stands around each picture: its title, its table, and the words below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _

from tipline.doors.portals.look.parts import (
    Bar,
    Calibration,
    Event,
    Mark,
    Moment,
    Moves,
    Node,
    Series,
    Shift,
    Table,
    Tie,
    Weighed,
    Words,
)
from tipline.doors.portals.look.pictures.bars import bars, figure
from tipline.doors.portals.look.pictures.bits import bits, in_bits
from tipline.doors.portals.look.pictures.calibration import calibration
from tipline.doors.portals.look.pictures.clocks import clock
from tipline.doors.portals.look.pictures.events import events
from tipline.doors.portals.look.pictures.lifeline import lifeline, when
from tipline.doors.portals.look.pictures.moves import moves
from tipline.doors.portals.look.pictures.multiples import multiple, scale_of
from tipline.doors.portals.look.pictures.shifts import shifts
from tipline.doors.portals.look.pictures.ties import ties
from tipline.doors.portals.look.pictures.waterfall import (
    Layout,
    explaining,
    in_order,
    signed,
    waterfall,
)
from tipline.doors.portals.look.signs import source_sign
from tipline.doors.portals.look.times import absolute
from tipline.ground.foundation.reasons import Reason, total, words

Context = dict[str, Any]
"""What ``look/figure.html`` reads."""


def waterfall_figure(
    reasons: Sequence[Reason],
    title: Words,
    *,
    unit: str = "",
    top: int | None = None,
    layout: Layout = "stacked",
    would_change: Iterable[Reason | Words] = (),
) -> Context:
    """The waterfall, what explains without moving, and what would change it.

    ``beside`` is drawn in both layouts; the style sheet shows the one that has room.
    """
    wanted: tuple[Layout, ...] = ("beside", "stacked") if layout == "beside" else ("stacked",)
    return {
        "kind": "waterfall",
        "title": title,
        "layout": layout,
        "pictures": [
            waterfall(str(title), reasons, unit=unit, top=top, layout=one) for one in wanted
        ],
        "explaining": explaining(reasons),
        "would_change": [_sentence(item) for item in would_change],
        "table": _reasons_table(reasons, unit),
    }


def bits_figure(weighed: Weighed, title: Words, *, layout: Layout = "stacked") -> Context:
    """Evidence in bits, with each sum on the way as a table; ``beside`` as for the waterfall."""
    wanted: tuple[Layout, ...] = ("beside", "stacked") if layout == "beside" else ("stacked",)
    sums = accumulate(weight.bits for weight in weighed.weights)
    rows = [
        (str(weight.label), in_bits(weight.bits), in_bits(at))
        for weight, at in zip(weighed.weights, sums, strict=True)
    ]
    line = [(str(weighed.line[1]), "", in_bits(weighed.line[0]))] if weighed.line else []
    total = (str(weighed.total_label), "", in_bits(weighed.total))
    return {
        "kind": "waterfall",
        "title": title,
        "layout": layout,
        "pictures": [bits(str(title), weighed, layout=one) for one in wanted],
        "moves_nothing": weighed.explaining,
        "table": Table((_("Evidence"), _("Bits"), _("Sum so far")), (*rows, total, *line)),
    }


def ties_figure(nodes: Sequence[Node], tied: Sequence[Tie], title: Words) -> Context:
    """Who is tied to whom. The page has the table of all ties, numbered as in the picture."""
    return {"kind": "ties", "title": title, "pictures": [ties(str(title), nodes, tied)]}


def events_figure(rows: Sequence[Words], happened: Sequence[Event], title: Words) -> Context:
    """Events over time, with all of them as a table."""
    ordered = sorted(happened, key=lambda event: event.at)
    cells = tuple((absolute(event.at), rows[event.row], event.words) for event in ordered)
    return {
        "kind": "events",
        "title": title,
        "pictures": [events(str(title), rows, happened)],
        "table": Table((_("When"), _("Where"), _("What")), cells),
    }


def clock_figure(label: Words, start: datetime, end: datetime, now: datetime) -> Context:
    """The clock; its words and date stand in the picture as text, so it needs no table."""
    return {"kind": "clock", "pictures": [clock(str(label), start, end, now)]}


def lifeline_figure(moments: Sequence[Moment], title: Words) -> Context:
    """The line for wide places, and its stations as a list for narrow ones and as text."""
    return {
        "kind": "lifeline",
        "title": title,
        "pictures": [lifeline(str(title), moments)],
        "stations": [{"moment": moment, "when": when(moment)} for moment in moments],
    }


def bars_figure(rows: Sequence[Bar], title: Words, unit: str = "") -> Context:
    """Bars with their table."""
    wide = 3 if any(row.note for row in rows) else 2
    headings = (title, _("Count"), _("Note"))[:wide]
    cells = tuple((row.label, figure(row.value, unit), row.note)[:wide] for row in rows)
    return {
        "kind": "bars",
        "title": title,
        "pictures": [bars(str(title), rows, unit)],
        "table": Table(headings, cells),
    }


def multiples_figure(
    series: Sequence[Series], title: Words, unit: str = "", table: Table | None = None
) -> Context:
    """Small multiples on one scale, with one table: a row per column, a column per series.

    ``table``: another one, where the page has more to say than the pictures show.
    """
    scale = scale_of(series)
    columns = list(dict.fromkeys(label for one in series for label, _value in one.points))
    values = [dict(one.points) for one in series]
    return {
        "kind": "multiples",
        "title": title,
        "multiples": [(one, multiple(one, scale, unit)) for one in series],
        "table": table
        or Table(
            ("", *(one.label for one in series)),
            tuple((c, *(figure(value.get(c), unit) for value in values)) for c in columns),
        ),
    }


def moves_figure(grid: Moves, title: Words) -> Context:
    """What moves from which step to which, with its table."""
    rows = tuple(
        (label, *(figure(count) for count in counts))
        for label, counts in zip(grid.steps, grid.counts, strict=True)
    )
    return {
        "kind": "moves",
        "title": title,
        "pictures": [moves(str(title), grid)],
        "table": Table((_("From / to"), *grid.steps), rows),
    }


def shifts_figure(rows: Sequence[Shift], title: Words, unit: str) -> Context:
    """Values before and after, with their table."""
    cells = tuple((row.label, in_bits(row.before), in_bits(row.after)) for row in rows)
    return {
        "kind": "shifts",
        "title": title,
        "pictures": [shifts(str(title), rows, unit)],
        "table": Table((_("Value"), _("Before"), _("After")), cells),
    }


def calibration_figure(shown: Calibration, title: Words) -> Context:
    """Foretold against found, with its table."""
    rows = tuple(
        (label, str(mark.cases), *(f"{100 * n:.0f} %" for n in _numbers(mark)))
        for label, marks in ((shown.label, shown.marks), (shown.beside_label, shown.beside))
        for mark in marks
    )
    headings = (_("Points"), _("Reports"), _("Foretold"), _("Found"), _("At least"), _("At most"))
    return {
        "kind": "calibration",
        "title": title,
        "pictures": [calibration(str(title), shown)],
        "table": Table(headings, rows),
    }


def _numbers(mark: Mark) -> tuple[float, ...]:
    return mark.foretold, mark.found, mark.low, mark.high


def _sentence(item: Reason | Words) -> str:
    return words(item) if isinstance(item, Reason) else str(item)


def _reasons_table(reasons: Sequence[Reason], unit: str) -> Table:
    ordered = [*in_order(reasons), *explaining(reasons)]
    rows = [(words(r), source_sign(r.source).word, signed(r.points)) for r in ordered]
    points = f"{_('Points')} ({unit})" if unit else _("Points")
    return Table(
        (_("Reason"), _("Said by"), points),
        (*rows, (_("Total"), "", signed(total(reasons)))),
    )
