"""Asking a decoding child about videos, where the extra that reads them is installed.

PyAV (``requirements/video.txt``) is no part of what runs by default: its wheel holds codecs
under the GPL, and each is one more thing for a hostile file to break. Without it a video says
that it is not read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.util import find_spec

from tipline.insight.matching import answers
from tipline.insight.matching.answers import Film, Preview, Unreadable, Why
from tipline.insight.matching.beginnings import is_video
from tipline.insight.matching.children import Child, Limits


@lru_cache(maxsize=1)
def readable() -> bool:
    """Whether videos are read on this machine."""
    return find_spec("av") is not None


class VideoChild(Child):
    """A child that decodes videos. It has the same limits, but more time."""

    decoder = "tipline.insight.matching.decoder_video"
    usual = Limits(job_seconds=90, jobs_per_child=50)

    def unfit(self, first: bytes) -> Why | None:
        return None if is_video(first) else Why.NOT_A_PICTURE

    def frames(self, chunks: Iterable[bytes], size: int) -> Film | Unreadable:
        """PDQ of one frame a second. Raises as :meth:`Child.asked` says."""
        return self.asked({"job": "frames", "size": size}, chunks, answers.as_film)

    def stills(
        self, chunks: Iterable[bytes], size: int, at: Sequence[int], *, blur: int = 1
    ) -> Preview | Unreadable:
        """The frames at these milliseconds as one strip, small, grey and blurred; no sound.

        At most twelve. Only for files that the gate allows to be seen. As :meth:`frames`.
        """
        request = {"job": "stills", "size": size, "at": list(at), "blur": blur}
        return self.asked(request, chunks, answers.as_stills)

    def still(
        self, chunks: Iterable[bytes], size: int, at_ms: int, *, grey: bool = False
    ) -> Preview | Unreadable:
        """The one frame at this time, larger, not blurred, in colour unless ``grey``."""
        request = {"job": "still", "size": size, "at": [at_ms], "grey": grey}
        return self.asked(request, chunks, answers.as_revealed)
