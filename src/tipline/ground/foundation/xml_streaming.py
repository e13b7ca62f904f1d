"""Long answers in XML, written piece by piece: memory stays at one piece, however long they are.

The root declares one namespace as the default, and every element stands in it by being written
without a prefix: nothing but what stands between the tags is spent on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from lxml import etree

from tipline.ground.foundation.xml import Node, writable

PIECE = 32 * 1024
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Open:
    """An element that stays open for what follows, until its :class:`Close`."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Close:
    """Ends the element opened last."""


Step = Open | Close | Node


def stream(root: str, namespace: str, steps: Iterable[Step]) -> Iterator[bytes]:
    """UTF-8 in pieces of about :data:`PIECE` bytes; tags are plain names.

    ``steps`` are taken one by one, while earlier pieces are on their way.
    """
    out = _Pieces()
    out.write(HEAD)
    with etree.xmlfile(out, encoding="utf-8") as file, ExitStack() as everything:
        everything.enter_context(file.element(root, nsmap={None: namespace}))
        opened: list[ExitStack] = []
        try:
            for step in steps:
                _take(file, opened, step)
                if out.size >= PIECE:
                    file.flush()
                    yield out.taken()
        finally:  # also when the reader went away: elements end from the inside out
            for left in reversed(opened):
                left.close()
    yield out.taken()


def _take(file: etree._IncrementalFileWriter, opened: list[ExitStack], step: Step) -> None:
    match step:
        case Open():
            context = ExitStack()
            context.enter_context(file.element(step.tag, _attributes(step.attributes)))
            opened.append(context)
        case Close():
            opened.pop().close()
        case Node():
            _write(file, step)


def _write(file: etree._IncrementalFileWriter, node: Node) -> None:
    with file.element(node.tag, _attributes(node.attributes)):
        if node.text:
            file.write(writable(node.text))
        for child in node.children:
            _write(file, child)


def _attributes(said: Mapping[str, str]) -> dict[str, str]:
    return {name: writable(value) for name, value in said.items()}


class _Pieces:
    """Where the writer writes to, until somebody takes it away."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._held.append(data)
        self.size += len(data)
        return len(data)

    def taken(self) -> bytes:
        taken = b"".join(self._held)
        self._held.clear()
        self.size = 0
        return taken
