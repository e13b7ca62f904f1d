"""Pictures cut off at every structure that their format has, found by walking through it."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator

from tests.matching.made import encoded, picture

SCENE = picture("scene", 90, 120)
#: Formats whose structures are walked through, and how to save one.
SAVED = {
    "JPEG": {"quality": 80},
    "PNG": {},
    "GIF": {},
    "WEBP": {"lossless": True},
    "TIFF": {},
    "BMP": {},
}


def cut_off() -> dict[str, bytes]:
    """By name: each format cut off where each of its structures begins, and in its middle."""
    found = {}
    for kind, options in SAVED.items():
        whole = encoded(SCENE, kind, **options)
        marks = [*sorted({start for start, _name in _WALKS[kind](whole)}), len(whole)]
        names = dict(_WALKS[kind](whole))
        for start, following in itertools.pairwise(marks):
            name = f"{kind} cut off before {names[start]} at {start}"
            found[name] = whole[:start]
            found[name.replace("before", "inside")] = whole[: (start + following + 1) // 2]
    return found


def _jpeg(data: bytes) -> Iterator[tuple[int, str]]:
    at = 2
    while at < len(data):
        marker = data[at + 1]
        yield at, f"marker {marker:02x}"
        if marker == 0xDA:  # what follows is the picture, up to its end
            yield len(data) - 2, "end"
            return
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]


def _png(data: bytes) -> Iterator[tuple[int, str]]:
    at = 8
    while at < len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        yield at, data[at + 4 : at + 8].decode()
        at += 12 + length


def _gif(data: bytes) -> Iterator[tuple[int, str]]:
    yield 6, "screen"
    at = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    yield 13, "palette"
    while data[at] != 0x3B:
        yield at, f"block {data[at]:02x}"
        at += 2 if data[at] == 0x21 else 11
        while data[at]:
            at += 1 + data[at]
        at += 1
    yield at, "end"


def _webp(data: bytes) -> Iterator[tuple[int, str]]:
    yield 8, "name"
    yield 12, data[12:16].decode().strip()
    yield 20, "picture"


def _tiff(data: bytes) -> Iterator[tuple[int, str]]:
    directory = struct.unpack("<I", data[4:8])[0]
    yield 4, "directory's place"
    yield directory, "directory"
    for entry in range(struct.unpack("<H", data[directory : directory + 2])[0]):
        yield directory + 2 + 12 * entry, f"entry {entry}"


def _bmp(data: bytes) -> Iterator[tuple[int, str]]:
    yield 2, "size"
    yield 14, "header"
    yield 54, "pixels"


_WALKS = {"JPEG": _jpeg, "PNG": _png, "GIF": _gif, "WEBP": _webp, "TIFF": _tiff, "BMP": _bmp}
