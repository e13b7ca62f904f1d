"""Reasons as a waterfall: one bar per reason, the running sum, the total at the end.

Raising bars go right and are filled, lowering bars go left and are hollow; the sign at
the points says the same. Reasons of zero points move nothing and are not drawn: the page
lists them below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.look.pictures.svg import (
    element,
    group,
    percent,
    picture,
    text,
    width_of,
    wrap,
)
from tipline.doors.portals.look.signs import source_sign
from tipline.ground.foundation.reasons import Reason, total, words

Layout = Literal["stacked", "beside"]

WORDS_WIDTH = 236
"""Pixels for the words: what is left at 300 beside the points."""
LINE = 17
BAR = 8
TOTAL_BAR = 12
PADDING = 7
SMALL = 11
THINNEST = 0.004


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: from the sum before it to the sum after it."""

    words: str
    start: int
    points: int
    source: str = ""

    @property
    def end(self) -> int:
        return self.start + self.points


@dataclass(frozen=True, slots=True)
class Frame:
    """Where bars lie: between ``low`` and ``high`` points, ``left`` to ``right`` across."""

    low: int
    high: int
    left: float
    right: float
    beside: bool

    def x(self, points: float) -> float:
        """The place of a sum, as a share of the whole width."""
        return self.left + (self.right - self.left) * (points - self.low) / (self.high - self.low)


def moving(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons that move the sum, longest bar first; equals keep their order."""
    return sorted((r for r in reasons if r.points), key=lambda r: -abs(r.points))


def explaining(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons of zero points: they explain and move nothing."""
    return [reason for reason in reasons if not reason.points]


def steps(reasons: Iterable[Reason], top: int | None = None) -> list[Step]:
    """The bars in order. With ``top``, what comes after so many is folded into one.

    The last step ends at the sum of all reasons, folded or not.
    """
    ordered = moving(reasons)
    shown = ordered if top is None or len(ordered) <= top + 1 else ordered[:top]
    made: list[Step] = []
    for reason in shown:
        start = made[-1].end if made else 0
        made.append(Step(words(reason), start, reason.points, reason.source))
    folded = ordered[len(shown) :]
    if folded:
        start = made[-1].end if made else 0
        made.append(Step(_more(len(folded)), start, total(folded)))
    return made


def signed(points: int) -> str:
    """``+40``, ``-12`` (with a real minus), ``0``."""
    return f"+{points}" if points > 0 else f"\N{MINUS SIGN}{-points}" if points else "0"


def waterfall(
    title: str,
    reasons: Sequence[Reason],
    *,
    unit: str = "",
    top: int | None = None,
    layout: Layout = "stacked",
) -> SafeString:
    """The picture. ``stacked`` (words above their bar) reads from 300 pixels on,
    ``beside`` (words to the left of their bar) from 600.
    """
    drawn = steps(reasons, top)
    frame = _frame(drawn, layout)
    rows: list[SafeString] = []
    places: list[tuple[float, float]] = []
    y = 0.0
    for step in drawn:
        row, height = _row(step, y, frame, BAR)
        rows.append(row)
        places.append((y, y + height))
        y += height
    last = Step(_("Total"), 0, total(reasons))
    row, height = _row(last, y, frame, TOTAL_BAR, kind="total", points=_with_unit(last, unit))
    places.append((y, y + height))
    lines = _running_sum([*drawn, last], places, frame)
    return picture(
        title,
        describe(drawn, total(reasons), unit),
        y + height,
        _zero_line(frame, y + height),
        *lines,
        *rows,
        row,
        kind="waterfall",
    )


def describe(drawn: Sequence[Step], sum_of_all: int, unit: str = "") -> str:
    """The picture in words: the total first, then each bar."""
    ends = [f"{_('Total')} {signed(sum_of_all)} {unit}".strip()]
    for step in drawn:
        who = f" ({source_sign(step.source).word})" if step.source else ""
        ends.append(f"{step.words}: {signed(step.points)}{who}")
    return "; ".join(ends) + "."


def _more(count: int) -> str:
    return ngettext("%(n)d more reason", "%(n)d more reasons", count) % {"n": count}


def _with_unit(step: Step, unit: str) -> str:
    return f"{signed(step.points)} {unit}".strip()


def _frame(drawn: Sequence[Step], layout: Layout) -> Frame:
    sums = [0, *(step.end for step in drawn)]
    low, high = min(sums), max(sums)
    beside = layout == "beside"
    left, right = (0.44, 0.9) if beside else (0.0, 1.0)
    return Frame(low, max(high, low + 1), left, right, beside)


def _row(
    step: Step, y: float, frame: Frame, thick: float, *, kind: str = "", points: str = ""
) -> tuple[SafeString, float]:
    """One row with its height: words, who says so, points, and the bar."""
    lines, texts = _words(step, y)
    text_height = lines * LINE
    bar_y = y + (text_height - thick) / 2 + 3 if frame.beside else y + text_height + 3
    height = text_height + PADDING if frame.beside else text_height + thick + PADDING + 3
    figure = text(
        points or signed(step.points), x="100%", y=y + LINE - 4, anchor="end", class_="points"
    )
    hover = f"{step.words}: {points or signed(step.points)}"
    rises = "up" if step.points >= 0 else "down"
    return (
        group(
            *texts,
            figure,
            _bar(step, bar_y, thick, frame),
            hover=hover,
            class_=f"step {rises} {kind}".strip(),
        ),
        height,
    )


def _words(step: Step, y: float) -> tuple[int, list[SafeString]]:
    """The words in lines, who asserts it at the end of the last one or below."""
    lines = wrap(step.words, WORDS_WIDTH)
    tag = f"{source_sign(step.source).shape} {source_sign(step.source).word}" if step.source else ""
    drawn = [text(line, x=0, y=y + LINE - 4 + LINE * n) for n, line in enumerate(lines)]
    if not tag:
        return len(lines), drawn
    room = WORDS_WIDTH - width_of(lines[-1]) - width_of(tag, SMALL) - 8
    if room < 0:
        drawn.append(
            text(tag, x=0, y=y + LINE - 4 + LINE * len(lines), class_="source", font_size=SMALL)
        )
        return len(lines) + 1, drawn
    label = element("tspan", tag, dx=8, class_="source", font_size=SMALL)
    drawn[-1] = text(lines[-1], label, x=0, y=y + LINE - 4 + LINE * (len(lines) - 1))
    return len(lines), drawn


def _bar(step: Step, y: float, thick: float, frame: Frame) -> SafeString:
    """A filled bar raises, a hollow one lowers; it never vanishes, however small."""
    low, high = sorted((step.start, step.end))
    width = max(frame.x(high) - frame.x(low), THINNEST)
    hollow = {"fill": "none", "stroke": "currentColor"} if step.points < 0 else {}
    return element(
        "rect",
        x=percent(min(frame.x(low), frame.right - width)),
        y=y,
        width=percent(width),
        height=thick,
        class_="bar",
        **hollow,
    )


def _zero_line(frame: Frame, height: float) -> SafeString:
    x = percent(frame.x(0))
    return element(
        "line",
        x1=x,
        x2=x,
        y1=0,
        y2=height,
        class_="zero",
        stroke="currentColor",
        stroke_opacity="0.35",
    )


def _running_sum(
    drawn: Sequence[Step], places: Sequence[tuple[float, float]], frame: Frame
) -> list[SafeString]:
    """The running sum as a thin line from each bar down to the next."""
    lines = []
    for (step, (top, _bottom)), (_next, (_top, bottom)) in pairwise(
        zip(drawn, places, strict=True)
    ):
        x = percent(frame.x(step.end))
        lines.append(
            element(
                "line",
                x1=x,
                x2=x,
                y1=top + LINE,
                y2=bottom - PADDING,
                class_="sum",
                stroke="currentColor",
                stroke_opacity="0.5",
            )
        )
    return lines
