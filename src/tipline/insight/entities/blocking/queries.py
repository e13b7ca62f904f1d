"""Which reports share keys: one bounded read, on both databases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection

from tipline.insight.entities.blocking.rules import MOST, NEAREST, Keys, is_certain
from tipline.insight.entities.models import BlockingKey

_TABLE = BlockingKey._meta.db_table  # noqa: SLF001 - Django's documented way
_FIRST = (
    f"SELECT * FROM (SELECT key, report_id FROM {_TABLE} "  # noqa: S608 - our own table's name
    "WHERE key = %s ORDER BY report_id LIMIT %s) AS part"
)
_NEAR = (
    f"SELECT * FROM (SELECT key, report_id FROM {_TABLE} "  # noqa: S608 - the same
    "WHERE key = %s AND report_id {side} %s ORDER BY report_id {order} LIMIT %s) AS part"
)
_BEFORE = _NEAR.format(side="<", order="DESC")
_AFTER = _NEAR.format(side=">", order="ASC")


@lru_cache(maxsize=256)
def _statement(shared: int, certain: int) -> str:
    return " UNION ALL ".join([_FIRST] * shared + [_BEFORE, _AFTER] * certain)


@dataclass(frozen=True, slots=True)
class Sharing:
    """``shared``: per shared key the first reports with it, ascending, the asking one included.

    ``near``: reports to which a certain key leads, before and after the asking one.
    """

    shared: dict[str, list[int]] = field(default_factory=dict)
    near: set[int] = field(default_factory=set)


def sharing(number: int, keys: Keys) -> Sharing:
    """Who shares keys with a report, in one statement."""
    statement, values = asked(number, keys)
    if not values:
        return Sharing()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return answered(cursor.fetchall())


def asked(number: int, keys: Keys) -> tuple[str, list[str | int]]:
    """The statement that finds who shares keys with a report: rows of a key and a number.

    Of a shared key no more rows are read than it takes to see that it is too many reports' one, of
    a certain one no more than the nearest: whatever stands behind them costs nothing.
    """
    values: list[str | int] = []
    for key in keys.shared:
        values += (key, MOST + 1)
    for key in keys.certain:
        values += (key, number, NEAREST) * 2
    return _statement(len(keys.shared), len(keys.certain)), values


def answered(rows: Iterable[tuple[str, int]]) -> Sharing:
    """What the rows of that statement say, in whatever order they come."""
    of_key: dict[str, list[int]] = defaultdict(list)
    for key, report in rows:
        of_key[key].append(report)
    found = Sharing()
    for key, numbers in of_key.items():
        if is_certain(key):
            found.near.update(numbers)
        else:
            found.shared[key] = sorted(numbers)
    return found
