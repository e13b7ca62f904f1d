"""GIF (87a and 89a) without comments, texts and application data, and nothing after its end. Pure.

What is kept of extensions: the graphic control of a frame (time, transparency), and how often
an animation is repeated.
"""

from __future__ import annotations

from collections.abc import Iterator

from tipline.record.evidence.metadata.rules_parts import NOT_AS_IT_SAYS, Cursor, Unfit

BEGINNINGS = (b"GIF87a", b"GIF89a")
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_CONTROL_SIZE, _LOOP_SIZE = 4, 3
_BLOCKS_LOOKED_AT = 3
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
Piece = bytes | memoryview


def pieces(data: memoryview) -> Iterator[Piece]:
    """What is kept, in order. Raises Unfit."""
    cursor = Cursor(data)
    head = cursor.take(13)
    yield head
    yield _colours(cursor, head[10])
    images = 0
    while (kind := cursor.byte()) != _TRAILER:
        if kind == _IMAGE:
            images += 1
            yield from _image(cursor)
        elif kind == _EXTENSION:
            yield from _extension(cursor)
        else:
            raise Unfit(NOT_AS_IT_SAYS)
    if not images:
        raise Unfit(NOT_AS_IT_SAYS)
    yield bytes((_TRAILER,))


def _colours(cursor: Cursor, flags: int) -> memoryview:
    """The table of colours that the flags announce; empty when they announce none."""
    return cursor.take(3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0)


def _image(cursor: Cursor) -> Iterator[Piece]:
    head = cursor.take(9)
    yield bytes((_IMAGE,))
    yield head
    yield _colours(cursor, head[8])
    yield cursor.take(1)
    start = cursor.at
    _blocks(cursor)
    yield cursor.data[start : cursor.at]


def _extension(cursor: Cursor) -> Iterator[Piece]:
    kind = cursor.byte()
    blocks = _blocks(cursor)
    if kind == _CONTROL:
        if len(blocks) != 1 or len(blocks[0]) != _CONTROL_SIZE:
            raise Unfit(NOT_AS_IT_SAYS)
        yield from (bytes((_EXTENSION, kind, _CONTROL_SIZE)), blocks[0], b"\0")
    elif kind == _APPLICATION and len(blocks) > 1 and blocks[0] in _LOOPS:
        loop = blocks[1]
        if len(loop) == _LOOP_SIZE and loop[0] == 1:
            yield from (bytes((_EXTENSION, kind, 11)), blocks[0], b"\x03", loop, b"\0")


def _blocks(cursor: Cursor) -> list[memoryview]:
    """Past blocks of up to 255 bytes, each after its size, and the empty one that ends them.

    The first three of them: an extension that is kept has two at most.
    """
    first: list[memoryview] = []
    while size := cursor.byte():
        block = cursor.take(size)
        if len(first) < _BLOCKS_LOOKED_AT:
            first.append(block)
    return first
