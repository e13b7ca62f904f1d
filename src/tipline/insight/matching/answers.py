"""What the decoding child may answer, and the only shapes of it that are let through.

The child is taken to be in an attacker's hands from the first hostile byte on: of what it says
a few bounded numbers, hashes of exactly 32 bytes, short strings, and grey pixels that are
encoded here. Anything else raises ValueError, KeyError or TypeError.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tipline.ground.foundation.reasons import Reason
from tipline.insight.matching.hashes import (
    CUTS,
    HASH_BYTES,
    HASHER,
    VERSION,
    Orientation,
    is_small,
)

FORMATS = frozenset({"JPEG", "MPO", "PNG", "GIF", "WEBP", "BMP", "TIFF"})
ROUTES = frozenset({"full", "draft-luma-1024"})
MOST_PIXELS = 256_000_000
MOST_FRAMES = 1_000_000
PREVIEW_SIDE = 256
REVEALED_SIDE = 1024
STILL_SIDE = 160
STILLS_ACROSS = 4
STILLS_DOWN = 3
MOST_TAGS = 200
MOST_TEXT = 500
MOST_SHOWN = 600
MOST_MS = 2_000_000_000
_TURNS = len(Orientation)


class Why(StrEnum):
    """Why a file has no fingerprint, preview or EXIF.

    ``VIDEO``: and videos are not read here; ``FRAMES``: it has one for each of its frames.
    """

    EMPTY = "empty"
    NOT_A_PICTURE = "not_a_picture"
    UNDECODABLE = "undecodable"
    TRUNCATED = "truncated"
    TOO_BIG = "too_big"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MUCH_MEMORY = "too_much_memory"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    VIDEO = "video"
    FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file gave nothing, and why. ``TIMEOUT`` and ``CRASHED`` may be tried again."""

    reason: Why

    def as_reason(self) -> Reason:
        """The same as a term without points, for people."""
        return Reason(f"picture.{self.reason}")


@dataclass(frozen=True, slots=True)
class Print:
    """A PDQ of the picture or a part of it; the size in pixels is that of the part.

    ``oriented`` holds the hash of each orientation, upright included, or is empty; ``enlarged``
    the same of a small picture enlarged to twice its size, one after the other.
    """

    value: bytes
    quality: int
    width: int
    height: int
    oriented: Mapping[Orientation, bytes]
    enlarged: bytes = b""

    @property
    def turned(self) -> bytes:
        """As they are kept: the seven turns, and of a small picture eight more when enlarged."""
        return b"".join(self.oriented.values())[HASH_BYTES:] + self.enlarged


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """PDQ of the first frame as stored, with how it was come by.

    ``whole``: the picture as it stands; ``trimmed``: without its flat borders, where it has
    some. ``frames`` is what the file declares (for GIF and TIFF 2 means more than one).
    ``route`` ``full`` is bit-identical to the reference; ``draft-luma-1024`` is a JPEG decoded
    to its luma, of a big one no smaller than that a side, within a few bits of it.
    """

    whole: Print
    trimmed: Print | None
    format: str
    frames: int
    route: str
    hasher: str = HASHER
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class Variants:
    """PDQ of the picture cut in several ways, by the names of :data:`hashes.CUTS`."""

    prints: Mapping[str, Print]
    route: str
    hasher: str = HASHER
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a video: when it is shown, in milliseconds, and its PDQ."""

    at_ms: int
    value: bytes
    quality: int


@dataclass(frozen=True, slots=True)
class Film:
    """One frame of each second of a video. ``whole``: read to its end, not to a limit."""

    frames: tuple[Frame, ...]
    whole: bool
    width: int
    height: int
    route: str = "frames-1s"
    hasher: str = HASHER
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class Preview:
    """A grey, blurred JPEG of at most 256 pixels a side, without any metadata.

    Revealed: in colour, not blurred, of at most 1,024 pixels a side.
    ``orientation`` is the EXIF orientation (1 to 8) that was applied.
    """

    jpeg: bytes
    width: int
    height: int
    orientation: int


@dataclass(frozen=True, slots=True)
class Exif:
    """EXIF tags by name, at most 200 lines of at most 500 characters."""

    tags: Mapping[str, str]


def _whole(answer: Mapping[str, Any], key: str, least: int, most: int) -> int:
    value = answer[key]
    if type(value) is not int or not least <= value <= most:
        raise ValueError(key)
    return value


def _one_of(answer: Mapping[str, Any], key: str, choices: frozenset[str]) -> str:
    value = answer[key]
    if not isinstance(value, str) or value not in choices:
        raise ValueError(key)
    return value


def as_fingerprint(answer: dict[str, Any], extra: bytes) -> Fingerprint:
    trimmed = answer.get("trimmed")
    width, height = (_whole(answer, side, 1, MOST_PIXELS) for side in ("width", "height"))
    own = (2 if is_small(width, height) else 1) * _TURNS
    hashes = _hashes(extra, {1, own} if trimmed is None else {own + _TURNS})
    whole = _print(answer, hashes[:_TURNS])
    return Fingerprint(
        whole=replace(whole, enlarged=b"".join(hashes[_TURNS:own])),
        trimmed=None if trimmed is None else _print(trimmed, hashes[own:]),
        format=_one_of(answer, "format", FORMATS),
        frames=_whole(answer, "frames", 1, MOST_FRAMES),
        route=_one_of(answer, "route", ROUTES),
    )


def as_variants(answer: dict[str, Any], extra: bytes) -> Variants:
    said, hashes = answer["variants"], _hashes(extra, {len(CUTS)})
    if not isinstance(said, list) or [each["variant"] for each in said] != list(CUTS):
        raise ValueError("variants")
    prints = [_print(each, [value]) for each, value in zip(said, hashes, strict=True)]
    return Variants(dict(zip(CUTS, prints, strict=True)), _one_of(answer, "route", ROUTES))


def as_film(answer: dict[str, Any], extra: bytes) -> Film:
    said, whole = answer["frames"], answer["whole"]
    if not isinstance(said, list) or not 0 < len(said) <= MOST_SHOWN or type(whole) is not bool:
        raise ValueError("frames")
    hashes = _hashes(extra, {len(said)})
    frames = tuple(_frame(one, value) for one, value in zip(said, hashes, strict=True))
    if any(late.at_ms <= early.at_ms for early, late in itertools.pairwise(frames)):
        raise ValueError("frames")
    width, height = (_whole(answer, side, 1, MOST_PIXELS) for side in ("width", "height"))
    return Film(frames, whole, width, height)


def _frame(said: Any, value: bytes) -> Frame:
    at_ms, quality = said
    told = {"at_ms": at_ms, "quality": quality}
    return Frame(_whole(told, "at_ms", 0, MOST_MS), value, _whole(told, "quality", 0, 100))


def _hashes(extra: bytes, numbers: set[int]) -> list[bytes]:
    if len(extra) not in {HASH_BYTES * number for number in numbers}:
        raise ValueError("hash")
    return [extra[at : at + HASH_BYTES] for at in range(0, len(extra), HASH_BYTES)]


def _print(said: Mapping[str, Any], hashes: list[bytes]) -> Print:
    """One hash alone, or one for each orientation."""
    width, height = (_whole(said, side, 1, MOST_PIXELS) for side in ("width", "height"))
    if width * height > MOST_PIXELS:
        raise ValueError("pixels")
    turned = dict(zip(Orientation, hashes, strict=True)) if len(hashes) > 1 else {}
    return Print(hashes[0], _whole(said, "quality", 0, 100), width, height, turned)


def as_preview(answer: dict[str, Any], extra: bytes) -> Preview:
    """Encode the child's grey pixels here, so that nothing else can come through."""
    return _grey(answer, extra, PREVIEW_SIDE, PREVIEW_SIDE)


def _grey(answer: dict[str, Any], extra: bytes, widest: int, highest: int) -> Preview:
    from PIL import Image  # noqa: PLC0415 - most processes never show a picture

    width = _whole(answer, "width", 1, widest)
    height = _whole(answer, "height", 1, highest)
    if len(extra) != width * height:
        raise ValueError("pixels")
    encoded = io.BytesIO()
    Image.frombytes("L", (width, height), extra).save(encoded, "JPEG", quality=70)
    orientation = _whole(answer, "orientation", 1, 8)
    return Preview(encoded.getvalue(), width, height, orientation)


def as_stills(answer: dict[str, Any], extra: bytes) -> Preview:
    """The child's strip of grey pixels, one byte each, at most four stills by three."""
    return _grey(answer, extra, STILLS_ACROSS * STILL_SIDE, STILLS_DOWN * STILL_SIDE)


def as_revealed(answer: dict[str, Any], extra: bytes) -> Preview:
    """The same for the child's pixels in colour, three bytes each."""
    from PIL import Image  # noqa: PLC0415 - most processes never show a picture

    width, height = (_whole(answer, side, 1, REVEALED_SIDE) for side in ("width", "height"))
    if len(extra) != 3 * width * height:
        raise ValueError("pixels")
    encoded = io.BytesIO()
    Image.frombytes("RGB", (width, height), extra).save(encoded, "JPEG", quality=85)
    return Preview(encoded.getvalue(), width, height, _whole(answer, "orientation", 1, 8))


def as_exif(answer: dict[str, Any], extra: bytes) -> Exif:
    tags = answer["tags"]
    if not isinstance(tags, dict) or len(tags) > MOST_TAGS or extra:
        raise ValueError("tags")
    for text in itertools.chain(tags, tags.values()):
        if not isinstance(text, str) or len(text) > MOST_TEXT or not text.isprintable():
            raise ValueError("tags")
    return Exif(tags)
