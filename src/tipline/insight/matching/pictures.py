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
import signal
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
from typing import IO, Any, Self, TypeVar

from tipline.ground.foundation.errors import Unavailable
from tipline.ground.foundation.reasons import Reason
from tipline.insight.matching.hashes import HASH_BYTES, HASHER, VERSION, Orientation

FORMATS = frozenset({"JPEG", "MPO", "PNG", "GIF", "WEBP", "BMP", "TIFF"})
ROUTES = frozenset({"full", "draft-luma-1024"})
MOST_PIXELS = 256_000_000
MOST_FRAMES = 1_000_000
PREVIEW_SIDE = 256
MOST_TAGS = 200
MOST_TEXT = 500

Answer = TypeVar("Answer")

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
    b"BM",
    *(order + mark for order in (b"II", b"MM") for mark in (b"*\0", b"\0*", b"+\0", b"\0+")),
)
_LOOKED_AT = 16


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

    reason: Why

    def as_reason(self) -> Reason:
        """The same as a term without points, for people."""
        return Reason(f"picture.{self.reason}")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """PDQ of the first frame as stored, with how it was come by.

    ``oriented`` holds the hash of each orientation, upright included, or is empty.
    ``frames`` is what the file declares (for GIF and TIFF 2 means more than one). ``route``
    ``full`` is bit-identical to the reference; ``draft-luma-1024`` is a big JPEG decoded to
    luma at reduced size, within a few bits of it.
    """

    value: bytes
    quality: int
    width: int
    height: int
    format: str
    frames: int
    route: str
    oriented: Mapping[Orientation, bytes]
    hasher: str = HASHER
    version: str = VERSION


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
        self, chunks: Iterable[bytes], size: int, *, oriented: bool = False
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

    def _asked(
        self,
        request: dict[str, Any],
        chunks: Iterable[bytes],
        shape: Callable[[dict[str, Any], bytes], Answer],
    ) -> Answer | Unreadable:
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

    def _refused(self, size: int, chunks: Iterable[bytes]) -> tuple[Why | None, Iterable[bytes]]:
        """Why the file is not even sent, or its chunks, of which the first were looked at."""
        if size == 0:
            return Why.EMPTY, ()
        if size > self.limits.file_bytes:
            return Why.TOO_BIG, ()
        chunks, first = iter(chunks), b""
        while len(first) < min(size, _LOOKED_AT) and (chunk := next(chunks, None)) is not None:
            first += chunk
        return _unlike_a_picture(first), itertools.chain((first,), chunks)

    def _answered(
        self,
        request: dict[str, Any],
        chunks: Iterable[bytes],
        shape: Callable[[dict[str, Any], bytes], Answer],
    ) -> Answer | Unreadable:
        process = self._ready()
        for piece in itertools.chain((_framed(request),), _counted(chunks, request["size"])):
            _write(process, piece, self.limits.job_seconds)
        answer, extra = _read_answer(process, self.limits.job_seconds)
        self._jobs += 1
        try:
            if "reason" not in answer:
                return shape(answer, extra)
            why = Why(answer["reason"])
        except (ValueError, KeyError, TypeError) as odd:
            raise _Gone(Why.CRASHED) from odd
        if why is Why.TOO_MUCH_MEMORY:
            self._end()
        return Unreadable(why)

    def _ready(self) -> subprocess.Popen[bytes]:
        """A running child that has said that it is confined."""
        process = self._process
        if process and process.poll() is None and self._jobs < self.limits.jobs_per_child:
            return process
        self._end()
        self._process = process = _start()
        self._jobs = 0
        try:
            hello, _ = _read_answer(process, self.limits.start_seconds)
        except _Gone as gone:
            raise Unavailable("The picture decoder does not start on this machine.") from gone
        if hello.get("ready") is not True:
            raise Unavailable("The picture decoder does not start on this machine.")
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


# --- the pipes


def _start() -> subprocess.Popen[bytes]:
    """A child with two pipes, an environment of four words and nothing else of ours."""
    process = subprocess.Popen(  # noqa: S603 - our own module, run by our own interpreter
        [sys.executable, "-P", "-s", "-m", _DECODER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        pipesize=_PIPE,
        cwd="/",
        env={
            "PYTHONPATH": str(_SOURCES),
            "LC_ALL": "C.UTF-8",
            # One thread each: a second one only costs address space here.
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        },
    )
    for pipe in (process.stdin, process.stdout):
        os.set_blocking(_number_of(pipe), False)
    return process


def _number_of(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise _Gone(Why.CRASHED)
    return pipe.fileno()


def _framed(request: dict[str, Any]) -> bytes:
    text = json.dumps(request).encode()
    return struct.pack(">I", len(text)) + text


def _counted(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    seen = 0
    for chunk in chunks:
        seen += len(chunk)
        if seen > size:
            break
        yield chunk
    if seen != size:
        raise ValueError(f"The file was announced with {size} bytes but holds another number.")


def _wait(pipe: int, event: int, until: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
        raise _Gone(Why.TIMEOUT)


def _write(process: subprocess.Popen[bytes], piece: bytes, seconds: float) -> None:
    """Send a piece; ``seconds`` is for the child to take it, not for the file to arrive."""
    pipe, left = _number_of(process.stdin), memoryview(piece)
    until = time.monotonic() + seconds
    while left:
        _wait(pipe, select.POLLOUT, until)
        try:
            left = left[os.write(pipe, left[:_PIPE]) :]
        except BlockingIOError:
            continue
        except BrokenPipeError as broken:
            raise _Gone(_cause(process)) from broken


def _read_answer(process: subprocess.Popen[bytes], seconds: float) -> tuple[dict[str, Any], bytes]:
    until = time.monotonic() + seconds
    text = _read(process, _bounded(*struct.unpack(">I", _read(process, 4, until))), until)
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as odd:
        raise _Gone(Why.CRASHED) from odd
    if not isinstance(answer, dict):
        raise _Gone(Why.CRASHED)
    return answer, _read(process, _bounded(answer.get("bytes")), until)


def _bounded(length: object) -> int:
    if type(length) is not int or not 0 <= length <= _LONGEST_ANSWER:
        raise _Gone(Why.CRASHED)
    return length


def _read(process: subprocess.Popen[bytes], length: int, until: float) -> bytes:
    pipe, found = _number_of(process.stdout), bytearray()
    while len(found) < length:
        _wait(pipe, select.POLLIN, until)
        piece = os.read(pipe, length - len(found))
        if not piece:
            raise _Gone(_cause(process))
        found += piece
    return bytes(found)


def _cause(process: subprocess.Popen[bytes]) -> Why:
    """Why the child closed its pipe: the kernel ends it when its processor time is used up."""
    try:
        ended = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return Why.CRASHED
    return Why.TIMEOUT if ended == -signal.SIGXCPU else Why.CRASHED


# --- what is let through


def _unlike_a_picture(first: bytes) -> Why | None:
    webp = first.startswith(b"RIFF") and first[8:12] == b"WEBP"
    return None if webp or first.startswith(_BEGINNINGS) else Why.NOT_A_PICTURE


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


def _as_fingerprint(answer: dict[str, Any], extra: bytes) -> Fingerprint:
    hashes = [extra[at : at + HASH_BYTES] for at in range(0, len(extra), HASH_BYTES)]
    if len(extra) not in {HASH_BYTES, len(Orientation) * HASH_BYTES}:
        raise ValueError("hash")
    width, height = (_whole(answer, side, 1, MOST_PIXELS) for side in ("width", "height"))
    if width * height > MOST_PIXELS:
        raise ValueError("pixels")
    return Fingerprint(
        value=hashes[0],
        quality=_whole(answer, "quality", 0, 100),
        width=width,
        height=height,
        format=_one_of(answer, "format", FORMATS),
        frames=_whole(answer, "frames", 1, MOST_FRAMES),
        route=_one_of(answer, "route", ROUTES),
        oriented=dict(zip(Orientation, hashes, strict=True)) if len(hashes) > 1 else {},
    )


def _as_preview(answer: dict[str, Any], extra: bytes) -> Preview:
    """Encode the child's grey pixels here, so that nothing else can come through."""
    from PIL import Image  # noqa: PLC0415 - most processes never show a picture

    width, height = (_whole(answer, side, 1, PREVIEW_SIDE) for side in ("width", "height"))
    if len(extra) != width * height:
        raise ValueError("pixels")
    encoded = io.BytesIO()
    Image.frombytes("L", (width, height), extra).save(encoded, "JPEG", quality=70)
    orientation = _whole(answer, "orientation", 1, 8)
    return Preview(encoded.getvalue(), width, height, orientation)


def _as_exif(answer: dict[str, Any], extra: bytes) -> Exif:
    tags = answer["tags"]
    if not isinstance(tags, dict) or len(tags) > MOST_TAGS or extra:
        raise ValueError("tags")
    for text in itertools.chain(tags, tags.values()):
        if not isinstance(text, str) or len(text) > MOST_TEXT or not text.isprintable():
            raise ValueError("tags")
    return Exif(tags)
