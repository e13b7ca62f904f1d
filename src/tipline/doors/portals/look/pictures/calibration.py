"""How often what was foretold came true: each mark a group of cases, the diagonal is right.

Marks lie at (foretold, found); the line through a mark is the interval in which the true share
lies with 95 in 100. A second set of marks, hollow, is what stands beside it for comparison.
"""

from __future__ import annotations

from django.utils.safestring import SafeString

from tipline.doors.portals.look.parts import Calibration, Mark
from tipline.doors.portals.look.pictures.svg import element, group, percent, picture, text

TOP, TALL, BELOW = 8, 240, 66
LEFT, WIDE = 0.12, 0.82
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)


def calibration(title: str, shown: Calibration) -> SafeString:
    """The picture. Shares are 0 to 1."""
    return picture(
        title,
        describe(shown),
        TOP + TALL + BELOW,
        *_frame(shown),
        *(_mark(mark, "hollow-mark") for mark in shown.beside),
        *(_mark(mark, "mark") for mark in shown.marks),
        kind="calibration",
    )


#: For a picture outside our pages, where no style sheet says how a class looks.
_STYLE = (
    "text{font:13px sans-serif;fill:#222}.zero{stroke-dasharray:2 3}"
    ".mark{fill:#1f5f8b}.hollow-mark{fill:#fff;stroke:#555;stroke-width:1.5px}"
)
_ALONE_WIDE = 560


def standing_alone(title: str, shown: Calibration) -> str:
    """The picture as a file of its own, with its size and its few styles inside."""
    drawn = calibration(title, shown)
    sized = drawn.replace('width="100%"', f'width="{_ALONE_WIDE}"', 1)
    return sized.replace("<title>", f"<style>{_STYLE}</style><title>", 1)


def describe(shown: Calibration) -> str:
    """Each mark: how many cases, foretold, found."""
    said = [
        f"{name}: {mark.cases} → {_share(mark.foretold)} / {_share(mark.found)}"
        for name, marks in ((shown.label, shown.marks), (shown.beside_label, shown.beside))
        for mark in marks
    ]
    return "; ".join(said) + "."


def _share(share: float) -> str:
    return f"{100 * share:.0f} %"


def _x(share: float) -> float:
    return LEFT + WIDE * min(1.0, max(0.0, share))


def _y(share: float) -> float:
    return TOP + TALL * (1 - min(1.0, max(0.0, share)))


def _frame(shown: Calibration) -> list[SafeString]:
    lines = [_line(0, step, 1, step, "zero") for step in STEPS]
    labels = [
        text(_share(s), x=percent(LEFT - 0.015), y=_y(s) + 4, anchor="end", class_="source")
        for s in STEPS
    ]
    below = [
        text(_share(s), x=percent(_x(s)), y=TOP + TALL + 16, anchor="middle", class_="source")
        for s in STEPS
    ]
    axis = text(str(shown.axis), x=percent(LEFT + WIDE / 2), y=TOP + TALL + 34, anchor="middle")
    return [*lines, _line(0, 0, 1, 1, "sum"), *labels, *below, axis, *_legend(shown)]


def _legend(shown: Calibration) -> list[SafeString]:
    """Which marks are which, below the picture; nothing to tell apart, no legend."""
    if not shown.beside:
        return []
    y = TOP + TALL + 56
    return [
        element("circle", cx=percent(LEFT), cy=y - 4, r=5, class_="mark legend"),
        text(str(shown.label), x=percent(LEFT + 0.02), y=y),
        element("circle", cx=percent(0.5), cy=y - 4, r=5, class_="hollow-mark legend"),
        text(str(shown.beside_label), x=percent(0.52), y=y),
    ]


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> SafeString:
    return element(
        "line",
        x1=percent(_x(x1)),
        y1=_y(y1),
        x2=percent(_x(x2)),
        y2=_y(y2),
        class_=kind,
        stroke="currentColor",
        stroke_opacity=0.4,
    )


def _mark(mark: Mark, kind: str) -> SafeString:
    x = percent(_x(mark.foretold))
    whisker = element(
        "line",
        x1=x,
        x2=x,
        y1=_y(mark.low),
        y2=_y(mark.high),
        class_="whisker",
        stroke="currentColor",
    )
    dot = element("circle", cx=x, cy=_y(mark.found), r=5, class_=kind)
    hover = f"{mark.cases}: {_share(mark.foretold)} → {_share(mark.found)}"
    return group(whisker, dot, hover=hover)
