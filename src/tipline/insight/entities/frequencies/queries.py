"""Which snapshot is in force, and how often it has seen the terms of a subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from tipline.ground.foundation.keys import open_data_key
from tipline.insight.entities.models import FrequencySnapshot, TermCount
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_subject import Subject
from tipline.insight.entities.scoring.rules_terms import Term, digest, terms

#: Digests of one statement; SQLite takes 250,000 values, PostgreSQL 65,535.
_TOGETHER = 20_000
# Asked for every report that is linked: Django would take longer to write it than the answer takes.
NEWEST = (
    f"SELECT id, subjects, finished_at FROM {FrequencySnapshot._meta.db_table}"  # noqa: S608, SLF001 - our own table's name
    " WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``number``: 0 where nothing was frozen yet. ``subjects``: how many were counted; ``at``:
    when all were, as the database writes it.
    """

    number: int = 0
    subjects: int = 0
    at: str = ""

    @property
    def stamp(self) -> str:
        """What a link's version says of it: ``f7``, nothing where there is none."""
        return f"f{self.number}" if self.number else ""


NOTHING_FROZEN = Snapshot()


def in_force() -> Snapshot:
    """The newest snapshot that was finished. One small statement each time."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        found = cursor.fetchone()
    return snapshot_of(found) if found else NOTHING_FROZEN


def snapshot_of(row: Sequence[Any]) -> Snapshot:
    """The snapshot of a row that :data:`NEWEST` gives."""
    return Snapshot(row[0], row[1], str(row[2]))


@lru_cache(maxsize=64)
def subjects_of(stamp: str) -> int:
    """How many subjects a snapshot counted, by its stamp; 0 where there is no such snapshot.

    Kept in memory: a snapshot that a link names never changes.
    """
    number = stamp.removeprefix("f")
    if not number.isdecimal():
        return 0
    rows = FrequencySnapshot.objects.filter(pk=int(number), finished_at__isnull=False)
    return rows.values_list("subjects", flat=True).first() or 0


def terms_of(number: int) -> int:
    """How many terms a snapshot has counted on two subjects or more."""
    return TermCount.objects.filter(snapshot=number).count()


def known(snapshot: Snapshot, subjects: Iterable[Subject]) -> Frequencies:
    """How often the snapshot has seen the terms of these subjects: one statement.

    A report's own subject is enough to score it with any other: what two have in common, each has.
    """
    if not snapshot.number:
        return Frequencies()
    key, counted = _opened(snapshot)
    by_digest = {digest(term, key): term for one in subjects for term in terms(one)}
    wanted, counts = sorted(by_digest), dict[Term, int]()
    for at in range(0, len(wanted), _TOGETHER):
        rows = TermCount.objects.filter(
            snapshot=snapshot.number, digest__in=wanted[at : at + _TOGETHER]
        )
        counts |= {by_digest[one]: count for one, count in rows.values_list("digest", "count")}
    return Frequencies(counts, counted, snapshot.subjects)


@lru_cache(maxsize=4)
def _opened(snapshot: Snapshot) -> tuple[bytes, dict[tuple[str, str], int]]:
    """The plain key of a snapshot, in memory only, and its counts of subjects. Neither changes."""
    row = FrequencySnapshot.objects.select_related("key").get(pk=snapshot.number)
    told = {
        (comparison, form): count
        for comparison, forms in row.known.items()
        for form, count in forms.items()
    }
    return open_data_key(row.key), told
