"""What a camera wrote beside a picture: a few named EXIF tags, read without decoding. Pure.

Own code, because a reader of hostile bytes must be small: bounded steps, no pointers followed
twice, nothing raised. Tags and types are those of CIPA DC-008 (EXIF 2.3) on TIFF 6.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

#: EXIF stands in the first segments of a JPEG; no more is read.
MOST_READ: Final = 256 * 1024
_MOST_ENTRIES: Final = 200
_MOST_SEGMENTS: Final = 100
_MOST_TEXT: Final = 200
_SEGMENT_MOST: Final = 0xFFFF
_EXIF: Final = b"Exif\0\0"
_APP1, _SOS = 0xE1, 0xDA
_ASCII, _SHORT, _LONG, _RATIONAL = 2, 3, 4, 5
_SIZES: Final = {1: 1, _ASCII: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 8, 7: 1}
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_LATITUDE, _LONGITUDE = (1, 2), (3, 4)

#: The tags that are told, by the names of the standard.
NAMES: Final[Mapping[int, str]] = {
    0x010F: "Make",
    0x0110: "Model",
    0x0131: "Software",
    0x0132: "DateTime",
    0x9003: "DateTimeOriginal",
    0x9004: "DateTimeDigitized",
    0x9011: "OffsetTimeOriginal",
    0xA431: "BodySerialNumber",
    0xA433: "LensMake",
    0xA434: "LensModel",
}
_GPS_NAMES: Final[Mapping[int, str]] = {0x1D: "GPSDateStamp"}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag by its name, and its value as it was written; of GPS as degrees."""

    name: str
    value: str


def exif(data: bytes) -> tuple[Tag, ...]:
    """The told tags of a JPEG's EXIF segment; none where there is none or it cannot be read.

    ``data``: the file's beginning, at most :data:`MOST_READ` bytes. Never raises.
    """
    block = _segment(data[:MOST_READ])
    if block[:4] not in {b"II*\0", b"MM\0*"}:
        return ()
    tiff = _Tiff(block, little=block[:1] == b"I")
    entries = tiff.directory(tiff.number(4, 4))
    more = tiff.directory(_pointer(tiff, entries, _EXIF_IFD))
    gps = tiff.directory(_pointer(tiff, entries, _GPS_IFD))
    found = [*_told(tiff, {**more, **entries}, NAMES), *_told(tiff, gps, _GPS_NAMES)]
    found += [
        Tag(name, place)
        for name, tags in (("GPSLatitude", _LATITUDE), ("GPSLongitude", _LONGITUDE))
        if (place := _degrees(tiff, gps, *tags))
    ]
    return tuple(found)


def _segment(data: bytes) -> bytes:
    """What stands in the EXIF segment; empty where there is none."""
    if data[:2] != b"\xff\xd8":
        return b""
    at = 2
    for _step in range(_MOST_SEGMENTS):
        head = data[at : at + 4]
        if len(head) < 4 or head[0] != 0xFF or head[1] == _SOS:
            return b""
        size = int.from_bytes(head[2:4])
        body = data[at + 4 : at + 2 + size]
        if head[1] == _APP1 and body.startswith(_EXIF):
            return body[len(_EXIF) :]
        at += 2 + max(size, 2)
    return b""


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: int
    count: int
    at: int


@dataclass(frozen=True, slots=True)
class _Tiff:
    data: bytes
    little: bool

    def number(self, at: int, size: int) -> int:
        """0 where there are no such bytes."""
        piece = self.data[at : at + size] if at >= 0 else b""
        if len(piece) != size:
            return 0
        return int.from_bytes(piece, "little") if self.little else int.from_bytes(piece)

    def directory(self, at: int) -> dict[int, _Entry]:
        """The entries of a directory by tag; of none or a broken one nothing."""
        if not 0 < at < len(self.data):
            return {}
        count = min(self.number(at, 2), _MOST_ENTRIES)
        return dict(self._entries(at + 2, count))

    def _entries(self, at: int, count: int) -> Iterator[tuple[int, _Entry]]:
        for place in range(at, at + 12 * count, 12):
            kind, many = self.number(place + 2, 2), self.number(place + 4, 4)
            size = _SIZES.get(kind, 0) * many
            if size and size <= _SEGMENT_MOST:
                value = place + 8 if size <= 4 else self.number(place + 8, 4)
                yield self.number(place, 2), _Entry(kind, many, value)

    def text(self, entry: _Entry) -> str:
        """Printable ASCII up to its end; empty for other types."""
        if entry.kind != _ASCII:
            return ""
        raw = self.data[entry.at : entry.at + min(entry.count, _MOST_TEXT)].split(b"\0")[0]
        return "".join(c for c in raw.decode("ascii", "replace") if c.isprintable()).strip()

    def ratio(self, entry: _Entry, place: int) -> float | None:
        """The n-th of an entry's fractions; None where there is none."""
        at = entry.at + 8 * place
        below = self.number(at + 4, 4)
        if entry.kind != _RATIONAL or place >= entry.count or not below:
            return None
        return self.number(at, 4) / below


def _pointer(tiff: _Tiff, entries: Mapping[int, _Entry], tag: int) -> int:
    entry = entries.get(tag)
    return tiff.number(entry.at, 4) if entry is not None and entry.kind == _LONG else 0


def _told(tiff: _Tiff, entries: Mapping[int, _Entry], names: Mapping[int, str]) -> Iterator[Tag]:
    for tag, name in names.items():
        entry = entries.get(tag)
        if entry is not None and (value := tiff.text(entry)):
            yield Tag(name, value)


def _degrees(tiff: _Tiff, gps: Mapping[int, _Entry], side: int, tag: int) -> str:
    """Degrees, minutes and seconds as decimal degrees with their side; empty where one lacks."""
    entry, letter = gps.get(tag), gps.get(side)
    if entry is None or letter is None:
        return ""
    parts = [tiff.ratio(entry, place) for place in range(3)]
    named = tiff.text(letter)[:1]
    if None in parts or not named:
        return ""
    degrees, minutes, seconds = (part or 0.0 for part in parts)
    return f"{degrees + minutes / 60 + seconds / 3600:.6f} {named}"
