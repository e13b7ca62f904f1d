"""A picture without what stands beside its pixels. Pure: bytes in, bytes or a refusal out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from tipline.ground.foundation.reasons import Reason
from tipline.record.evidence.metadata import rules_gif, rules_jpeg, rules_png
from tipline.record.evidence.metadata.rules_parts import Unfit

#: Bytes of a file that is read whole to take its metadata out; a longer one is refused.
MOST_BYTES = 64 * 1024 * 1024
_LONGEST_BEGINNING = 8


@dataclass(frozen=True, slots=True)
class Refused:
    """Why these bytes cannot be handed out without their metadata; ``code`` has words."""

    code: str

    def as_reason(self) -> Reason:
        return Reason(self.code, {"most": MOST_BYTES // (1024 * 1024)})


OTHER_KIND = Refused("metadata.other_kind")
TOO_LARGE = Refused("metadata.too_large")


def can_be_cleaned(beginning: bytes) -> bool:
    """Whether a file that begins like this (8 bytes are enough) is of a kind that is read."""
    return beginning.startswith((rules_jpeg.BEGINNING, rules_png.BEGINNING, *rules_gif.BEGINNINGS))


def without_metadata(data: bytes) -> bytes | Refused:
    """The same picture without EXIF, XMP, IPTC, comments, colour profile and thumbnails.

    The kind is told by the bytes themselves: JPEG, PNG or GIF; any other is refused. Compressed
    pixels are copied and never decoded, so a decoder gives the same samples as before. Two
    things that stood beside them are lost on purpose: how a camera was held (EXIF orientation)
    and the colour profile. What follows the picture's end is left out. Cleaned bytes cleaned
    again are the same.

    At most :data:`MOST_BYTES`; memory: the input and the output.
    """
    if len(data) > MOST_BYTES:
        return TOO_LARGE
    out = BytesIO()
    try:
        for piece in _pieces(data):
            out.write(piece)
    except Unfit as error:
        return Refused(error.code)
    return out.getvalue()


def _pieces(data: bytes) -> Iterator[bytes | memoryview]:
    view, beginning = memoryview(data), data[:_LONGEST_BEGINNING]
    if beginning.startswith(rules_jpeg.BEGINNING):
        return rules_jpeg.pieces(view)
    if beginning.startswith(rules_png.BEGINNING):
        return rules_png.pieces(view)
    if beginning.startswith(rules_gif.BEGINNINGS):
        return rules_gif.pieces(view)
    raise Unfit(OTHER_KIND.code)
