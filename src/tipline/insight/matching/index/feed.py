"""What an index asks of the table behind it."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import Protocol

#: A key and its hash of 32 bytes; None for a row that has none to be found by.
Row = tuple[int, bytes | None]
#: The first and the last of some keys, both included.
Keys = tuple[int, int]


Mark = Hashable
PRIVATE = "private"


class Feed(Protocol):
    """Rows under whole-number keys above 0 that a sequence gives out, in rising order.

    A row's hash never changes. A row may commit after one with a higher key: whoever follows
    the feed looks at the keys that it has not seen until :meth:`writers` shows that nobody is
    left who could fill them.
    """

    def mark(self) -> Mark | None:
        """Equal to this thread's last one only if nothing was committed since; None: not known.

        :data:`PRIVATE` while this thread is in a transaction and sees what others may never see.
        The point of it is to cost next to nothing.
        """

    def read(self, after: int) -> Sequence[Row]:
        """Rows with keys above ``after`` in their order: all, or :data:`AT_ONCE` of them."""

    def read_among(self, ranges: Collection[Keys]) -> Iterable[Row]:
        """Rows with keys in any of the ranges."""

    def top(self) -> int:
        """The highest key, 0 when there is none."""

    def census(self, through: int, holes: Collection[Keys]) -> tuple[int, int]:
        """How many rows with a hash there are up to ``through``, holes aside; their keys' sum."""

    def writers(self) -> frozenset[str]:
        """Transactions of others that may hold keys of rows that nobody can see yet."""


AT_ONCE = 20_000
