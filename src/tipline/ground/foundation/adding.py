"""Adding rows in one plain statement, where many reports a second pass through.

``bulk_create`` takes most of its time to write the statement: for rows that were just made, without
signals, parents or expressions, this does the same in half of it (decision 31).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

_T = TypeVar("_T")
#: Rows of one statement: SQLite takes 250,000 values.
_TOGETHER = 500
#: Fields whose values both databases take as they are.
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


def add(rows: Sequence[models.Model]) -> None:
    """Insert these rows of one model, all new, in the caller's transaction if there is one.

    Each gets its key, or all have one. Values are checked by the database alone, as
    ``bulk_create`` has it.
    """
    for some in _parts(rows):
        key = type(some[0])._meta.pk  # noqa: SLF001 - Django's documented way
        for row, (given,) in zip(some, _insert(some, f"RETURNING {_name(key)}"), strict=True):
            row.pk = given
            row._state.adding = False  # noqa: SLF001 - as every writer of Django's leaves it
            row._state.db = connection.alias  # noqa: SLF001 - the same


def add_values(
    model: type[models.Model],
    names: tuple[str, ...],
    rows: Sequence[Sequence[Any]],
    asking: str = "NULL",
) -> list[tuple[Any, Any]]:
    """The same of values of these attributes, of which no row was made; the others have what the
    database gives them. The key of each, and what is ``asking``: an expression of SQL, our own
    words, answered for each.
    """
    end = f"RETURNING {_name(model._meta.pk)}, {asking}"  # noqa: SLF001 - Django's documented way
    return [told for some in _parts(rows) for told in _store(model, names, some, end)]


def add_missing(rows: Sequence[models.Model]) -> None:
    """The same, where one that is there already stays as it is. They get no keys."""
    for some in _parts(rows):
        _insert(some, "ON CONFLICT DO NOTHING")


def add_or_set(rows: Sequence[models.Model], unique: str, column: str) -> None:
    """The same, where one with the same ``unique`` takes the new one's ``column`` instead."""
    for some in _parts(rows):
        _insert(some, f"ON CONFLICT ({unique}) DO UPDATE SET {column} = EXCLUDED.{column}")


def _parts(rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (rows[at : at + _TOGETHER] for at in range(0, len(rows), _TOGETHER))


def _insert(rows: Sequence[models.Model], end: str) -> list[Any]:
    model, keyed = type(rows[0]), rows[0].pk is not None
    names = _names(model, keyed)
    return _store(model, names, [[getattr(row, name) for name in names] for row in rows], end)


def _store(
    model: type[models.Model], names: tuple[str, ...], rows: Sequence[Sequence[Any]], end: str
) -> list[Any]:
    writers = _writers(model, names)
    values = [
        value if written is None else written(value)
        for row in rows
        for value, written in zip(row, writers, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"{_statement(model, names, len(rows))} {end}", values)
        return cursor.fetchall() if end.startswith("RETURNING") else []


@lru_cache(maxsize=64)
def _names(model: type[models.Model], keyed: bool) -> tuple[str, ...]:
    """All attributes, without a key that the database gives."""
    concrete = model._meta.local_concrete_fields  # noqa: SLF001 - Django's documented way
    if model._meta.parents:  # noqa: SLF001 - the same
        raise TypeError(f"{model.__name__} has a parent: its rows stand in two tables")
    return tuple(
        field.attname for field in concrete if keyed or not isinstance(field, models.AutoField)
    )


@lru_cache(maxsize=64)
def _writers(
    model: type[models.Model], names: tuple[str, ...]
) -> tuple[Callable[[Any], Any] | None, ...]:
    return tuple(map(_writer, _fields(model, names)))


def _fields(model: type[models.Model], names: tuple[str, ...]) -> list[models.Field[Any, Any]]:
    own = {one.attname: one for one in model._meta.local_concrete_fields}  # noqa: SLF001 - the same
    return [own[name] for name in names]


def _name(field: models.Field[Any, Any]) -> str:
    return connection.ops.quote_name(field.column or field.attname)


def _writer(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """How a value becomes the database's; None where it is so already."""
    told = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(told, _PLAIN):
        return None
    return lambda value: field.get_db_prep_save(value, connection)


@lru_cache(maxsize=512)
def _statement(model: type[models.Model], names: tuple[str, ...], count: int) -> str:
    columns = ", ".join(map(_name, _fields(model, names)))
    marks = f"({', '.join(['%s'] * len(names))})"
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - the same
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([marks] * count)}"  # noqa: S608 - our own models' names
