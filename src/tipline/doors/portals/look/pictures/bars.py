"""Counts as bars: one row each, label and figure readable, longest is the whole width."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.safestring import SafeString

from tipline.doors.portals.look.parts import Bar
from tipline.doors.portals.look.pictures.svg import element, group, percent, picture, text, wrap

LINE = 17
THICK = 8
ROW_GAP = 8
LABEL_WIDTH = 210


def figure(value: float | None, unit: str = "") -> str:
    """A count with its unit, grouped as the reader's language does; a dash when withheld."""
    if value is None:
        return "\N{EN DASH}"
    plain = int(value) if float(value).is_integer() else round(value, 2)
    return f"{number_format(plain, force_grouping=True)} {unit}".strip()


def bars(title: str, rows: Sequence[Bar], unit: str = "") -> SafeString:
    """The picture. Values are zero or more; a withheld one has no bar, only its note."""
    longest = max((row.value or 0 for row in rows), default=0)
    drawn: list[SafeString] = []
    y = 0.0
    for row in rows:
        made, height = _row(row, y, longest, unit)
        drawn.append(made)
        y += height
    return picture(title, describe(rows, unit), y, *drawn, kind="bars")


def describe(rows: Sequence[Bar], unit: str = "") -> str:
    """Each row's label and figure."""
    return "; ".join(f"{row.label}: {_words(row, unit)}" for row in rows) + "."


def _words(row: Bar, unit: str) -> str:
    if row.value is None and row.note:
        return str(row.note)
    return figure(row.value, unit)


def _row(row: Bar, y: float, longest: float, unit: str) -> tuple[SafeString, float]:
    if row.value is not None and row.value < 0:
        raise ValueError(f"a count cannot be below zero: {row.value}")
    lines = wrap(str(row.label), LABEL_WIDTH)
    base = y + LINE * len(lines)
    parts = [text(line, x=0, y=y + LINE * (n + 1) - 4) for n, line in enumerate(lines)]
    parts.append(text(_words(row, unit), x="100%", y=base - 4, anchor="end", class_="points"))
    share = (row.value or 0) / longest if longest else 0
    if row.value is not None:
        parts += [_bar(1, base, "hollow", 0.12), _bar(share, base, "bar", 1)]
    hover = f"{row.label}: {_words(row, unit)}"
    return group(*parts, hover=hover, class_="step"), LINE * len(lines) + THICK + ROW_GAP


def _bar(share: float, y: float, kind: str, opacity: float) -> SafeString:
    return element(
        "rect", x=0, y=y, width=percent(share), height=THICK, class_=kind, fill_opacity=opacity
    )
