"""A clock as a bar that empties, with the date at its end."""

from __future__ import annotations

from datetime import datetime

from django.utils.safestring import SafeString

from tipline.doors.portals.look.pictures.svg import element, percent, picture, text, wrap
from tipline.doors.portals.look.times import absolute, left

LINE = 17
BAR = 8
LABEL_WIDTH = 300
SMALL_WIDTH = 48
SMALL_BAR = 6


def share_left(start: datetime, end: datetime, now: datetime) -> float:
    """How much of the time from ``start`` to ``end`` is left: 1 before it, 0 after it."""
    if end <= start:
        return 1.0 if now < end else 0.0
    return min(max((end - now) / (end - start), 0.0), 1.0)


def clock(label: str, start: datetime, end: datetime, now: datetime) -> SafeString:
    """The picture: what runs out, how much is left as a bar and in words, and when."""
    lines = wrap(label, LABEL_WIDTH)
    y = LINE * len(lines)
    words = left(end, now)
    return picture(
        label,
        f"{words}: {absolute(end)}.",
        y + BAR + LINE + 4,
        *(text(line, x=0, y=LINE * (n + 1) - 4) for n, line in enumerate(lines)),
        *_bar(share_left(start, end, now), y + 1, BAR),
        text(words, x=0, y=y + BAR + LINE - 1, class_="points"),
        text(absolute(end), x="100%", y=y + BAR + LINE - 1, anchor="end", class_="source"),
        kind="clock",
    )


def small_bar(start: datetime, end: datetime, now: datetime) -> SafeString:
    """Only the bar, for a table cell; the words stand beside it, so it is hidden."""
    return element(
        "svg",
        *_bar(share_left(start, end, now), 0, SMALL_BAR),
        xmlns="http://www.w3.org/2000/svg",
        class_="pic-clock-small",
        width=SMALL_WIDTH,
        height=SMALL_BAR,
        fill="currentColor",
        aria_hidden="true",
    )


def _bar(share: float, y: float, thick: float) -> list[SafeString]:
    """The whole time hollow, what is left of it filled up to its end."""
    whole = element(
        "rect",
        x=0,
        y=y,
        width="100%",
        height=thick,
        class_="hollow",
        fill_opacity="0.15",
    )
    rest = element(
        "rect", x=percent(1 - share), y=y, width=percent(share), height=thick, class_="bar"
    )
    return [whole, rest]
