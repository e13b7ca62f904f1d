"""Counts from one set of steps to another as a grid: rows from, columns to, each with its figure.

What stays lies on the diagonal and is outlined; what moves is filled, the more the darker.
"""

from __future__ import annotations

from django.utils.safestring import SafeString

from tipline.doors.portals.look.parts import Moves
from tipline.doors.portals.look.pictures.bars import figure
from tipline.doors.portals.look.pictures.svg import element, group, percent, picture, text

ROW = 34
GAP = 3
LABELS = 0.2
FAINT, FULL = 0.08, 0.42


def moves(title: str, grid: Moves) -> SafeString:
    """The picture. Counts are zero or more; ``grid.counts`` has a row per step."""
    most = max(
        (n for r, row in enumerate(grid.counts) for c, n in enumerate(row) if r != c), default=0
    )
    drawn = [_heading(grid, column) for column in range(len(grid.steps))]
    for row, label in enumerate(grid.steps):
        drawn.append(text(str(label), x=0, y=_top(row) + ROW / 2 + 4))
        drawn += [_cell(grid, row, column, most) for column in range(len(grid.steps))]
    height = _top(len(grid.steps))
    return picture(title, describe(grid), height, *drawn, kind="moves")


def describe(grid: Moves) -> str:
    """Each cell that is not empty: from, to, how many."""
    said = [
        f"{grid.steps[row]} → {grid.steps[column]}: {figure(count)}"
        for row, counts in enumerate(grid.counts)
        for column, count in enumerate(counts)
        if count
    ]
    return "; ".join(said) + "."


def _top(row: int) -> float:
    return 20 + row * (ROW + GAP)


def _width(grid: Moves) -> float:
    return (1 - LABELS) / max(1, len(grid.steps))


def _heading(grid: Moves, column: int) -> SafeString:
    middle = LABELS + (column + 0.5) * _width(grid)
    return text(str(grid.steps[column]), x=percent(middle), y=13, anchor="middle")


def _cell(grid: Moves, row: int, column: int, most: int) -> SafeString:
    count = grid.counts[row][column]
    if count < 0:
        raise ValueError(f"a count cannot be below zero: {count}")
    left, wide = LABELS + column * _width(grid), _width(grid)
    stays = row == column
    shade = FAINT if stays or not count else FAINT + (FULL - FAINT) * count / most
    box = element(
        "rect",
        x=percent(left + 0.005),
        y=_top(row),
        width=percent(wide - 0.01),
        height=ROW,
        class_="stays" if stays else "bar",
        fill_opacity=shade,
    )
    words = figure(count) if count else "\N{MIDDLE DOT}"
    said = text(
        words,
        x=percent(left + wide / 2),
        y=_top(row) + ROW / 2 + 4,
        anchor="middle",
        class_="source" if stays or not count else "points",
    )
    hover = f"{grid.steps[row]} → {grid.steps[column]}: {figure(count)}"
    return group(box, said, hover=hover, class_="cell")
