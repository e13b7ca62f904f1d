"""Those who search: three peers, a plain scan, and ours with both of its kernels.

A contender is built from rows and answers questions as its own kind of value, which is made
before the clock runs. All use one thread.
"""

from __future__ import annotations

import ctypes
import gc
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from benchmarks.matching.hashes import FARTHEST, Values
from benchmarks.matching.store import Store
from tipline.insight.matching.index.kernels_numpy import KERNEL, Asked, Kernel

#: (row, distance) of what was found.
Answer = dict[int, int]


class Contender(Protocol):
    """``bytes_each`` and ``build_s`` are known once it is built."""

    name: str
    bytes_each: float
    build_s: float

    def asks(self, values: Sequence[bytes]) -> Any:
        """Questions in the form that :meth:`answer` takes."""

    def answer(self, asked: Any) -> Any:
        """What is measured."""

    def answers(self, values: Sequence[bytes]) -> list[Answer]:
        """What it finds, for checking."""


class MissingError(RuntimeError):
    """A peer is not installed here, or cannot hold so many."""


def _resident() -> int:
    """Bytes of memory of this process, without what was given back to the allocator only."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@dataclass
class Built:
    """What every contender has; ``build`` is called once, between the readings."""

    name: str
    values: Values
    bytes_each: float = 0.0
    build_s: float = 0.0
    held: Any = field(default=None)

    def take(self, build: Callable[[Values], Any]) -> None:
        before, started = _resident(), time.thread_time()
        self.held = build(self.values)
        self.build_s = time.thread_time() - started
        self.bytes_each = max(_resident() - before, 0) / len(self.values)


class Faiss(Built):
    """``flat``: a scan of all; ``multi``: sixteen tables of 16 bits, each with one flip."""

    def __init__(self, name: str, values: Values, kind: str) -> None:
        super().__init__(name, values)
        try:
            import faiss  # noqa: PLC0415 - a peer that may be absent
        except ImportError as error:
            raise MissingError("faiss-cpu is not installed") from error
        faiss.omp_set_num_threads(1)
        made = {"flat": self._flat, "multi": self._multi}[kind]
        self.take(lambda rows: made(faiss, rows))

    @staticmethod
    def _flat(faiss: Any, rows: Values) -> Any:
        index = faiss.IndexBinaryFlat(256)
        index.add(rows)
        return index

    @staticmethod
    def _multi(faiss: Any, rows: Values) -> Any:
        index = faiss.IndexBinaryMultiHash(256, 16, 16)
        index.nflip = 1
        index.add(rows)
        return index

    def asks(self, values: Sequence[bytes]) -> Values:
        return np.frombuffer(b"".join(values), np.uint8).reshape(len(values), -1)

    def answer(self, asked: Values) -> Any:
        return self.held.range_search(asked, FARTHEST + 1)  # it means: below

    def answers(self, values: Sequence[bytes]) -> list[Answer]:
        limits, distances, rows = self.answer(self.asks(values))
        spans = pairwise(limits.tolist())
        return [
            dict(zip(rows[a:b].tolist(), map(int, distances[a:b]), strict=True)) for a, b in spans
        ]


class PdqIndex(Built):
    """The index that the threatexchange package offers for PDQ."""

    MOST = 2_000_000

    def __init__(self, name: str, values: Values) -> None:
        super().__init__(name, values)
        if len(values) > self.MOST:
            raise MissingError(f"needs over 600 bytes an entry: not built beyond {self.MOST:,}")
        try:
            from threatexchange.signal_type.pdq.pdq_index import PDQIndex  # noqa: PLC0415 - a peer
        except ImportError as error:
            raise MissingError("threatexchange is not installed") from error
        self.take(lambda rows: PDQIndex((row.tobytes().hex(), n) for n, row in enumerate(rows)))

    def asks(self, values: Sequence[bytes]) -> list[str]:
        return [value.hex() for value in values]

    def answer(self, asked: list[str]) -> Any:
        return [self.held.query(one) for one in asked]

    def answers(self, values: Sequence[bytes]) -> list[Answer]:
        return [
            {match.metadata: match.similarity_info.distance for match in matches}
            for matches in self.answer(self.asks(values))
        ]


class Scan(Built):
    """Every hash looked at, with numpy: our own tail, holding all."""

    def __init__(self, name: str, values: Values) -> None:
        super().__init__(name, values)
        self.take(lambda rows: np.ascontiguousarray(rows.view(np.uint64).T))

    def asks(self, values: Sequence[bytes]) -> Any:
        words = np.frombuffer(b"".join(values), np.uint64).reshape(len(values), -1)
        return Asked(words, *[words.view(np.uint16)] * 2)  # a scan looks at the words only

    def answer(self, asked: Any) -> Any:
        return KERNEL.scan(self.held, len(self.values), asked, FARTHEST)

    def answers(self, values: Sequence[bytes]) -> list[Answer]:
        found: list[Answer] = [{} for _value in values]
        for asked, place, distance in zip(*map(list, self.answer(self.asks(values))), strict=True):
            found[asked][int(place)] = int(distance)
        return found


class Ours(Built):
    """The product's index, asked with one kernel. Keys of the table are rows counted from 1."""

    def __init__(self, name: str, store: Store, kernel: Kernel) -> None:
        super().__init__(name, store.values)
        self._store, self._kernel = store, kernel
        self.bytes_each, self.build_s = store.bytes_each, store.build_s

    def asks(self, values: Sequence[bytes]) -> Sequence[bytes]:
        self._store.use(self._kernel)
        return values

    def answer(self, asked: Sequence[bytes]) -> Any:
        if len(asked) == 1:
            return [self._store.index.search(asked[0])]
        return self._store.index.search_each(asked)

    def answers(self, values: Sequence[bytes]) -> list[Answer]:
        return [{key - 1: away for key, away in one} for one in self.answer(self.asks(values))]
