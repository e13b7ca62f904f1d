"""Who is tied to whom: the tied ones in a column, each tie an arc beside it.

An arc's line says what kind of tie it is, its number leads to the table. A column reads on a phone
as well as on a wide screen, and no arc runs through a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tipline.doors.portals.look.parts import TIES, Node, Tie, Words
from tipline.doors.portals.look.pictures.svg import element, group, picture, text

ROW = 42
#: Pixels for the arcs, left of the names.
ARCS = 140
#: How far the control points of an arc reach: of neighbours, for each one more between, at most.
_NEAR, _MORE, _FAR = 34, 40, 180
_TOP = 18
_DOT = 5
_SMALL = 11
_LEGEND = 20
_WORDS: Mapping[str, Words] = {
    "automatic": gettext_lazy("linked by policy"),
    "confirmed": gettext_lazy("confirmed by a person"),
    "proposed": gettext_lazy("proposed, counts nothing"),
    "other": gettext_lazy("unsure or waiting, counts nothing"),
}


def ties(title: str, nodes: Sequence[Node], tied: Sequence[Tie]) -> SafeString:
    """The picture, with what its lines mean below it."""
    used = [style for style in TIES if any(tie.style == style for tie in tied)]
    below = _TOP + ROW * max(len(nodes) - 1, 0) + 44
    legend = [_legend(style, below + _LEGEND * n) for n, style in enumerate(used)]
    bridged = any(tie.bridge for tie in tied)
    if bridged:
        legend.append(_bridge_words(below + _LEGEND * len(used)))
    return picture(
        title,
        describe(nodes, tied),
        below + _LEGEND * (len(used) + bridged),
        *(_arc(tie) for tie in sorted(tied, key=lambda tie: tie.low - tie.high)),
        *(_node(node, n) for n, node in enumerate(nodes)),
        *legend,
        kind="ties",
    )


def describe(nodes: Sequence[Node], tied: Sequence[Tie]) -> str:
    """Every tie in words."""
    told = [
        f"{tie.number}: {nodes[tie.low].label} \N{EN DASH} {nodes[tie.high].label}, "
        f"{_WORDS[tie.style]}" + (f", {_('weak bridge')}" if tie.bridge else "")
        for tie in tied
    ]
    return "; ".join(told) + "." if told else _("Nothing is tied to anything.")


def _y(place: int) -> int:
    return _TOP + ROW * place


def _node(node: Node, place: int) -> SafeString:
    y = _y(place)
    return group(
        element("circle", cx=ARCS, cy=y, r=_DOT, class_="dot"),
        text(str(node.label), x=ARCS + 14, y=y + 3, class_="station"),
        text(str(node.note), x=ARCS + 14, y=y + 17, class_="source", font_size=_SMALL),
        class_="node",
    )


def _arc(tie: Tie) -> SafeString:
    """Wider for those that stand farther apart, so that arcs lie inside each other."""
    start, end = _y(tie.low), _y(tie.high)
    deep = min(_NEAR + _MORE * (tie.high - tie.low - 1), _FAR)
    x = ARCS - 0.75 * deep
    middle = (start + end) / 2
    marks = [text(str(tie.number), x=x, y=middle + 4, anchor="middle", class_="points")]
    if tie.bridge:
        marks.append(text("\N{LOZENGE}", x=x, y=middle - 9, anchor="middle", class_="bridge"))
    path = f"M{ARCS} {start}C{ARCS - deep} {start} {ARCS - deep} {end} {ARCS} {end}"
    return group(*_line(tie.style, path), *marks, hover=str(tie.words), class_=f"tie {tie.style}")


def _line(style: str, path: str) -> list[SafeString]:
    line = {"fill": "none", "stroke": "currentColor"}
    if style == "confirmed":  # two lines: a broad one, and its inside in the ground's colour
        return [
            element("path", d=path, class_="tie-line", stroke_width=5, **line),
            element("path", d=path, class_="tie-inside", stroke_width=2, **line),
        ]
    dashes = {"proposed": {"stroke_dasharray": "7 4"}, "other": {"stroke_dasharray": "2 4"}}
    width = 3.0 if style == "automatic" else 1.5
    return [
        element(
            "path", d=path, class_="tie-line", stroke_width=width, **line, **dashes.get(style, {})
        )
    ]


def _legend(style: str, y: float) -> SafeString:
    return group(
        *_line(style, f"M0 {y - 4:.1f}H40"),
        text(str(_WORDS[style]), x=50, y=y, class_="source", font_size=_SMALL),
        class_=f"tie {style}",
    )


def _bridge_words(y: float) -> SafeString:
    words = _("weak bridge: without it the cluster falls into two")
    mark = text("\N{LOZENGE}", x=20, y=y, anchor="middle", class_="bridge")
    return group(mark, text(words, x=50, y=y, class_="source", font_size=_SMALL), class_="tie")
