"""Comparing two sorted lists piece by piece, and when what is found may be deleted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: An object is left alone until it is so old, and until so long after it was first seen.
GRACE = timedelta(days=1)
#: More objects without a row than this, and than this share of all, are deleted on request only:
#: so many speak for the wrong database rather than for uploads that were cut off.
MANY, MANY_SHARE = 100, 0.05
#: Every object is opened once in so many daily runs, or in fewer.
DAYS_TO_OPEN_ALL = 90
LEAST_OPENED = 2_000


@dataclass(frozen=True, slots=True)
class Named:
    """A row that names an object. ``gone``: its bytes were deleted; ``dying``: they are to be."""

    name: str
    key: int
    gone: bool = False
    dying: bool = False

    @property
    def live(self) -> bool:
        return not (self.gone or self.dying)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one piece of both lists says. ``upto``: compared so far; empty at the end of both."""

    unnamed: tuple[str, ...]
    missing: tuple[Named, ...]
    left_over: tuple[str, ...]
    objects: tuple[str, ...]
    rows: int
    upto: str


def compare(objects: Sequence[str], rows: Sequence[Named], most: int) -> Piece:
    """Compare two pieces that begin behind the same name.

    ``most``: how many each list was asked for; a shorter piece is the end of its list. Where
    one piece ends first, what the other has behind that waits for the next one.
    """
    ends = [objects[-1]] if len(objects) >= most else []
    ends += [rows[-1].name] if len(rows) >= most else []
    upto = min(ends, default="")
    stored = [name for name in objects if not upto or name <= upto]
    named = {row.name: row for row in rows if not upto or row.name <= upto}
    there = frozenset(stored)
    return Piece(
        unnamed=tuple(name for name in stored if name not in named),
        missing=tuple(row for name, row in named.items() if row.live and name not in there),
        left_over=tuple(name for name in stored if name in named and named[name].gone),
        objects=tuple(stored),
        rows=sum(row.live for row in named.values()),
        upto=upto,
    )


def may_be_sighted(written_at: datetime, now: datetime) -> bool:
    """Whether an object without a row is old enough to be none of an upload under way."""
    return written_at < now - GRACE


def may_be_swept(first_seen_at: datetime, now: datetime) -> bool:
    """Whether an object that is seen again was first seen long enough ago."""
    return first_seen_at <= now - GRACE


def too_many(unnamed: int, objects: int) -> bool:
    """Whether so many objects without a row are rather a mistake than left-overs."""
    return unnamed > max(MANY, MANY_SHARE * objects)


def to_be_opened(rows: int) -> int:
    """How many objects a daily run opens, of so many."""
    return max(LEAST_OPENED, -(-rows // DAYS_TO_OPEN_ALL))


COUNTS = (
    "objects", "object_bytes", "rows", "unnamed", "unnamed_bytes", "swept", "swept_bytes",
    "held_back", "left_over", "uploads_ended", "missing", "damaged", "opened", "opened_bytes",
    "locked",
)  # fmt: skip


def added(figures: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """The sums of a run so far; what was never counted is zero."""
    return {name: figures.get(name, 0) + more.get(name, 0) for name in COUNTS}
