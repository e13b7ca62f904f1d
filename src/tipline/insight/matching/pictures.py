"""The parent's side of picture decoding: one child, handed one file at a time.

The child (:mod:`tipline.insight.matching.decoder`) is taken to be in an attacker's hands
from the first hostile byte on. So it gets no environment, no open file and nothing but the
bytes of one file; it is stopped when it takes too long, replaced after every crash and
every few hundred files; and of its answers only what :mod:`answers` describes is let through.
"""

from __future__ import annotations

import itertools
import subprocess
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from tipline.ground.foundation.errors import Unavailable
from tipline.insight.matching import answers, pipes
from tipline.insight.matching.answers import (
    Exif,
    Fingerprint,
    Preview,
    Print,
    Unreadable,
    Variants,
    Why,
)

__all__ = [
    "Exif",
    "Fingerprint",
    "Limits",
    "PictureChild",
    "Preview",
    "Print",
    "Unreadable",
    "Variants",
    "Why",
]

Answer = TypeVar("Answer")

_DECODER = "tipline.insight.matching.decoder"
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


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a file, seconds for a job and for a start, jobs before a fresh child."""

    file_bytes: int = 200_000_000
    job_seconds: float = 20
    start_seconds: float = 60
    jobs_per_child: int = 500


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

        ``oriented`` adds the hashes of the eight orientations, and those of the picture without
        its flat borders. Raises ValueError when the chunks hold another number of bytes,
        Unavailable when no child can be started, and whatever the chunks themselves raise.
        """
        request = {"job": "fingerprint", "size": size, "oriented": oriented}
        return self._asked(request, chunks, answers.as_fingerprint)

    def variants(self, chunks: Iterable[bytes], size: int) -> Variants | Unreadable:
        """PDQ of the picture cut in each of the ways of :data:`hashes.CUTS`."""
        return self._asked({"job": "variants", "size": size}, chunks, answers.as_variants)

    def preview(self, chunks: Iterable[bytes], size: int) -> Preview | Unreadable:
        """A small grey blurred preview. Only for files that the gate allows to be seen."""
        return self._asked({"job": "preview", "size": size}, chunks, answers.as_preview)

    def exif(self, chunks: Iterable[bytes], size: int) -> Exif | Unreadable:
        """The EXIF tags. Only for files that the gate allows to be read."""
        return self._asked({"job": "exif", "size": size}, chunks, answers.as_exif)

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
            except pipes.Gone as gone:
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
        for piece in itertools.chain(
            (pipes.framed(request),), pipes.counted(chunks, request["size"])
        ):
            pipes.write(process, piece, self.limits.job_seconds)
        answer, extra = pipes.read_answer(process, self.limits.job_seconds)
        self._jobs += 1
        try:
            if "reason" not in answer:
                return shape(answer, extra)
            why = Why(answer["reason"])
        except (ValueError, KeyError, TypeError) as odd:
            raise pipes.Gone(Why.CRASHED) from odd
        if why is Why.TOO_MUCH_MEMORY:
            self._end()
        return Unreadable(why)

    def _ready(self) -> subprocess.Popen[bytes]:
        """A running child that has said that it is confined."""
        process = self._process
        if process and process.poll() is None and self._jobs < self.limits.jobs_per_child:
            return process
        self._end()
        self._process = process = pipes.start(_DECODER)
        self._jobs = 0
        try:
            hello, _ = pipes.read_answer(process, self.limits.start_seconds)
        except pipes.Gone as gone:
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


def _unlike_a_picture(first: bytes) -> Why | None:
    webp = first.startswith(b"RIFF") and first[8:12] == b"WEBP"
    return None if webp or first.startswith(_BEGINNINGS) else Why.NOT_A_PICTURE
