"""The two pipes to a decoding child: framed requests out, bounded answers in, each with a time.

No answer is believed here beyond its length and being JSON; :mod:`answers` looks at the rest.
"""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from tipline.insight.matching.answers import Why

SOURCES = Path(__file__).parents[3]
_LONGEST_ANSWER = 1 << 22  # a revealed picture has 3 MiB
_PIPE = 1 << 20


class Gone(Exception):  # noqa: N818 - becomes an answer
    """The child is of no more use for this job."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def start(decoder: str) -> subprocess.Popen[bytes]:
    """A child with two pipes, an environment of four words and nothing else of ours."""
    process = subprocess.Popen(  # noqa: S603 - our own module, run by our own interpreter
        [sys.executable, "-P", "-s", "-m", decoder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        pipesize=_PIPE,
        cwd="/",
        env={
            "PYTHONPATH": str(SOURCES),
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
        raise Gone(Why.CRASHED)
    return pipe.fileno()


def framed(request: dict[str, Any]) -> bytes:
    text = json.dumps(request).encode()
    return struct.pack(">I", len(text)) + text


def counted(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
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
        raise Gone(Why.TIMEOUT)


def write(process: subprocess.Popen[bytes], piece: bytes, seconds: float) -> None:
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
            raise Gone(_cause(process)) from broken


def read_answer(process: subprocess.Popen[bytes], seconds: float) -> tuple[dict[str, Any], bytes]:
    until = time.monotonic() + seconds
    text = _read(process, _bounded(*struct.unpack(">I", _read(process, 4, until))), until)
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as odd:
        raise Gone(Why.CRASHED) from odd
    if not isinstance(answer, dict):
        raise Gone(Why.CRASHED)
    return answer, _read(process, _bounded(answer.get("bytes")), until)


def _bounded(length: object) -> int:
    if type(length) is not int or not 0 <= length <= _LONGEST_ANSWER:
        raise Gone(Why.CRASHED)
    return length


def _read(process: subprocess.Popen[bytes], length: int, until: float) -> bytes:
    pipe, found = _number_of(process.stdout), bytearray()
    while len(found) < length:
        _wait(pipe, select.POLLIN, until)
        piece = os.read(pipe, length - len(found))
        if not piece:
            raise Gone(_cause(process))
        found += piece
    return bytes(found)


def _cause(process: subprocess.Popen[bytes]) -> Why:
    """Why the child closed its pipe: the kernel ends it when its processor time is used up."""
    try:
        ended = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return Why.CRASHED
    return Why.TIMEOUT if ended == -signal.SIGXCPU else Why.CRASHED
