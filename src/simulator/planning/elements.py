"""A report as a tree of elements, and its text in the style of a client."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeAlias

from simulator.wire.styles import SCHEMA_ATTRIBUTES, WireStyle

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_SPECIAL = re.compile('[&<>"]')


class Late(Protocol):
    """A text that costs something, worked out only when the document is written."""

    def text(self) -> str: ...


Value: TypeAlias = str | Late


class Element(NamedTuple):
    """One element. ``content`` None: a presence flag, written as the client writes flags."""

    name: str
    content: Value | tuple[Element, ...] | None
    attributes: tuple[tuple[str, str], ...] = ()


def leaf(name: str, value: object, **attributes: object) -> Element | None:
    """An element with a text, or None when the value is None. Booleans become true, false."""
    if value is None:
        return None
    return Element(name, value if hasattr(value, "text") else _word(value), _named(attributes))


def branch(name: str, children: Iterable[Element | None], **attributes: object) -> Element:
    """An element with children; those that are None fall away."""
    kept = tuple(child for child in children if child is not None)
    return Element(name, kept, _named(attributes))


def flag(name: str) -> Element:
    return Element(name, None)


def _named(attributes: dict[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _word(value)) for name, value in attributes.items() if value is not None)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def escaped(text: str) -> str:
    """Text fit for XML 1.0: special characters as entities, control characters dropped."""
    return _SPECIAL.sub(lambda found: _ENTITIES[found[0]], _UNFIT.sub("", text))


def written(root: Element, style: WireStyle) -> str:
    """The document in a client's style."""
    if style.schema_location:
        root = root._replace(attributes=(*SCHEMA_ATTRIBUTES, *root.attributes))
    lines = list(_lines(root, style, 0))
    mark = "\ufeff" if style.byte_order_mark else ""
    return mark + style.declaration + ("\n" if style.indent else "").join(lines)


def _lines(element: Element, style: WireStyle, depth: int) -> Iterable[str]:
    margin = " " * (style.indent * depth)
    named = element.name + "".join(f' {k}="{escaped(v)}"' for k, v in element.attributes)
    content = element.content
    if isinstance(content, tuple):
        if not content:
            yield margin + _empty(element.name, named, style)
            return
        yield f"{margin}<{named}>"
        for child in content:
            yield from _lines(child, style, depth + 1)
        yield f"{margin}</{element.name}>"
        return
    text = style.flag if content is None else _text(content)
    if not text:
        yield margin + _empty(element.name, named, style)
    else:
        yield f"{margin}<{named}>{escaped(text)}</{element.name}>"


def _text(value: Value) -> str:
    return value if isinstance(value, str) else value.text()


def _empty(name: str, named: str, style: WireStyle) -> str:
    if name == named:
        return style.empty.format(name)
    return f"<{named}></{name}>"
