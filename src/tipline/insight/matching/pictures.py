"""Asking the decoding child about pictures: hashes, a small preview, EXIF."""

from __future__ import annotations

from collections.abc import Iterable

from tipline.insight.matching import answers
from tipline.insight.matching.answers import (
    Exif,
    Fingerprint,
    Preview,
    Print,
    Unreadable,
    Variants,
    Why,
)
from tipline.insight.matching.beginnings import is_picture, is_video
from tipline.insight.matching.children import Child, Limits

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


class PictureChild(Child):
    """A child that decodes pictures, and nothing else."""

    decoder = "tipline.insight.matching.decoder"

    def unfit(self, first: bytes) -> Why | None:
        if is_picture(first):
            return None
        return Why.VIDEO if is_video(first) else Why.NOT_A_PICTURE

    def fingerprint(
        self, chunks: Iterable[bytes], size: int, *, oriented: bool = False
    ) -> Fingerprint | Unreadable:
        """PDQ and picture facts of ``size`` bytes given in chunks.

        ``oriented`` adds the hashes of the eight orientations, and those of the picture without
        its flat borders. Raises ValueError when the chunks hold another number of bytes,
        Unavailable when no child can be started, and whatever the chunks themselves raise.
        """
        request = {"job": "fingerprint", "size": size, "oriented": oriented}
        return self.asked(request, chunks, answers.as_fingerprint)

    def variants(self, chunks: Iterable[bytes], size: int) -> Variants | Unreadable:
        """PDQ of the picture cut in each of the ways of :data:`hashes.CUTS`."""
        return self.asked({"job": "variants", "size": size}, chunks, answers.as_variants)

    def preview(self, chunks: Iterable[bytes], size: int, *, blur: int = 1) -> Preview | Unreadable:
        """A small grey preview. Only for files that the gate allows to be seen.

        ``blur``: how many times the usual radius it is blurred, 1 to 4.
        """
        request = {"job": "preview", "size": size, "blur": blur}
        return self.asked(request, chunks, answers.as_preview)

    def revealed(
        self, chunks: Iterable[bytes], size: int, *, grey: bool = False
    ) -> Preview | Unreadable:
        """The picture, larger, not blurred, in colour unless ``grey``. As for previews."""
        request = {"job": "revealed", "size": size, "grey": grey}
        return self.asked(request, chunks, answers.as_revealed)

    def exif(self, chunks: Iterable[bytes], size: int) -> Exif | Unreadable:
        """The EXIF tags. Only for files that the gate allows to be read."""
        return self.asked({"job": "exif", "size": size}, chunks, answers.as_exif)
