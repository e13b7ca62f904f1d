"""Adding rows in one plain statement, where many reports a second pass through.

``bulk_create`` takes most of its time to write the statement: for rows that were just made, without
signals, parents or expressions, this does the same in half of it (decision 31).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

#: Rows of one statement: SQLite takes 250,000 values.
_TOGETHER = 500
#: Fields whose values both databases take as they are.
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
_Column = tuple[str, str, Callable[[Any], Any] | None]


def add(rows: Sequence[models.Model], asking: str = "NULL") -> list[Any]:
    """Insert these rows of one model, all new, in the caller's transaction if there is one.

    Each gets its key, or all have one. Values are checked by the database alone, as
    ``bulk_create`` has it. ``asking``: an expression of SQL, our own words, answered for each row.
    """
    told: list[Any] = []
    for some in _parts(rows):
        key = type(some[0])._meta.pk  # noqa: SLF001 - Django's documented way
        found = _insert(some, f"RETURNING {_name(key)}, {asking}")
        for row, (given, answer) in zip(some, found, strict=True):
            row.pk = given
            row._state.adding = False  # noqa: SLF001 - as every writer of Django's leaves it
            row._state.db = connection.alias  # noqa: SLF001 - the same
            told.append(answer)
    return told


def add_missing(rows: Sequence[models.Model]) -> None:
    """The same, where one that is there already stays as it is. They get no keys."""
    for some in _parts(rows):
        _insert(some, "ON CONFLICT DO NOTHING")


def add_or_set(rows: Sequence[models.Model], unique: str, column: str) -> None:
    """The same, where one with the same ``unique`` takes the new one's ``column`` instead."""
    for some in _parts(rows):
        _insert(some, f"ON CONFLICT ({unique}) DO UPDATE SET {column} = EXCLUDED.{column}")


def _parts(rows: Sequence[models.Model]) -> Iterator[Sequence[models.Model]]:
    return (rows[at : at + _TOGETHER] for at in range(0, len(rows), _TOGETHER))


def _insert(rows: Sequence[models.Model], end: str) -> list[Any]:
    model, keyed = type(rows[0]), rows[0].pk is not None
    fields = _fields(model, keyed)
    values = [
        getattr(row, name) if written is None else written(getattr(row, name))
        for row in rows
        for name, _column, written in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"{_statement(model, keyed, len(rows))} {end}", values)
        return cursor.fetchall() if end.startswith("RETURNING") else []


@lru_cache(maxsize=64)
def _fields(model: type[models.Model], keyed: bool) -> tuple[_Column, ...]:
    """Attribute, column and how it is written; without a key that the database gives."""
    concrete = model._meta.local_concrete_fields  # noqa: SLF001 - Django's documented way
    if model._meta.parents:  # noqa: SLF001 - the same
        raise TypeError(f"{model.__name__} has a parent: its rows stand in two tables")
    return tuple(
        (field.attname, _name(field), _writer(field))
        for field in concrete
        if keyed or not isinstance(field, models.AutoField)
    )


def _name(field: models.Field[Any, Any]) -> str:
    return connection.ops.quote_name(field.column or field.attname)


def _writer(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """How a value becomes the database's; None where it is so already."""
    told = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(told, _PLAIN):
        return None
    return lambda value: field.get_db_prep_save(value, connection)


@lru_cache(maxsize=512)
def _statement(model: type[models.Model], keyed: bool, count: int) -> str:
    fields = _fields(model, keyed)
    columns = ", ".join(column for _attribute, column, _written in fields)
    marks = f"({', '.join(['%s'] * len(fields))})"
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - the same
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([marks] * count)}"  # noqa: S608 - our own models' names
