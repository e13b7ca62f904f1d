"""PNG (ISO/IEC 15948) with only the chunks that make its pixels, nothing after its end. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from tipline.record.evidence.metadata.rules_parts import NOT_AS_IT_SAYS, Cursor, Unfit

BEGINNING = b"\x89PNG\r\n\x1a\n"
#: Pixels, palette, transparency, how samples become colours, size of a pixel, animation.
_KEPT = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND"),
    *(b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"cICP", b"sBIT", b"bKGD", b"pHYs"),
    *(b"acTL", b"fcTL", b"fdAT"),
}
_LONGEST = 2**31 - 1
#: The longest that chunks of a fixed or bounded form may be: more would be a place for text.
_AT_MOST = {
    b"IHDR": 13, b"PLTE": 768, b"IEND": 0, b"tRNS": 256, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1,
    b"cICP": 4, b"sBIT": 4, b"bKGD": 6, b"pHYs": 9, b"acTL": 8, b"fcTL": 26,
}  # fmt: skip


def pieces(data: memoryview) -> Iterator[memoryview]:
    """What is kept, in order. Raises Unfit."""
    cursor = Cursor(data)
    yield cursor.take(len(BEGINNING))
    kind, whole = _chunk(cursor)
    if kind != b"IHDR":
        raise Unfit(NOT_AS_IT_SAYS)
    pixels = False
    while kind != b"IEND":
        if kind in _KEPT:
            yield whole
        pixels = pixels or kind == b"IDAT"
        kind, whole = _chunk(cursor)
    if not pixels:
        raise Unfit(NOT_AS_IT_SAYS)
    yield whole


def _chunk(cursor: Cursor) -> tuple[bytes, memoryview]:
    """The next chunk's kind, and all its bytes: length, kind, content, check sum."""
    start = cursor.at
    size = cursor.number(4)
    if size > _LONGEST:
        raise Unfit(NOT_AS_IT_SAYS)
    kind = bytes(cursor.take(4))
    content = cursor.take(size)
    if cursor.number(4) != zlib.crc32(content, zlib.crc32(kind)):
        raise Unfit(NOT_AS_IT_SAYS)
    # A capital first letter: without this chunk nobody can show the picture.
    if (kind not in _KEPT and kind[:1].isupper()) or size > _AT_MOST.get(kind, _LONGEST):
        raise Unfit(NOT_AS_IT_SAYS)
    return kind, cursor.data[start : cursor.at]
