"""Small multiples: one little column picture per series, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from tipline.doors.portals.look.parts import Series
from tipline.doors.portals.look.pictures.bars import figure
from tipline.doors.portals.look.pictures.svg import element, group, percent, picture, text

TOP = 16
COLUMNS = 56
HEIGHT = TOP + COLUMNS + 18
SMALL = 11
FILL = 0.8


def scale_of(series: Sequence[Series]) -> float:
    """The largest value of all series, of their ranges too: the height of a full column."""
    values = (value for one in series for _label, value in one.points)
    highest = (high for one in series for _low, high in one.ranges)
    return max((*values, *highest), default=0)


def multiple(series: Series, scale: float, unit: str = "") -> SafeString:
    """One picture: a column per value, the highest and the last one with their figures."""
    count = max(len(series.points), 1)
    columns = [
        _column(n, count, _share(value, scale), f"{label}: {figure(value, unit)}")
        for n, (label, value) in enumerate(series.points)
    ]
    columns += [_range(n, count, *ends, scale) for n, ends in enumerate(series.ranges)]
    return picture(
        str(series.label),
        describe(series, unit),
        HEIGHT,
        element(
            "line",
            x1=0,
            x2="100%",
            y1=TOP + COLUMNS,
            y2=TOP + COLUMNS,
            class_="zero",
            stroke="currentColor",
            stroke_opacity="0.35",
        ),
        *columns,
        *_ends(series),
        kind="multiple",
    )


def describe(series: Series, unit: str = "") -> str:
    """Each column's label and figure, and between which its true value lies."""
    said = [f"{label}: {figure(value, unit)}" for label, value in series.points]
    for n, (low, high) in enumerate(series.ranges):
        said[n] += f" ({figure(low, unit)}\N{EN DASH}{figure(high, unit)})"
    return "; ".join(said) + "."


def _share(value: float, scale: float) -> float:
    if value < 0:
        raise ValueError(f"a count cannot be below zero: {value}")
    return value / scale if scale else 0


def _column(n: int, count: int, share: float, hover: str) -> SafeString:
    bar = element(
        "rect",
        x=percent((n + (1 - FILL) / 2) / count),
        y=TOP + COLUMNS * (1 - share),
        width=percent(FILL / count),
        height=COLUMNS * share,
        class_="bar",
    )
    return group(bar, hover=hover, class_="column")


def _range(n: int, count: int, low: float, high: float, scale: float) -> SafeString:
    """A thin line over the column, from the lowest to the highest that the value may be."""
    x = percent((n + 0.5) / count)
    top, bottom = (TOP + COLUMNS * (1 - _share(end, scale)) for end in (high, low))
    return element(
        "line", x1=x, x2=x, y1=top, y2=bottom, class_="range", stroke="currentColor", stroke_width=2
    )


def _ends(series: Series) -> list[SafeString]:
    """The labels of the first and last column below, their highest figure above."""
    if not series.points:
        return []
    (first, _first), (last, _last) = series.points[0], series.points[-1]
    highest = max(range(len(series.points)), key=lambda n: series.points[n][1])
    place = (highest + 0.5) / len(series.points)
    anchor = "start" if place < 0.2 else "end" if place > 0.8 else "middle"
    x = {"start": 0.0, "end": 1.0}.get(anchor, place)
    ends = [
        text(
            figure(series.points[highest][1]),
            x=percent(x),
            y=TOP - 5,
            anchor=anchor,
            class_="points",
            font_size=SMALL,
        ),
        text(first, x=0, y=HEIGHT - 4, class_="source", font_size=SMALL),
    ]
    if len(series.points) > 1:
        ends.append(
            text(last, x="100%", y=HEIGHT - 4, anchor="end", class_="source", font_size=SMALL)
        )
    return ends
