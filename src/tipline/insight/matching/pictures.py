"""The parent's side of picture decoding: one child, handed one file at a time.

The child (:mod:`tipline.insight.matching.decoder`) is taken to be in an attacker's hands
from the first hostile byte on. So it gets no environment, no open file and nothing but the
bytes of one file; it is stopped when it takes too long, replaced after every crash and
every few hundred files; and of its answers only the shape described here is let through: a
few bounded numbers, hashes of exactly 32 bytes, short strings, and grey pixels that this
side encodes itself.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from PIL import Image

from tipline.ground.foundation.errors import Unavailable
from tipline.ground.foundation.reasons import Reason
from tipline.insight.matching import pdq

FORMATS = frozenset({"JPEG", "MPO", "PNG", "GIF", "WEBP", "BMP", "TIFF"})
ROUTES = frozenset({"full", "draft-luma-1024"})
MOST_PIXELS = 256_000_000
MOST_FRAMES = 1_000_000
PREVIEW_SIDE = 256
MOST_TAGS = 200
MOST_TEXT = 500

_DECODER = "tipline.insight.matching.decoder"
_SOURCES = Path(__file__).parents[3]
_LONGEST_ANSWER = 1 << 20
_PIPE = 1 << 20
# What the formats above begin with; anything else is not sent at all, a video above all.
_BEGINNINGS = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"RIFF",
    b"BM",
    *(order + mark for order in (b"II", b"MM") for mark in (b"*\0", b"\0*", b"+\0", b"\0+")),
)
_LONGEST_BEGINNING = max(map(len, _BEGINNINGS))


class Why(StrEnum):
    """Why a file has no fingerprint, preview or EXIF."""

    EMPTY = "empty"
    NOT_A_PICTURE = "not_a_picture"
    UNDECODABLE = "undecodable"
    TRUNCATED = "truncated"
    TOO_BIG = "too_big"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MUCH_MEMORY = "too_much_memory"
    TIMEOUT = "timeout"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file gave nothing, and why. ``TIMEOUT`` and ``CRASHED`` may be tried again."""

    why: Why

    def as_reason(self) -> Reason:
        return Reason(f"picture.{self.why}")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """PDQ of the first frame as stored, with how it was come by.

    ``oriented`` holds the hash of each orientation, upright included, or is empty.
    ``frames`` is what the file declares (for GIF and TIFF 2 means more than one). ``route``
    ``full`` is bit-identical to the reference; ``draft-luma-1024`` is a big JPEG decoded to
    luma at reduced size, within a few bits of it.
    """

    hash: bytes
    quality: int
    width: int
    height: int
    format: str
    frames: int
    route: str
    oriented: Mapping[pdq.Orientation, bytes]
    hasher: str = pdq.HASHER
    version: str = pdq.VERSION


@dataclass(frozen=True, slots=True)
class Preview:
    """A grey, blurred JPEG of at most 256 pixels a side, without any metadata.

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


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a file, seconds for a job and for a start, jobs before a fresh child."""

    file_bytes: int = 200_000_000
    job_seconds: float = 20
    start_seconds: float = 60
    jobs_per_child: int = 500


class _Gone(Exception):  # noqa: N818 - becomes an answer
    """The child is of no more use for this job."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class PictureChild:
    """One decoding child, started when first needed; a context manager that ends it.

    Threads may share it and wait for each other. The child dies with the thread that
    started it, and is then started again.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process id while one runs."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the child, if one runs. Waits for a job under way."""
        with self._lock:
            self._end()

    def fingerprint(
        self, chunks: Iterable[bytes], size: int, *, oriented: bool = True
    ) -> Fingerprint | Unreadable:
        """PDQ and picture facts of ``size`` bytes given in chunks.

        ``oriented`` adds the hashes of the eight orientations. Raises ValueError when the
        chunks hold another number of bytes, Unavailable when no child can be started, and
        whatever the chunks themselves raise.
        """
        request = {"job": "fingerprint", "size": size, "oriented": oriented}
        return self._asked(request, chunks, _as_fingerprint)

    def preview(self, chunks: Iterable[bytes], size: int) -> Preview | Unreadable:
        """A small grey blurred preview. Only for files that the gate allows to be seen."""
        return self._asked({"job": "preview", "size": size}, chunks, _as_preview)

    def exif(self, chunks: Iterable[bytes], size: int) -> Exif | Unreadable:
        """The EXIF tags. Only for files that the gate allows to be read."""
        return self._asked({"job": "exif", "size": size}, chunks, _as_exif)

    def _asked[T](
        self,
        request: dict[str, Any],
        chunks: Iterable[bytes],
        shape: Callable[[dict[str, Any], bytes], T],
    ) -> T | Unreadable:
        refusal, chunks = self._refused(request["size"], chunks)
        if refusal is not None:
            return Unreadable(refusal)
        with self._lock:
            try:
                return self._answered(request, chunks, shape)
            except _Gone as gone:
                self._end()
                return Unreadable(gone.why)
            except BaseException:
                # The child may hold half a file: never ask it anything again.
                self._end()
                raise
