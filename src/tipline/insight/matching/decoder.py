"""The child process that decodes pictures: run as a module, spoken to over two pipes.

A picture is a program for its decoder, and the people who send them here are not friends.
So no picture is ever decoded in a process that holds keys, a database or a network: this
one holds nothing. It starts without the framework, shuts itself in before it reads a
single byte (memory, processor time, no file, no socket, no new rights), and answers with a
few numbers, 32-byte hashes, a grey thumbnail or plain strings. The bytes come by pipe and
stand in memory only.

A request is a 4-byte big-endian length, that many bytes of JSON (``job``, ``size``,
``oriented``) and ``size`` bytes of file. An answer is a length, JSON, and as many bytes
as its ``bytes`` says. :mod:`tipline.insight.matching.children` is the other side.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import struct
import sys
import warnings
from typing import Any, BinaryIO

from PIL import Image

from tipline.insight.matching import decoding
from tipline.insight.matching.decoding import MAX_PIXELS, Answer, Jobs, Refused
from tipline.insight.matching.hashes import HASHER, VERSION

MEMORY = 1 << 30
CPU_SECONDS = 15
# --- shutting in


def confine() -> None:
    """Give up everything that decoding does not need. Raises OSError where Linux refuses."""
    Image.preinit()  # imports what Image.open would import later
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _give_up_rights()
    os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    # The three standard streams are open: no further file, pipe or socket can be.
    _limit(resource.RLIMIT_NOFILE, 3)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def _limit(kind: int, most: int) -> None:
    try:
        resource.setrlimit(kind, (most, most))
    except (OSError, ValueError):
        if sys.platform == "linux":
            raise


def _give_up_rights() -> None:
    """Die with the parent, never gain rights, show the memory to nobody (prctl(2))."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    die_with_parent, dumpable, no_new_rights = 1, 4, 38
    for option, value in (
        (die_with_parent, signal.SIGKILL),
        (dumpable, 0),
        (no_new_rights, 1),
    ):
        if libc.prctl(option, int(value), 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


def _renew_time(seconds: int) -> None:
    """Processor time for one job; the kernel ends the process when it is used up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


# --- answering


def main(jobs: Jobs, seconds: int) -> None:
    """Confine, say ready, then answer jobs until the parent closes the pipe.

    ``seconds``: of the processor, for each.
    """
    confine()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    _send(sink, {"ready": True, "hasher": HASHER, "version": VERSION}, b"")
    while head := source.read(4):
        request = json.loads(source.read(*struct.unpack(">I", head)))
        _renew_time(seconds)
        answer, extra = answered(jobs, request, source.read(request["size"]))
        _send(sink, answer, extra)


def _send(sink: BinaryIO, answer: dict[str, Any], extra: bytes) -> None:
    text = json.dumps({**answer, "bytes": len(extra)}).encode()
    sink.write(struct.pack(">I", len(text)) + text + extra)
    sink.flush()


def answered(jobs: Jobs, request: dict[str, Any], data: bytes) -> Answer:
    """The answer to one request: a result, or ``{"reason": code}``."""
    try:
        return jobs[request["job"]](data, request)
    except Refused as refusal:
        return {"reason": str(refusal)}, b""
    except MemoryError:
        return {"reason": "too_much_memory"}, b""
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"reason": "too_many_pixels"}, b""
    except Exception as error:  # noqa: BLE001 - whatever a decoder raises is an answer here
        cut = isinstance(error, EOFError) or "truncated" in str(error).lower()
        return {"reason": "truncated" if cut else "undecodable"}, b""


if __name__ == "__main__":
    main(decoding.JOBS, CPU_SECONDS)
