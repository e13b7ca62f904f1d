"""JPEG (ITU-T T.81) without its APP and COM segments, and without what follows its end. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tipline.record.evidence.metadata.rules_parts import CUT_SHORT, NOT_AS_IT_SAYS, Cursor, Unfit

Piece = bytes | memoryview

BEGINNING = b"\xff\xd8\xff"
_SOI, _EOI, _SOS, _APP0, _APP14, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xEE, 0xFE
_APPS = range(0xE0, 0xF0)
#: Frames, tables, restart interval, number of lines, hierarchy: all that a decoder needs.
_KEPT = frozenset((*range(0xC0, 0xC8), *range(0xC9, 0xD0), *range(0xDA, 0xE0))) - {_SOI, _EOI}
# Inside a scan 0xFF is followed by 0x00 (stuffing), by itself (filling) or by a restart marker.
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_NO_FILLING = re.compile(rb"[^\xff]")
_JFIF, _JFIF_HEAD = b"JFIF\0", 12
_ADOBE, _ADOBE_SIZE = b"Adobe", 12


def pieces(data: memoryview) -> Iterator[Piece]:
    """What is kept, in order. Raises Unfit.

    JFIF's APP0 is kept without its thumbnail, Adobe's APP14 (which says how the colours are
    transformed) without what may follow; both are read by decoders to get the pixels right.
    """
    cursor = Cursor(data)
    yield cursor.take(2)
    scans = 0
    while (marker := _marker(cursor)) != _EOI:
        kept = _segment(cursor, marker)
        if kept:
            yield bytes((0xFF, marker))
            yield from kept
        if marker == _SOS:
            scans += 1
            yield _scan(cursor)
    if not scans:
        raise Unfit(NOT_AS_IT_SAYS)
    yield bytes((0xFF, _EOI))


def _marker(cursor: Cursor) -> int:
    """The next marker; any number of 0xFF may stand before it."""
    if cursor.byte() != 0xFF:
        raise Unfit(NOT_AS_IT_SAYS)
    found = _NO_FILLING.search(cursor.data, cursor.at)
    if found is None:
        raise Unfit(CUT_SHORT)
    cursor.at = found.start()
    return cursor.byte()


def _segment(cursor: Cursor, marker: int) -> tuple[Piece, ...]:
    """A segment's length and content as they are kept; nothing when it is left out."""
    if marker != _COM and marker not in _APPS and marker not in _KEPT:
        raise Unfit(NOT_AS_IT_SAYS)
    size = cursor.number(2)
    if size < 2:
        raise Unfit(NOT_AS_IT_SAYS)
    content = cursor.take(size - 2)
    if marker in _KEPT:
        return (size.to_bytes(2, "big"), content)
    if marker == _APP0 and content[:5] == _JFIF and len(content) >= _JFIF_HEAD:
        return ((_JFIF_HEAD + 4).to_bytes(2, "big"), content[:_JFIF_HEAD], b"\0\0")
    if marker == _APP14 and content[:5] == _ADOBE and len(content) >= _ADOBE_SIZE:
        return ((_ADOBE_SIZE + 2).to_bytes(2, "big"), content[:_ADOBE_SIZE])
    return ()


def _scan(cursor: Cursor) -> memoryview:
    """Compressed pixels up to the marker that ends them."""
    found = _END_OF_SCAN.search(cursor.data, cursor.at)
    if found is None:
        raise Unfit(CUT_SHORT)
    return cursor.take(found.start() - cursor.at)
