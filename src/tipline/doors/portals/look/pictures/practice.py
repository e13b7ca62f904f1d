"""A practice picture: shapes of code, with PRACTICE written across it, so that it is no evidence.

``veiled`` as a preview is: small, grey and blurred. The word lies above the veil and stays sharp.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.safestring import SafeString

from tipline.doors.portals.look.pictures.svg import Attribute, element, group, text

SIDE = 320
_MIDDLE = SIDE / 2
_GREY = "0.299 0.587 0.114 0 0 0.299 0.587 0.114 0 0 0.299 0.587 0.114 0 0 0 0 0 1 0"
_CORNERS = {"square": (4, 45.0, 1.0), "triangle": (3, -90.0, 1.0), "hexagon": (6, 0.0, 1.0),
            "star": (10, -90.0, 0.45)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """``form``: circle, square, triangle, hexagon or star. ``frame``: none, zigzag, dashed, double.

    ``hue`` in degrees, ``turn`` too.
    """

    form: str
    frame: str
    dots: int
    turn: int
    hue: int


def practice(title: str, description: str, drawn: Drawn, *, veiled: bool, word: str) -> SafeString:
    """The picture; ``word`` is the watermark."""
    shown = group(
        element("rect", width=SIDE, height=SIDE, fill=f"hsl({(drawn.hue + 180) % 360},35%,82%)"),
        _frame(drawn.frame),
        group(_form(drawn), transform=f"rotate({drawn.turn} {_MIDDLE} {_MIDDLE})"),
        *_dots(drawn.dots),
        **({"filter": "url(#veil)"} if veiled else {}),
    )
    side = SIDE // 2 if veiled else SIDE
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        *([element("defs", _veil())] if veiled else []),
        shown,
        _watermark(word),
        xmlns="http://www.w3.org/2000/svg",
        class_="practice-picture",
        role="img",
        viewBox=f"0 0 {SIDE} {SIDE}",
        width=side,
        height=side,
    )


def _veil() -> SafeString:
    return element(
        "filter",
        element("feColorMatrix", type="matrix", values=_GREY),
        element("feGaussianBlur", stdDeviation=7),
        id="veil",
    )


def _watermark(word: str) -> SafeString:
    lines = [
        text(word, x=_MIDDLE, y=y, anchor="middle", class_="practice-word") for y in (60, 165, 270)
    ]
    return group(*lines, transform=f"rotate(-24 {_MIDDLE} {_MIDDLE})")


def _form(drawn: Drawn) -> SafeString:
    paint = f"hsl({drawn.hue},60%,42%)"
    if drawn.form == "circle":
        return element("circle", cx=_MIDDLE, cy=_MIDDLE, r=84, fill=paint)
    corners, start, inner = _CORNERS[drawn.form]
    points = []
    for corner in range(corners):
        radius = 100 * (inner if corner % 2 else 1.0)
        angle = math.radians(start + 360 * corner / corners)
        x, y = _MIDDLE + radius * math.cos(angle), _MIDDLE + radius * math.sin(angle)
        points.append(f"{x:.1f},{y:.1f}")
    return element("polygon", points=" ".join(points), fill=paint)


def _dots(number: int) -> list[SafeString]:
    left = _MIDDLE - 26 * (number - 1) / 2
    return [
        element("circle", cx=left + 26 * place, cy=_MIDDLE, r=9, fill="#fff", stroke="#222")
        for place in range(number)
    ]


def _frame(kind: str) -> SafeString:
    line: dict[str, Attribute] = {"fill": "none", "stroke": "#333", "stroke_width": 6}
    box: dict[str, Attribute] = {"x": 14, "y": 14, "width": SIDE - 28, "height": SIDE - 28}
    if kind == "dashed":
        return element("rect", **box, **line, stroke_dasharray="16 12")
    if kind == "double":
        inner: dict[str, Attribute] = {"x": 30, "y": 30, "width": SIDE - 60, "height": SIDE - 60}
        return group(element("rect", **box, **line), element("rect", **inner, **line))
    if kind == "zigzag":
        steps = range(0, SIDE - 27, 12)
        tops = " ".join(f"{14 + x},{8 + 14 * (n % 2)}" for n, x in enumerate(steps))
        feet = " ".join(f"{14 + x},{SIDE - 8 - 14 * (n % 2)}" for n, x in enumerate(steps))
        return group(
            element("polyline", points=tops, **line), element("polyline", points=feet, **line)
        )
    return group()
