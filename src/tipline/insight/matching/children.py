"""The parent's side of decoding: one child, handed one file at a time.

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
from typing import Any, ClassVar, Self, TypeVar

from tipline.ground.foundation.errors import Unavailable
from tipline.insight.matching import pipes
from tipline.insight.matching.answers import Unreadable, Why
from tipline.insight.matching.beginnings import LOOKED_AT

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a file, seconds for a job and for a start, jobs before a fresh child."""

    file_bytes: int = 200_000_000
    job_seconds: float = 20
    start_seconds: float = 60
    jobs_per_child: int = 500


class Child:
    """One decoding child, started when first needed; a context manager that ends it.

    ``decoder``: the module that it runs; ``unfit`` tells from its first bytes why a file is not
    sent at all.

    Threads may share it and wait for each other. The child dies with the thread that
    started it, and is then started again.
    """

    decoder: ClassVar[str]
    usual: ClassVar[Limits] = Limits()

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or self.usual
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

    def unfit(self, first: bytes) -> Why | None:
        """Why a file with such a beginning is not for this child."""
        raise NotImplementedError

    def asked(
        self,
        request: dict[str, Any],
        chunks: Iterable[bytes],
        shape: Callable[[dict[str, Any], bytes], Answer],
    ) -> Answer | Unreadable:
        """The child's answer in its shape, or why there is none.

        Raises ValueError when the chunks hold another number of bytes than ``size`` in the
        request, Unavailable when no child can be started, and whatever the chunks raise.
        """
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
        while len(first) < min(size, LOOKED_AT) and (chunk := next(chunks, None)) is not None:
            first += chunk
        return self.unfit(first), itertools.chain((first,), chunks)

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
        self._process = process = pipes.start(self.decoder)
        self._jobs = 0
        try:
            hello, _ = pipes.read_answer(process, self.limits.start_seconds)
        except pipes.Gone as gone:
            raise Unavailable("A decoder does not start on this machine.") from gone
        if hello.get("ready") is not True:
            raise Unavailable("A decoder does not start on this machine.")
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
