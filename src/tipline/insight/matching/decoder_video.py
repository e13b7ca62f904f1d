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
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from tipline.insight.matching import decoder, decoding, pdq
from tipline.insight.matching.decoding import Answer, Refused

av: Any = importlib.import_module("av")  # an extra, which the type checker does not have

CPU_SECONDS = 60
# After so much of it a film is read no further: what there is counts.
_ENOUGH_SECONDS = 40
MOST_FRAMES = 600
EVERY_MS = 1000
# A frame of more is not decoded: 8K film has 33 million.
MOST_PIXELS = 40_000_000
STILL_SIDE = 160
STILLS_ACROSS = 4
_PAPER = 128
# Formats whose first plane is the luma, a byte each.
_LUMA_FIRST = frozenset(
    {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray"}
)


def frames(data: bytes, _request: dict[str, Any]) -> Answer:
    """PDQ of the luma of the first frame of each second, with its time."""
    with _opened(data) as container:
        stream = _stream(container)
        width, height = stream.codec_context.width, stream.codec_context.height
        read, hashes, whole = _read(container, stream)
    if not read:
        raise Refused("undecodable")
    said = {"frames": read, "whole": whole, "width": width, "height": height}
    return said, b"".join(hashes)


def stills(data: bytes, request: dict[str, Any]) -> Answer:
    """The frames at the wanted times as one strip: small, grey and blurred, a byte a pixel.

    In rows of four, in their order; each in the middle of its own square.
    """
    times = min(max(int(request["blur"]), 1), decoding.MOST_BLUR)
    radius = times * STILL_SIDE // 32
    shown = _frames_at(data, request["at"], lambda frame: _small(frame, radius))
    down = -(-len(shown) // STILLS_ACROSS)
    across = min(len(shown), STILLS_ACROSS)
    strip = Image.new("L", (across * STILL_SIDE, down * STILL_SIDE), _PAPER)
    for place, one in enumerate(shown):
        left, top = place % STILLS_ACROSS * STILL_SIDE, place // STILLS_ACROSS * STILL_SIDE
        middle = ((STILL_SIDE - one.width) // 2, (STILL_SIDE - one.height) // 2)
        strip.paste(one, (left + middle[0], top + middle[1]))
    return {"width": strip.width, "height": strip.height, "orientation": 1}, strip.tobytes()


def still(data: bytes, request: dict[str, Any]) -> Answer:
    """The one frame at the wanted time, larger and as it is, three bytes a pixel."""
    at, side = request["at"][:1], decoding.REVEALED_SIDE
    [shown] = _frames_at(data, at, lambda frame: _picture(frame, side))
    shown = shown.convert("L").convert("RGB") if request["grey"] else shown
    return {"width": shown.width, "height": shown.height, "orientation": 1}, shown.tobytes()


def _small(frame: Any, radius: int) -> Image.Image:
    return _picture(frame, STILL_SIDE).convert("L").filter(ImageFilter.GaussianBlur(radius))


def _picture(frame: Any, side: int) -> Image.Image:
    shown = Image.fromarray(frame.to_ndarray(format="rgb24"))
    shown.thumbnail((side, side), reducing_gap=2.0)
    return shown


def _frames_at(data: bytes, at: list[int], made: Callable[[Any], Image.Image]) -> list[Image.Image]:
    """For each wanted millisecond, ascending, what is made of the first frame that is no earlier.

    A film that ends before shows the last one that was read. Only one frame is held at a time.
    """
    found: list[Image.Image] = []
    last = None
    with _opened(data) as container, contextlib.suppress(av.error.FFmpegError):
        for last in container.decode(_stream(container)):
            if _at(last) >= at[len(found)]:
                found.append(made(_checked(last)))
            if len(found) == len(at):
                break
    if not found and last is not None:
        found.append(made(_checked(last)))
    if not found:
        raise Refused("undecodable")
    return found


def _checked(frame: Any) -> Any:
    if frame.width * frame.height > MOST_PIXELS:
        raise Refused("too_many_pixels")
    return frame


def _at(frame: Any) -> int:
    return max(0, round(1000 * (frame.time or 0)))


def _opened(data: bytes) -> Any:
    try:
        return av.open(io.BytesIO(data), metadata_errors="ignore")
    except av.error.FFmpegError:
        raise Refused("undecodable") from None


def _stream(container: Any) -> Any:
    """The first moving picture, decoded by one thread. Sound is never touched."""
    if not container.streams.video:
        raise Refused("not_a_picture")
    stream = container.streams.video[0]
    stream.thread_type, stream.thread_count = "NONE", 1
    pixels = stream.codec_context.width * stream.codec_context.height
    if not 0 < pixels <= MOST_PIXELS:
        raise Refused("too_many_pixels" if pixels else "undecodable")
    return stream


def _read(container: Any, stream: Any) -> tuple[list[list[int]], list[bytes], bool]:
    """(milliseconds, quality) and hash of each frame, and whether it was read to its end.

    A film that breaks off counts up to there.
    """
    read, hashes, due, start = list[list[int]](), list[bytes](), 0, _spent()
    with contextlib.suppress(av.error.FFmpegError):
        for frame in container.decode(stream):
            at = _at(frame)
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
    if _checked(frame).format.name not in _LUMA_FIRST:
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
    decoder.main({"frames": frames, "stills": stills, "still": still}, CPU_SECONDS)
