"""A stream of files in the shape of 2023, with the truth of each beside it.

In that year one clearinghouse received 105.7 million files: 50.0 million distinct by digest and
33.6 million by eye (published figures of NCMEC for 2023). So of a hundred files 53 are byte for
byte like one before, and of a hundred distinct ones 33 look like another. The stream deals these
shares exactly; who is seen again follows Zipf's law.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random

from PIL import Image

from simulator.dice import dice
from simulator.media.edits import EDITS, edited
from simulator.media.pictures import Picture, picture_bytes

DISTINCT_BY_DIGEST = 50.0 / 105.7
DISTINCT_BY_EYE = 33.6 / 105.7
_SIZES = ((640, 480), (480, 640), (800, 600), (720, 720))


@dataclass(frozen=True, slots=True)
class Passed:
    """One file of the stream.

    ``drawing``: what it shows; files of one drawing look alike. ``edit``: "" for the original,
    else a name of :data:`simulator.media.edits.EDITS`. ``again``: byte for byte like an earlier
    file. ``first``: the first file of its drawing.
    """

    number: int
    drawing: int
    edit: str
    take: int
    again: bool
    first: bool


class FileStream:
    """``files`` files by seed; their bytes are drawn when asked for."""

    def __init__(self, seed: int, files: int) -> None:
        self._seed = seed
        self.files = files
        self.drawings = max(1, round(files * DISTINCT_BY_EYE))
        self.digests = max(self.drawings, round(files * DISTINCT_BY_DIGEST))

    def __iter__(self) -> Iterator[Passed]:
        """The files in the order in which they come."""
        pick = dice(self._seed, "stream")
        edits = self._edits()
        sent: list[tuple[int, str, int]] = []
        drawings = 0
        for number, kind in enumerate(self._kinds()):
            if kind == "again":
                one = sent[_popular(pick, len(sent))]
            elif kind == "edit":
                one = (_popular(pick, drawings), next(edits), number)
            else:
                one, drawings = (drawings, "", 0), drawings + 1
            if kind != "again":
                sent.append(one)
            yield Passed(number, *one, again=kind == "again", first=kind == "new")

    def _kinds(self) -> list[str]:
        """What each file is, in a shuffled order that begins with something new."""
        kinds = ["new"] * (self.drawings - 1) + ["edit"] * (self.digests - self.drawings)
        kinds += ["again"] * (self.files - self.digests)
        dice(self._seed, "kinds").shuffle(kinds)
        return ["new", *kinds]

    def _edits(self) -> Iterator[str]:
        """Edit after edit, each as often as another to within one."""
        dealt = list(islice(cycle(sorted(EDITS)), self.digests - self.drawings))
        dice(self._seed, "edits").shuffle(dealt)
        return iter(dealt)

    def content(self, file: Passed) -> bytes:
        """The bytes of a file: equal for equal (drawing, edit, take)."""
        pick = dice(self._seed, "drawing", file.drawing)
        width, height = pick.choice(_SIZES)
        original = picture_bytes(Picture(f"{self._seed}/s{file.drawing}", width, height))
        if not file.edit:
            return original
        with Image.open(io.BytesIO(original)) as opened:
            image = opened.convert("RGB")
        return edited(image, file.edit, dice(self._seed, "edit", file.edit, file.take))


def _popular(pick: Random, size: int) -> int:
    """A place from 0 to ``size`` - 1; the n-th about as often as 1/n (Zipf's law)."""
    return int((size + 1) ** pick.random()) - 1
