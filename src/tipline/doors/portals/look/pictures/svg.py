"""The few words of SVG that the pictures need, and how wide a text will be.

Nothing published fits: the chart libraries draw with inline styles, which our content
policy forbids, or in the browser.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

Attribute = str | int | float

FONT = 13
"""Font size of pictures, in pixels; ``.picture text`` of the style sheet says the same."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_NARROW = frozenset("iljftrI.,:;'|!()[] ")
_WIDE = frozenset("mwMW@%—…")


def legal(text: object) -> str:
    """The text without the characters that no XML document may hold."""
    return _NOT_XML.sub("\ufffd", str(text))


def element(name: str, *children: str, **attributes: Attribute) -> SafeString:
    """One element; ``class_`` and ``stroke_width`` become ``class`` and ``stroke-width``.

    Children are escaped unless they are elements already. ``name`` and the attributes'
    names come from this package, never from data.
    """
    head = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(legal(_plain(value)))}"'
        for key, value in attributes.items()
    )
    body = "".join(
        child if isinstance(child, SafeString) else conditional_escape(legal(child))
        for child in children
    )
    return SafeString(f"<{name}{head}>{body}</{name}>")


def picture(title: str, description: str, height: float, *children: str, kind: str) -> SafeString:
    """The outermost element: as wide as its place, ``height`` pixels high."""
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        class_=f"pic pic-{kind}",
        role="img",
        width="100%",
        height=height,
        font_size=FONT,
        fill="currentColor",
    )


def group(*children: str, hover: str = "", **attributes: Attribute) -> SafeString:
    """A group; ``hover`` is the text that the pointer finds there."""
    title = [element("title", hover)] if hover else []
    return element("g", *title, *children, **attributes)


def percent(share: float) -> str:
    """A share of the width: ``0.25`` -> ``25%``."""
    return f"{_plain(100 * share)}%"


def text(words: str, *tail: str, anchor: str = "start", **attributes: Attribute) -> SafeString:
    """A line of text that starts at the left edge whichever way it is read.

    ``anchor`` is where ``x`` lies as one sees it (start = left); for text that runs from
    right to left SVG means the other side, so it is turned here.
    """
    if is_right_to_left(words):
        turned = {"start": "end", "end": "start"}.get(anchor, anchor)
        return element("text", words, *tail, text_anchor=turned, direction="rtl", **attributes)
    return element("text", words, *tail, text_anchor=anchor, direction="ltr", **attributes)


def is_right_to_left(words: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    for character in words:
        direction = unicodedata.bidirectional(character)
        if direction in _RIGHT_TO_LEFT:
            return True
        if direction == "L":
            return False
    return False


def width_of(words: str, size: float = FONT) -> float:
    """About how many pixels a text takes: on the wide side, since fonts differ."""
    return size * sum(map(_ems, words))


def wrap(words: str, width: float, size: float = FONT) -> list[str]:
    """The text in lines of at most ``width`` pixels; a longer word is broken."""
    lines = [""]
    for word in _pieces(legal(words).split(), width, size):
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line] or [""]


def _pieces(words: Iterable[str], width: float, size: float) -> Iterator[str]:
    for word in words:
        piece = ""
        for character in word:
            if piece and width_of(piece + character, size) > width:
                yield piece
                piece = ""
            piece += character
        yield piece


@lru_cache(maxsize=4096)
def _ems(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    if character in _NARROW:
        return 0.38
    if character in _WIDE:
        return 1.0
    return 0.74 if character.isupper() else 0.61


def _plain(value: Attribute) -> str:
    """A number without needless digits; anything else as it is."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
