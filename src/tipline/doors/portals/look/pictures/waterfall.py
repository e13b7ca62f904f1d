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
    is_right_to_left,
    percent,
    picture,
    text,
    width_of,
    wrap,
)
from tipline.doors.portals.look.signs import source_sign
from tipline.ground.foundation.reasons import Reason, total, words

Layout = Literal["stacked", "beside"]

WORDS_WIDTH = 284
"""Pixels for the words: what is left at 328 beside the points."""
LINE = 17
BAR = 8
TOTAL_BAR = 12
PADDING = 8
GAP = 8
SMALL = 11
THINNEST = 0.004


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: from the sum before it to the sum after it. ``figure``: its points as written."""

    words: str
    start: int
    points: int
    source: str = ""
    figure: str = ""

    @property
    def end(self) -> int:
        return self.start + self.points

    @property
    def said(self) -> str:
        """Its points as people read them."""
        return self.figure or signed(self.points)


@dataclass(frozen=True, slots=True)
class Line:
    """A sum that something follows from, drawn across all bars, with its words below them."""

    points: int
    words: str


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


@dataclass(frozen=True, slots=True)
class Row:
    """A step in its place: ``top`` to ``bottom`` with its bar from ``bar_top`` on, in pixels."""

    step: Step
    lines: tuple[str, ...]
    tag: str
    tag_below: bool
    top: float
    bar_top: float
    thick: float
    bottom: float

    @property
    def bar_bottom(self) -> float:
        return self.bar_top + self.thick


def moving(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons that move the sum, longest bar first; equals keep their order."""
    return sorted((r for r in reasons if r.points), key=lambda r: -abs(r.points))


def in_order(reasons: Iterable[Reason]) -> list[Reason]:
    """As the picture and its table list them: what adds, then what takes away, so that a bound
    stands where it binds.
    """
    return sorted(moving(reasons), key=lambda reason: reason.points < 0)


def explaining(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons of zero points: they explain and move nothing."""
    return [reason for reason in reasons if not reason.points]


def steps(reasons: Iterable[Reason], top: int | None = None) -> list[Step]:
    """The bars in order. With ``top``, what comes after so many is folded into one.

    The last step ends at the sum of all reasons, folded or not.
    """
    ordered = in_order(reasons)
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
    """The picture. ``stacked`` (words above their bar) reads from 328 pixels on,
    ``beside`` (words to the left of their bar) from 640.
    """
    last = Step(_("Total"), 0, total(reasons))
    return draw(title, steps(reasons, top), last, unit=unit, layout=layout)


def draw(
    title: str,
    drawn: Sequence[Step],
    last: Step,
    *,
    unit: str = "",
    layout: Layout = "stacked",
    line: Line | None = None,
) -> SafeString:
    """The picture of any steps. ``last``: the bar of their sum; ``line``: where one is drawn."""
    frame = _frame(drawn, layout, line)
    rows = _rows([*drawn, last], frame)
    height = rows[-1].bottom
    return picture(
        title,
        describe(drawn, last, unit, line),
        height + (LINE if line else 0),
        _zero_line(frame, height),
        *(_marked(line, frame, height) if line else ()),
        *(_running_sum(one, after, frame) for one, after in pairwise(rows)),
        *(_draw(row, frame) for row in rows[:-1]),
        _draw(rows[-1], frame, kind="total", unit=unit),
        kind="waterfall",
    )


def describe(drawn: Sequence[Step], last: Step, unit: str = "", line: Line | None = None) -> str:
    """The picture in words: the total first, then each bar."""
    ends = [f"{last.words} {last.said} {unit}".strip()]
    for step in drawn:
        who = f" ({source_sign(step.source).word})" if step.source else ""
        ends.append(f"{step.words}: {step.said}{who}")
    return "; ".join([*ends, *([line.words] if line else ())]) + "."


def _more(count: int) -> str:
    return ngettext("%(n)d more reason", "%(n)d more reasons", count) % {"n": count}


def _frame(drawn: Sequence[Step], layout: Layout, line: Line | None) -> Frame:
    sums = [0, *(step.end for step in drawn), *([line.points] if line else ())]
    low, high = min(sums), max(sums)
    beside = layout == "beside"
    left, right = (0.46, 0.9) if beside else (0.0, 1.0)
    return Frame(low, max(high, low + 1), left, right, beside)


def _rows(drawn: Sequence[Step], frame: Frame) -> list[Row]:
    rows: list[Row] = []
    for step in drawn:
        top = rows[-1].bottom if rows else 0.0
        thick = TOTAL_BAR if step is drawn[-1] else BAR
        rows.append(_place(step, top, thick, beside=frame.beside))
    return rows


def _place(step: Step, top: float, thick: float, *, beside: bool) -> Row:
    lines = tuple(wrap(step.words, WORDS_WIDTH))
    sign = source_sign(step.source) if step.source else None
    tag = f"{sign.shape} {sign.word}" if sign else ""
    room = WORDS_WIDTH - width_of(lines[-1]) - width_of(tag, SMALL) - GAP
    below = bool(tag) and (room < 0 or is_right_to_left(lines[-1]))
    text_bottom = top + LINE * (len(lines) + below)
    if beside:
        return Row(step, lines, tag, below, top, top + 5, thick, text_bottom + PADDING)
    bar_top = text_bottom + 2
    return Row(step, lines, tag, below, top, bar_top, thick, bar_top + thick + PADDING)


def _draw(row: Row, frame: Frame, *, kind: str = "", unit: str = "") -> SafeString:
    """Words, who says so, points, and the bar of one row."""
    points = f"{row.step.said} {unit}".strip()
    rises = "up" if row.step.points >= 0 else "down"
    baseline = row.top + LINE - 4
    return group(
        *_words(row, baseline),
        text(points, x="100%", y=baseline, anchor="end", class_="points"),
        *_bar(row, frame),
        hover=f"{row.step.words}: {points}",
        class_=f"step {rises} {kind}".strip(),
        data_points=row.step.points,
    )


def _words(row: Row, baseline: float) -> list[SafeString]:
    """The words in lines, who asserts it at the end of the last line or below it."""
    beside = row.tag and not row.tag_below
    tail = [element("tspan", row.tag, dx=GAP, class_="source", font_size=SMALL)] if beside else []
    last = len(row.lines) - 1
    drawn = [
        text(line, *(tail if n == last else []), x=0, y=baseline + LINE * n)
        for n, line in enumerate(row.lines)
    ]
    if row.tag_below:
        y = baseline + LINE * len(row.lines)
        drawn.append(text(row.tag, x=0, y=y, class_="source", font_size=SMALL))
    return drawn


def _bar(row: Row, frame: Frame) -> list[SafeString]:
    """A filled bar raises, a hollow one lowers; it never vanishes, however small."""
    if not row.step.points:
        return []
    low, high = sorted((row.step.start, row.step.end))
    width = max(frame.x(high) - frame.x(low), THINNEST)
    hollow = {"fill": "none", "stroke": "currentColor"} if row.step.points < 0 else {}
    bar = element(
        "rect",
        x=percent(min(frame.x(low), frame.right - width)),
        y=row.bar_top,
        width=percent(width),
        height=row.thick,
        class_="bar",
        **hollow,
    )
    return [bar]


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


def _marked(line: Line, frame: Frame, height: float) -> list[SafeString]:
    """The line across all bars, and its words below them on the side that has room."""
    share = frame.x(line.points)
    drawn = element(
        "line",
        x1=percent(share),
        x2=percent(share),
        y1=0,
        y2=height,
        class_="marked",
        stroke="currentColor",
        stroke_dasharray="6 3",
    )
    anchor = "start" if share < 0.5 else "end"
    return [drawn, text(line.words, x=percent(share), y=height + LINE - 4, anchor=anchor)]


def _running_sum(row: Row, after: Row, frame: Frame) -> SafeString:
    """The running sum as a thin line from a bar down to the next one."""
    x = percent(frame.x(row.step.end))
    return element(
        "line",
        x1=x,
        x2=x,
        y1=row.bar_bottom,
        y2=after.bar_top,
        class_="sum",
        stroke="currentColor",
        stroke_opacity="0.5",
    )
