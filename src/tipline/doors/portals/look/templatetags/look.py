"""Tags and filters of the look: thin, each hands on to the pictures, signs and times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tipline.doors.portals.look import figures, times
from tipline.doors.portals.look.parts import (
    Bar,
    Calibration,
    Event,
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
from tipline.doors.portals.look.pictures import clocks, waterfall
from tipline.doors.portals.look.signs import ALARMS, Sign, band_sign, source_sign
from tipline.ground.foundation import clock as the_clock
from tipline.ground.foundation import reasons as ground

register = template.Library()


@register.simple_tag
def band(code: str, *, unconfirmed: bool = False) -> SafeString:
    """A danger band: word and shape; ``unconfirmed`` says that no person has looked yet."""
    sign = band_sign(code)
    note = format_html(' <small class="band-note">{}</small>', _("unconfirmed"))
    return format_html(
        '<span class="band band-{}" title="{}">{} <span class="shape" aria-hidden="true">{}</span>'
        "{}</span>",
        sign.code,
        sign.words,
        sign.word,
        sign.shape,
        note if unconfirmed else "",
    )


@register.simple_tag
def asserted(source: str | None) -> SafeString:
    """Who says so, as a small tag; nothing when nobody is named."""
    return _tag(source_sign(source)) if source else SafeString("")


@register.simple_tag
def alarm(nearness: int, words: Words = "") -> SafeString:
    """How near a clock is to its end: word and shape; nothing while nothing presses."""
    sign = ALARMS.get(nearness)
    if sign is None:
        return SafeString("")
    return format_html(
        '<span class="alarm alarm-{}" title="{}">{} '
        '<span class="shape" aria-hidden="true">{}</span></span>',
        sign.code,
        words or sign.words,
        sign.word,
        sign.shape,
    )


@register.simple_tag
def key(keys: str) -> SafeString:
    """The hint of a key inside a button or link."""
    return format_html('<kbd class="key" aria-hidden="true">{}</kbd>', keys)


@register.simple_tag(takes_context=True)
def when(
    context: template.Context,
    instant: datetime | None = None,
    *,
    written: str = "",
    absolute: bool = False,
    now: datetime | None = None,
) -> SafeString:
    """A time: relative, with the absolute one and its zone on hover and in print.

    ``written`` is the original, shown beside it. Without an instant (its zone is not
    known) only the original stands there, and that its zone was not given.
    """
    if instant is None:
        return _as_written(written)
    words = times.absolute(instant) if absolute else times.ago(instant, _now(context, now))
    return format_html(
        '<time class="when" datetime="{}" title="{}">{}</time>{}',
        times.machine(instant),
        times.absolute(instant),
        words,
        format_html(' <span class="written">{}</span>', _("as written: %s") % written)
        if written
        else "",
    )


@register.simple_tag
def reason_words(reason: ground.Reason) -> str:
    """The reason in words, in the reader's language."""
    return ground.words(reason)


@register.simple_tag(takes_context=True)
def clock_small(
    context: template.Context,
    end: datetime | None,
    start: datetime,
    *,
    now: datetime | None = None,
) -> SafeString:
    """What is left, as words and a small bar; a dash when no clock runs."""
    if end is None:
        return SafeString("\N{EN DASH}")
    at = _now(context, now)
    return format_html(
        '<span class="clock-small"><time datetime="{}" title="{}">{}</time>{}</span>',
        times.machine(end),
        times.absolute(end),
        times.left(end, at),
        clocks.small_bar(start, end, at),
    )


@register.inclusion_tag("look/figure.html", name="waterfall")
def waterfall_tag(
    reasons: Iterable[ground.Reason],
    title: Words,
    *,
    unit: str = "",
    top: int | None = None,
    layout: waterfall.Layout = "stacked",
    would_change: Iterable[ground.Reason | Words] = (),
) -> figures.Context:
    """Reasons as a waterfall, with its table and what would change it."""
    return figures.waterfall_figure(
        list(reasons), title, unit=unit, top=top, layout=layout, would_change=would_change or ()
    )


@register.inclusion_tag("look/figure.html")
def bits(
    weighed: Weighed, title: Words, *, layout: waterfall.Layout = "stacked"
) -> figures.Context:
    """Evidence in bits as a waterfall, with its table."""
    return figures.bits_figure(weighed, title, layout=layout)


@register.inclusion_tag("look/figure.html")
def ties(nodes: Sequence[Node], tied: Sequence[Tie], title: Words) -> figures.Context:
    """Who is tied to whom; the page has the table."""
    return figures.ties_figure(nodes, tied, title)


@register.inclusion_tag("look/figure.html")
def events(rows: Sequence[Words], happened: Sequence[Event], title: Words) -> figures.Context:
    """Events over time, with their table."""
    return figures.events_figure(rows, happened, title)


@register.inclusion_tag("look/figure.html", takes_context=True, name="clock")
def clock_tag(
    context: template.Context,
    label: Words,
    start: datetime,
    end: datetime,
    *,
    now: datetime | None = None,
) -> figures.Context:
    """A clock that empties, with its date."""
    return figures.clock_figure(label, start, end, _now(context, now))


@register.inclusion_tag("look/figure.html")
def lifeline(moments: Sequence[Moment], title: Words) -> figures.Context:
    """A report's life as one line."""
    return figures.lifeline_figure(list(moments), title)


@register.inclusion_tag("look/figure.html")
def bars(rows: Sequence[Bar], title: Words, *, unit: str = "") -> figures.Context:
    """Counts as bars, with their table."""
    return figures.bars_figure(list(rows), title, unit)


@register.inclusion_tag("look/figure.html")
def multiples(
    series: Sequence[Series], title: Words, *, unit: str = "", table: Table | None = None
) -> figures.Context:
    """Small multiples on one scale, with their table or the one that is given."""
    return figures.multiples_figure(list(series), title, unit, table)


@register.inclusion_tag("look/figure.html")
def moves(grid: Moves, title: Words) -> figures.Context:
    """What moves from which step to which, with its table."""
    return figures.moves_figure(grid, title)


@register.inclusion_tag("look/figure.html")
def shifts(rows: Sequence[Shift], title: Words, *, unit: str = "") -> figures.Context:
    """Values before and after on one line, with their table."""
    return figures.shifts_figure(list(rows), title, unit)


@register.inclusion_tag("look/figure.html")
def calibration(shown: Calibration, title: Words) -> figures.Context:
    """What was foretold against what was found, with its table."""
    return figures.calibration_figure(shown, title)


@register.inclusion_tag("look/sort_header.html", takes_context=True)
def sort_header(context: template.Context, label: Words, field: str) -> dict[str, Any]:
    """A column heading that sorts: ``?sort=field``, and ``-field`` when pressed again."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    direction = {field: "ascending", f"-{field}": "descending"}.get(query.get("sort", ""), "")
    query["sort"] = f"-{field}" if direction == "ascending" else field
    query.pop("page", None)
    return {"label": label, "direction": direction, "query": query.urlencode()}


@register.filter
def ago(instant: datetime, now: datetime) -> str:
    """``3 h ago``."""
    return times.ago(instant, now)


@register.filter
def left(instant: datetime, now: datetime) -> str:
    """``3 h left`` or ``3 h over``."""
    return times.left(instant, now)


_LIMIT = re.compile(r"\.(cap|bound)\b")


@register.filter
def strongest(reasons: Iterable[ground.Reason], count: int) -> list[ground.Reason]:
    """The reasons that move the sum most; caps and bounds explain nothing to a hurried reader."""
    said = [reason for reason in reasons if not _LIMIT.search(reason.code)]
    return waterfall.moving(said)[:count]


@register.filter
def signed(points: int) -> str:
    """``+40``, ``-12`` (with a real minus), ``0``."""
    return waterfall.signed(points)


@register.filter
def yes_no(value: bool | None) -> str:
    """Yes, no, or "not said": absent is never no."""
    if value is None:
        return _("not said")
    return _("yes") if value else _("no")


def _tag(sign: Sign) -> SafeString:
    return format_html(
        '<span class="tag tag-{}" title="{}"><span class="shape" aria-hidden="true">{}</span> {}'
        "</span>",
        sign.code,
        sign.words,
        sign.shape,
        sign.word,
    )


def _as_written(written: str) -> SafeString:
    if not written:
        return SafeString("\N{EN DASH}")
    return format_html(
        '<span class="when">{}</span> <span class="written">{}</span>',
        written,
        _("zone not given"),
    )


def _now(context: template.Context, given: datetime | None) -> datetime:
    """The page's one instant: given, the context's, or the clock's."""
    found = given or context.get("now")
    return found if isinstance(found, datetime) else the_clock.now()
