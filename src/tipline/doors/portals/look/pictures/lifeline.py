"""A report's life as one horizontal line of stations, each with its time.

Stations stand at equal distances, since a life mixes milliseconds and months; the time
between two of them is written on the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tipline.doors.portals.look.parts import Moment
from tipline.doors.portals.look.pictures.svg import element, group, percent, picture, text
from tipline.doors.portals.look.times import absolute, span

MIDDLE = 52
HEIGHT = 104
RADIUS = 5
SMALL = 11


def lifeline(title: str, moments: Sequence[Moment]) -> SafeString:
    """The picture; reads from about 70 pixels a station. What has not come is hollow.

    Words stand above and below the line in turn, so that neighbours have room.
    """
    count = len(moments)
    come = sum(1 for moment in moments if moment.at)
    xs = [(n + 0.5) / max(count, 1) for n in range(count)]
    stations = [
        _station(m, x, above=n % 2 == 0) for n, (m, x) in enumerate(zip(moments, xs, strict=True))
    ]
    return picture(
        title,
        describe(moments),
        HEIGHT,
        _line(0, 1, "ahead", 0.25),
        _line(0, xs[come - 1] if come else 0, "gone", 1),
        *_gaps(moments, xs),
        *stations,
        kind="lifeline",
    )


def describe(moments: Sequence[Moment]) -> str:
    """Each station with its time, or that it has not come."""
    return "; ".join(f"{m.label}: {when(m)}" for m in moments) + "."


def when(moment: Moment) -> str:
    """The absolute time of a station, or "not yet"."""
    return absolute(moment.at) if moment.at else _("not yet")


def gaps(moments: Sequence[Moment]) -> list[str]:
    """The time from each station to the next one; empty where one of them has not come."""
    return [
        span(after.at - before.at) if before.at and after.at else ""
        for before, after in pairwise(moments)
    ]


def _station(moment: Moment, x: float, *, above: bool) -> SafeString:
    baseline = 18 if above else MIDDLE + 32
    look = {"fill": "currentColor"} if moment.at else {"fill": "none", "stroke": "currentColor"}
    lines = [
        element("circle", cx=percent(x), cy=MIDDLE, r=RADIUS, class_="dot", **look),
        text(str(moment.label), x=percent(x), y=baseline, anchor="middle", class_="station"),
        text(
            _short(moment.at),
            x=percent(x),
            y=baseline + 14,
            anchor="middle",
            class_="source",
            font_size=SMALL,
        ),
    ]
    state = "come" if moment.at else "ahead"
    return group(*lines, hover=f"{moment.label}: {when(moment)}", class_=f"moment {state}")


def _short(instant: datetime | None) -> str:
    if instant is None:
        return _("not yet")
    return timezone.localtime(instant).strftime("%m-%d %H:%M")


def _line(start: float, end: float, kind: str, opacity: float) -> SafeString:
    return element(
        "line",
        x1=percent(start),
        x2=percent(end),
        y1=MIDDLE,
        y2=MIDDLE,
        class_=kind,
        stroke="currentColor",
        stroke_width=2,
        stroke_opacity=opacity,
    )


def _gaps(moments: Sequence[Moment], xs: Sequence[float]) -> list[SafeString]:
    return [
        text(
            length,
            x=percent((before + after) / 2),
            y=MIDDLE - 5,
            anchor="middle",
            class_="source",
            font_size=SMALL,
        )
        for length, (before, after) in zip(gaps(moments), pairwise(xs), strict=True)
        if length
    ]
