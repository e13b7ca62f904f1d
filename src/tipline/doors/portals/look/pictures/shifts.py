"""What each of some values is before and after, on one line with a zero: a ring and a dot."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from tipline.doors.portals.look.parts import Shift
from tipline.doors.portals.look.pictures.bits import in_bits
from tipline.doors.portals.look.pictures.svg import element, group, percent, picture, text, wrap

LINE = 17
TRACK = 16
ROW_GAP = 6
LABEL_WIDTH = 300
RING = 4


def shifts(title: str, rows: Sequence[Shift], unit: str) -> SafeString:
    """The picture: all rows on one scale, which holds zero."""
    values = [0.0, *(each for row in rows for each in (row.before, row.after))]
    low, high = min(values), max(values)
    drawn: list[SafeString] = []
    y = 0.0
    for row in rows:
        made, height = _row(row, y, (low, (high - low) or 1.0), unit)
        drawn.append(made)
        y += height
    return picture(title, describe(rows, unit), y, *drawn, kind="shifts")


def describe(rows: Sequence[Shift], unit: str) -> str:
    """Each row's label and both values."""
    return "; ".join(f"{row.label}: {words(row, unit)}" for row in rows) + "."


def words(row: Shift, unit: str) -> str:
    return f"{in_bits(row.before)} \N{RIGHTWARDS ARROW} {in_bits(row.after)} {unit}"


def _row(row: Shift, y: float, scale: tuple[float, float], unit: str) -> tuple[SafeString, float]:
    lines = wrap(str(row.label), LABEL_WIDTH)
    base = y + LINE * len(lines)
    middle = base + TRACK / 2
    zero, before, after = (_at(value, scale) for value in (0.0, row.before, row.after))
    said = words(row, unit)
    parts = [text(line, x=0, y=y + LINE * (n + 1) - 4) for n, line in enumerate(lines)]
    parts += [
        text(said, x="100%", y=base - 4, anchor="end", class_="points"),
        element("line", x1=zero, x2=zero, y1=base, y2=base + TRACK, class_="axis"),
        element("line", x1=before, x2=after, y1=middle, y2=middle, class_="shift-way"),
        element("circle", cx=before, cy=middle, r=RING, class_="shift-before"),
        element("circle", cx=after, cy=middle, r=RING, class_="shift-after"),
    ]
    height = LINE * len(lines) + TRACK + ROW_GAP
    return group(*parts, hover=f"{row.label}: {said}", class_="step"), height


def _at(value: float, scale: tuple[float, float]) -> str:
    """Where a value stands, as a share of the width, off the edges by the size of a ring."""
    low, span = scale
    return percent(0.02 + 0.96 * (value - low) / span)
