"""A feed in memory, and an index over it in a folder."""

from __future__ import annotations

from tests.matching.planted import clustered, near_each

from tipline.insight.matching.index import keeping, reader
from tipline.insight.matching.index.kernels import Choice
from tipline.insight.matching.index.shelf import Shelf


class Rows:
    """Rows of a table whose every change is committed at once."""

    def __init__(self, values=()) -> None:
        self.rows: dict[int, bytes | None] = {}
        self.changes = 0
        self.reads = 0
        self.add(values)

    def add(self, values, *, step: int = 1) -> None:
        for value in values:
            self.rows[max(self.rows, default=0) + step] = value
        self.changes += 1

    def mark(self):
        return self.changes

    def read(self, after):
        self.reads += 1
        return [(key, self.rows[key]) for key in sorted(self.rows) if key > after][:700]

    def read_among(self, ranges):
        found = [key for key in self.rows if any(a <= key <= b for a, b in ranges)]
        return [(key, self.rows[key]) for key in sorted(found)]

    def top(self):
        return max(self.rows, default=0)

    def census(self, through, holes):
        keys = [key for key, value in self.rows.items() if key <= through and value is not None]
        keys = [key for key in keys if not any(a <= key <= b for a, b in holes)]
        return len(keys), sum(keys)

    def writers(self):
        return frozenset()

    def usable(self):
        return [(key, value) for key, value in self.rows.items() if value is not None]


class Kept:
    """An index over rows in a folder, with a reader of its own each time one is asked for."""

    def __init__(self, folder, values=()) -> None:
        self.shelf = Shelf(folder / "test")
        self.feed = Rows(values)

    def join(self, **how) -> bool:
        return keeping.join(self.shelf, self.feed, **how)

    def check(self) -> bool:
        return keeping.check(self.shelf, self.feed)

    def reader(self) -> reader.Reader:
        return reader.Reader(self.shelf, self.feed, Choice())

    def is_right(self, one: reader.Reader | None = None, *, radius: int = 31) -> bool:
        """Whether a reader finds what counting bits finds, for every fiftieth row."""
        rows = self.feed.usable()
        queries = [value for _key, value in rows[::50]]
        found = (one or self.reader()).search(queries, radius)
        return found == near_each(queries, rows, radius)

    def segments(self):
        return sorted(self.shelf.folder.glob("*.segment"))

    def listed(self):
        return [name.file for name in self.shelf.listing().names]


def kept(folder, count: int = 600, seed: int = 1) -> Kept:
    one = Kept(folder, clustered(count, seed))
    assert one.join()
    return one
