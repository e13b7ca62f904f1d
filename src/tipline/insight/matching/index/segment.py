"""One immutable file of hashes: written once, mapped by every process, checked when opened."""

from __future__ import annotations

import hashlib
import mmap
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from tipline.insight.matching.index import layout
from tipline.insight.matching.index.bands import Bands
from tipline.insight.matching.index.kernels_numpy import NOTHING, Found, Kernel, Questions
from tipline.insight.matching.index.layout import FARTHEST, PER_BASE, WORDS, Damaged, Words

_PIECE = 1 << 22
_ROWS = 1 << 15

Keys = NDArray[np.int64]


class Source(NamedTuple):
    """Rows to write: keys (N,) and their words (N, 4)."""

    keys: Keys
    words: Words


@dataclass(frozen=True, slots=True)
class Name:
    """A segment as the list of them knows it, whatever has become of its file."""

    file: str
    count: int
    first: int
    last: int
    digest: str


class Segment:
    """An open segment. Searching it needs no lock; it stays mapped as long as anyone holds it."""

    def __init__(self, name: Name, mapped: mmap.mmap, parts: dict[str, layout.Part]) -> None:
        def array(part: str) -> NDArray[Any]:
            where = parts[part]
            return np.frombuffer(mapped, where.kind, where.items, where.start)

        self.name = name
        self.size = len(mapped)
        self._bases, self._steps = array("bases"), array("steps")
        self._bands = Bands(
            array("words"),
            array("offsets"),
            array("ids"),
            array("nexts"),
            layout.shape_of(name.count),
        )

    def __len__(self) -> int:
        return self.name.count

    @classmethod
    def open(cls, folder: Path, name: Name) -> Self:
        """Map the file and check all of it. Raises :class:`Damaged`, FileNotFoundError."""
        with (folder / name.file).open("rb") as file:
            told = layout.told_by(file.read(layout.HEADER))
            parts = layout.parts_of(told["count"], told["steps"], told.get("lines", 0))
            if told["count"] != name.count or told["digest"] != name.digest:
                raise Damaged("The file is another one than the list names.")
            if os.fstat(file.fileno()).st_size != layout.size_of(parts):
                raise Damaged("The file is shorter or longer than it was.")
            mapped = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        if digest_of(mapped) != name.digest:
            raise Damaged("The file was changed.")
        return cls(name, mapped, parts)

    def search(self, wanted: Questions, radius: int, kernel: Kernel) -> Found:
        """What is within the radius of each question; its keys are the places."""
        if radius <= FARTHEST:
            found = kernel.ring(self._bands, wanted, radius)
        else:
            found = self._scan(wanted, radius, kernel)
        if found is NOTHING:
            return found
        return Found(found.asked, self._keys_at(found.places), found.distances)

    def _scan(self, wanted: Questions, radius: int, kernel: Kernel) -> Found:
        """Farther than the lists reach: everything is looked at."""
        found = [NOTHING]
        for start in range(0, len(self), _ROWS):
            columns = np.ascontiguousarray(self._words[start : start + _ROWS].T)
            some = kernel.scan(columns, columns.shape[1], wanted, radius)
            found.append(Found(some.asked, some.places + start, some.distances))
        return Found(*map(np.concatenate, zip(*found, strict=True)))

    @property
    def _words(self) -> Words:
        return self._bands.words.reshape(-1, WORDS)

    def _keys_at(self, places: Keys) -> Keys:
        keys: Keys = self._bases[places // PER_BASE] + self._steps[places]
        return keys

    def source(self, *, last: int | None = None) -> Source:
        """Everything in it, or its last entries."""
        places = np.arange(len(self))[-last if last else 0 :]
        return Source(self._keys_at(places), self._words[places[0] :])


def digest_of(mapped: mmap.mmap) -> str:
    """SHA-256 of all behind the header."""
    digest = hashlib.sha256()
    with memoryview(mapped) as whole:
        for start in range(layout.HEADER, len(whole), _PIECE):
            with whole[start : start + _PIECE] as piece:
                digest.update(piece)
    return digest.hexdigest()
