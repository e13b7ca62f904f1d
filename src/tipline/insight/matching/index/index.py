"""One index: it follows its feed, answers what is near, and keeps its files."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import connections

from tipline.insight.matching.hashes import HASH_BYTES
from tipline.insight.matching.index.feed import Feed
from tipline.insight.matching.index.merging import LEAST

if TYPE_CHECKING:
    from tipline.insight.matching.index.reader import Reader
    from tipline.insight.matching.index.shelf import Shelf

log = structlog.get_logger(__name__)

RADIUS = 31
FARTHEST = 8 * HASH_BYTES

#: A key and how many bits its hash is away.
Neighbour = tuple[int, int]


class Index:
    """All hashes of a feed, found by distance. For several threads; make one per process.

    ``name``: the folder below ``TIPLINE_HOME/index/`` in which its files stand.
    """

    def __init__(self, name: str, feed: Feed) -> None:
        self.name = name
        self._feed = feed
        self._work: threading.Thread | None = None

    def search(self, value: bytes, radius: int = RADIUS) -> list[Neighbour]:
        """(key, distance) of every hash at most ``radius`` bits away, nearest first.

        ValueError for a value that is not 32 bytes long or a radius outside 0 to 256.
        """
        if len(value) != HASH_BYTES or not 0 <= radius <= FARTHEST:
            _require(value, radius)
        return self._reader.search((value,), radius)[0]

    def search_each(self, values: Sequence[bytes], radius: int = RADIUS) -> list[list[Neighbour]]:
        """The same for several hashes: what came meanwhile is asked for once."""
        for value in values:
            _require(value, radius)
        return self._reader.search(values, radius)

    @cached_property
    def _reader(self) -> Reader:
        from tipline.insight.matching.index.reader import Reader  # noqa: PLC0415 - loads numpy: with the first search

        return Reader(self._shelf, self._feed)

    @cached_property
    def _shelf(self) -> Shelf:
        from tipline.insight.matching.index.shelf import Shelf  # noqa: PLC0415

        return Shelf(self._folder)

    @cached_property
    def _folder(self) -> Path:
        return Path(settings.TIPLINE_HOME) / "index" / self.name

    def join(self) -> bool:
        """Bring the files up to what is committed. False: another process is at it."""
        from tipline.insight.matching.index import keeping  # noqa: PLC0415

        return keeping.join(self._shelf, self._feed)

    def check(self) -> bool:
        """Read every byte of the files, count their rows against the database, mend. As above."""
        from tipline.insight.matching.index import keeping  # noqa: PLC0415

        return keeping.check(self._shelf, self._feed)

    def keep(self) -> None:
        """What a worker calls every so often: joins when it is due, and compiles where it may.

        In a thread of its own, because a large file takes seconds and jobs must not wait.
        """
        if self.is_kept() or self._is_small():
            return
        from tipline.insight.matching.index import keeping, kernels  # noqa: PLC0415

        if keeping.is_due(self._shelf, self._feed):
            self._begin(self.join)
        elif kernels.CHOICE.untried and self._shelf.stamp():
            compiled = self._folder.parent / ".compiled"
            self._begin(lambda: _prepare(compiled))

    def check_beside(self) -> None:
        """:meth:`check`, as :meth:`keep` does its work."""
        if not self.is_kept() and self._folder.exists():
            self._begin(self.check)

    def _is_small(self) -> bool:
        """A scan is as good as a file, and nothing of numbers has to be loaded to know it."""
        return not self._folder.exists() and self._feed.top() < LEAST

    def is_kept(self) -> bool:
        """Whether that thread is at work."""
        return self._work is not None and self._work.is_alive()

    def _begin(self, work: Callable[[], object]) -> None:
        self._work = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._work.start()

    def _run(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the next call tries again; a search is never wrong
            log.warning("index not kept", index=self.name, error=type(error).__name__)
        finally:
            connections.close_all()


def _prepare(folder: Path) -> None:
    """Compiled by a process beside, loaded by this one: that takes half a second."""
    from tipline.insight.matching.index import compiling, kernels  # noqa: PLC0415 - as above

    compiling.compile_beside(folder)
    kernels.CHOICE.prepare(folder)


def _require(value: bytes, radius: int) -> None:
    if len(value) != HASH_BYTES:
        raise ValueError("A hash is 32 bytes long.")
    if not 0 <= radius <= FARTHEST:
        raise ValueError("A radius is a number of bits from 0 to 256.")
