"""The child process that decodes videos: confined like that of pictures, with more time.

Run as a module where PyAV is installed (see :mod:`tipline.insight.matching.videos`). A file may
name other files or addresses to read on from: this process can open neither.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import pkgutil
import resource
from typing import Any

import numpy as np

from tipline.insight.matching import decoder, pdq
from tipline.insight.matching.decoding import Answer, Refused

av: Any = importlib.import_module("av")  # an extra, which the type checker does not have

CPU_SECONDS = 60
# After so much of it a film is read no further: what there is counts.
_ENOUGH_SECONDS = 40
MOST_FRAMES = 600
EVERY_MS = 1000
# A frame of more is not decoded: 8K film has 33 million.
MOST_PIXELS = 40_000_000
# Formats whose first plane is the luma, a byte each.
_LUMA_FIRST = frozenset(
    {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray"}
)


def frames(data: bytes, _request: dict[str, Any]) -> Answer:
    """PDQ of the luma of the first frame of each second, with its time."""
    with _opened(data) as container:
        if not container.streams.video:
            raise Refused("not_a_picture")
        stream = container.streams.video[0]
        stream.thread_type, stream.thread_count = "NONE", 1
        width, height = stream.codec_context.width, stream.codec_context.height
        if not 0 < width * height <= MOST_PIXELS:
            raise Refused("too_many_pixels" if width * height else "undecodable")
        read, hashes, whole = _read(container, stream)
    if not read:
        raise Refused("undecodable")
    said = {"frames": read, "whole": whole, "width": width, "height": height}
    return said, b"".join(hashes)


def _opened(data: bytes) -> Any:
    try:
        return av.open(io.BytesIO(data), metadata_errors="ignore")
    except av.error.FFmpegError:
        raise Refused("undecodable") from None


def _read(container: Any, stream: Any) -> tuple[list[list[int]], list[bytes], bool]:
    """(milliseconds, quality) and hash of each frame, and whether it was read to its end.

    A film that breaks off counts up to there.
    """
    read, hashes, due, start = list[list[int]](), list[bytes](), 0, _spent()
    with contextlib.suppress(av.error.FFmpegError):
        for frame in container.decode(stream):
            at = max(0, round(1000 * (frame.time or 0)))
            if at < due and read:
                continue
            if len(read) == MOST_FRAMES or _spent() - start > _ENOUGH_SECONDS:
                return read, hashes, False
            due = at - at % EVERY_MS + EVERY_MS
            hashed = pdq.fingerprint(_luma(frame), settled=False)
            read.append([at, hashed.quality])
            hashes.append(hashed.hash)
        return read, hashes, True
    return read, hashes, False


def _luma(frame: Any) -> pdq.Pixels:
    if frame.width * frame.height > MOST_PIXELS:
        raise Refused("too_many_pixels")
    if frame.format.name not in _LUMA_FIRST:
        frame = frame.reformat(format="gray")
    plane = frame.planes[0]
    lines = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return np.ascontiguousarray(lines[: frame.height, : frame.width])


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _load() -> None:
    """Load now what would be loaded when first needed: later no file can be opened."""
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


if __name__ == "__main__":
    _load()
    decoder.main({"frames": frames}, CPU_SECONDS)
