"""A table of Django's as a feed."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, Count, F, Max, Q, Sum, When

from tipline.insight.matching.hashes import HASH_BYTES
from tipline.insight.matching.index.commits import Sight
from tipline.insight.matching.index.feed import AT_ONCE, PRIVATE, Keys, Mark, Row

#: Ranges in one statement: each is two parameters, and SQLite's limit may be as low as 999.
_RANGES = 200

# Whoever inserts holds this lock on the table before the sequence gives it a key, and lets go
# of it only when the row can be seen: the order in PostgreSQL's ExecutorStart and
# CommitTransaction. So a key that is missing while nobody else holds it stays missing.
_WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND relation = %s::regclass AND pid IS DISTINCT FROM pg_backend_pid()
"""


class TableFeed:
    """The rows of ``model``; ``value`` names the column of the hash.

    ``usable``: which rows are found by it. It must say of a row what it said when the row was
    written: what may change later (withdrawn, confirmed) is the caller's to look up.
    """

    def __init__(self, model: type[models.Model], value: str, usable: Q | None = None) -> None:
        self._model = model
        self._value = value
        self._usable = Q(**{f"{value}__isnull": False}) & (usable or Q())
        self._of_thread = threading.local()
        self._statement: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def mark(self) -> Mark | None:
        """SQLite's memory tells whether anyone has committed: see ``commits``."""
        try:
            database = self._of_thread.database
        except AttributeError:  # Django keeps one for as long as the thread lives: so do we
            database = self._of_thread.database = connections[DEFAULT_DB_ALIAS]
            self._of_thread.sight = None
        if database.in_atomic_block:
            return PRIVATE
        sight: Sight | None = self._of_thread.sight
        if sight is None or sight.of is not database.connection:
            sight = self._sight(database)
        return None if sight is None else (sight.of, sight.committed())

    def _sight(self, database: BaseDatabaseWrapper) -> Sight | None:
        """A new one, of the connection that is open now."""
        if self._of_thread.sight is not None:
            self._of_thread.sight.close()
            self._of_thread.sight = None
        if database.vendor == "sqlite":
            database.ensure_connection()
            self._of_thread.sight = Sight(database)
        sight: Sight | None = self._of_thread.sight
        return sight

    def read(self, after: int) -> Sequence[Row]:
        """By a statement that is put together once: this runs with nearly every search."""
        sql, fixed = self._prepared()
        with self._fresh().cursor() as cursor:
            cursor.execute(sql, (*fixed, after))
            return [_row(key, value) for key, value in cursor.fetchall()]

    def _fresh(self) -> BaseDatabaseWrapper:
        """Where all that is committed is seen; in a transaction, what that sees."""
        sight: Sight | None = getattr(self._of_thread, "sight", None)
        if sight is None or connection.in_atomic_block:
            return connections[DEFAULT_DB_ALIAS]
        return sight.database

    def _prepared(self) -> tuple[str, tuple[Any, ...]]:
        if connection.vendor not in self._statement:
            sql, params = self._rows(Q(pk__gt=0))[:AT_ONCE].query.sql_with_params()
            self._statement[connection.vendor] = sql, tuple(params[:-1])  # the last is the key
        return self._statement[connection.vendor]

    def read_among(self, ranges: Collection[Keys]) -> Iterator[Row]:
        wanted = list(ranges)
        for start in range(0, len(wanted), _RANGES):
            among = Q()
            for first, last in wanted[start : start + _RANGES]:
                among |= Q(pk__range=(first, last))
            for key, value in self._rows(among).iterator(AT_ONCE):
                yield _row(key, value)

    def _rows(self, which: Q) -> models.QuerySet[Any, tuple[int, Any]]:
        usable = Case(
            When(self._usable, then=F(self._value)),
            default=None,
            output_field=models.BinaryField(null=True),
        )
        rows = self._model._base_manager.filter(which).annotate(findable_by=usable)  # noqa: SLF001 - Django's name for all rows
        found: models.QuerySet[Any, tuple[int, Any]] = rows.values_list("pk", "findable_by")
        return found.order_by("pk")

    def top(self) -> int:
        return self._model._base_manager.aggregate(top=Max("pk"))["top"] or 0  # noqa: SLF001

    def census(self, through: int, holes: Collection[Keys]) -> tuple[int, int]:
        rows = self._model._base_manager.filter(self._usable, pk__lte=through)  # noqa: SLF001
        for keys in holes:
            rows = rows.exclude(pk__range=keys)
        found = rows.aggregate(count=Count("pk"), sum=Sum("pk"))
        return found["count"], found["sum"] or 0

    def writers(self) -> frozenset[str]:
        """None on SQLite: it gives keys out in the transaction that holds the only write lock."""
        if connection.vendor != "postgresql":
            return frozenset()
        with connection.cursor() as cursor:
            cursor.execute(_WRITERS, [connection.ops.quote_name(self._model._meta.db_table)])  # noqa: SLF001 - documented in Django
            return frozenset(row[0] for row in cursor.fetchall())


def _row(key: int, value: bytes | memoryview | None) -> Row:
    """A value of another length is no hash: it can be found by nobody."""
    return key, None if value is None or len(value) != HASH_BYTES else bytes(value)
