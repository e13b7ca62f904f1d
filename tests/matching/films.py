"""Films of generated shapes, in whatever container and codec PyAV can write."""

from __future__ import annotations

import io
from collections.abc import Iterable

import numpy as np
from tests.matching.shapes import scene


def scenes(seeds: Iterable[int], width: int = 320, height: int = 240) -> list[np.ndarray]:
    """A scene for each seed."""
    return [scene(seed, height, width) for seed in seeds]


def film(
    shown: list[np.ndarray],
    *,
    seconds: int = 2,
    kind: str = "mp4",
    codec: str = "mpeg4",
    rate: int = 10,
    quality: int = 2_000_000,
) -> bytes:
    """Each picture is shown for so many seconds."""
    import av

    out = io.BytesIO()
    height, width = shown[0].shape[:2]
    with av.open(out, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.bit_rate = quality
        for pixels in shown:
            for _ in range(seconds * rate):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return out.getvalue()
