"""The results as a picture: one row a profile, one mark an order, on one scale. Plain SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from benchmarks.triage import orders
from benchmarks.triage.compared import TO_REACH, Compared

_LEFT, _WIDTH, _ROW, _TOP = 150, 560, 34, 64
_MARKS = {
    orders.FIFO: ("#9a6b1f", "M-5,-5L5,5M-5,5L5,-5"),
    orders.DUPLICATES: ("#7a7a7a", "M-5,0L5,0M0,-5L0,5"),
    orders.FLAG: ("#b5477a", "M0,-6L6,5L-6,5Z"),
    orders.LEVEL: ("#7b4fb0", "M-5,-5H5V5H-5Z"),
    orders.LOOKED: ("#6aa84f", "M0,-5L4,0L0,5L-4,0Z"),
    orders.LOGISTIC: ("#1f7a4d", "M0,-7L5,0L0,7L-5,0Z"),
    orders.ORACLE: ("#000000", "M0,-8V8"),
    orders.OURS: ("#0b57a4", "M-6,0a6,6 0 1,0 12,0a6,6 0 1,0 -12,0Z"),
}
_TITLE = "Reports about endangered children that were among the first 5 % of looks"
_LINES = (orders.FIFO, orders.DUPLICATES, orders.ORACLE)  # drawn as strokes only


def svg(compared: Sequence[Compared]) -> str:
    """The share of endangered children's reports seen within the first looks, by order."""
    height = _TOP + _ROW * len(compared) + 116
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 40} {height}" '
        'font-family="sans-serif" font-size="13" role="img" aria-labelledby="t">'
    )
    parts = [
        opening,
        f'<title id="t">{escape(_words(compared))}</title>',
        f'<rect width="{_LEFT + _WIDTH + 40}" height="{height}" fill="#fff"/>',
        f'<text x="12" y="24" font-size="15">{_TITLE}</text>',
        *_scale(len(compared)),
    ]
    for place, one in enumerate(compared):
        parts += _row(one, _TOP + _ROW * place + _ROW / 2)
    return "\n".join([*parts, *_legend(_TOP + _ROW * len(compared) + 52), "</svg>", ""])


def _words(compared: Sequence[Compared]) -> str:
    told = (f"{one.profile} {one.mean(orders.OURS, 'first'):.2f}" for one in compared)
    return "Share seen within the first looks under the shipped policy: " + ", ".join(told)


def _scale(rows: int) -> list[str]:
    bottom = _TOP + _ROW * rows
    found = []
    for step in range(0, 11, 2):
        x = _LEFT + _WIDTH * step / 10
        found.append(f'<path d="M{x:.0f},{_TOP}V{bottom}" stroke="#ddd"/>')
        found.append(
            f'<text x="{x:.0f}" y="{bottom + 18}" text-anchor="middle">{step * 10} %</text>'
        )
    return found


def _row(one: Compared, y: float) -> list[str]:
    to_reach = _x(TO_REACH * one.mean(orders.ORACLE, "first"))
    found = [
        f'<text x="12" y="{y + 4:.0f}">{escape(one.profile)}</text>',
        f'<path d="M{to_reach:.1f},{y - 11:.0f}v22" stroke="#000" stroke-dasharray="2 3"/>',
    ]
    shown = [name for name in _MARKS if name in one.reached]
    return [*found, *(_mark(name, _x(one.mean(name, "first")), y) for name in shown)]


def _x(share: float) -> float:
    return _LEFT + _WIDTH * share


def _mark(name: str, x: float, y: float) -> str:
    colour, path = _MARKS[name]
    filled = "none" if name in _LINES else colour
    return (
        f'<path d="{path}" transform="translate({x:.1f},{y:.1f})" fill="{filled}" '
        f'stroke="{colour}" stroke-width="2"/>'
    )


def _legend(top: float) -> list[str]:
    found = []
    for place, name in enumerate(_MARKS):
        x, y = 20 + 185 * (place % 4), top + 24 * (place // 4)
        found.append(_mark(name, x, y - 4))
        found.append(f'<text x="{x + 14}" y="{y}">{escape(name)}</text>')
    x, y = 20, top + 48
    found.append(f'<path d="M{x},{y - 14}v20" stroke="#000" stroke-dasharray="2 3"/>')
    found.append(f'<text x="{x + 14}" y="{y}">{TO_REACH:.2f} of the oracle</text>')
    return found
