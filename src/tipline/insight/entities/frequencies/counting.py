"""Counting terms of any number of subjects in bounded memory: digests are spooled, then sorted.

Each digest goes to one of a few files by its first bits; each file is then sorted on its own. A
hundred million terms take 800 MB of disk and less than 200 MB of memory.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self

import numpy as np

from tipline.insight.entities.scoring.rules_subject import Subject
from tipline.insight.entities.scoring.rules_terms import digest, terms

_PARTS: Final = 32
#: Digests of a part that wait in memory until they are written together.
_TOGETHER: Final = 16_384
#: Whoever alone has a term is nobody's link: such a count is not kept.
LEAST: Final = 2


class Counting:
    """Takes subjects one after the other, then gives what is on two of them or more.

    ``known``: by comparison and form, how many subjects have any value. The spooled digests are
    of the key's, and are gone when the block ends.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._waiting = [array("q") for _part in range(_PARTS)]
        self.subjects = 0
        self.known: Counter[tuple[str, str]] = Counter()

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="tipline-terms-")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def add(self, subjects: Iterable[Subject]) -> None:
        for subject in subjects:
            found = terms(subject)
            self.subjects += 1
            self.known.update({(comparison, form) for comparison, form, _term in found})
            for term in found:
                self._keep(digest(term, self._key))

    def _keep(self, number: int) -> None:
        part = number % _PARTS
        waiting = self._waiting[part]
        waiting.append(number)
        if len(waiting) >= _TOGETHER:
            self._write(part)

    def _write(self, part: int) -> None:
        with self._file(part).open("ab") as file:
            self._waiting[part].tofile(file)
        self._waiting[part] = array("q")

    def _file(self, part: int) -> Path:
        return Path(self._folder.name) / f"{part}.digests"

    def shared(self) -> Iterator[Sequence[tuple[int, int]]]:
        """Digests and their counts, from the smallest digest on within each part."""
        for part in range(_PARTS):
            self._write(part)
            file = self._file(part)
            numbers, counts = np.unique(np.fromfile(file, dtype=np.int64), return_counts=True)
            file.unlink()
            often = counts >= LEAST
            yield list(zip(numbers[often].tolist(), counts[often].tolist(), strict=True))
