"""Which tables hold the rows of reports, found from the models, and how each column is copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.db import connection, models

from tipline.ground.foundation.models import DataKey, Job
from tipline.insight.matching.models import Fingerprint
from tipline.pipeline.loading.rules import (
    copied_fingerprint,
    copied_text,
    shift_last_number,
    shift_numbers,
)
from tipline.record.reports.models import Report

#: Tables that no foreign key ties to a report although their rows come with one.
_ROOTS: tuple[type[models.Model], ...] = (DataKey, Report, Fingerprint)
#: Names under which a JSON column says a report's number.
_NUMBERS = ("reportId", "report", "number")

Copy = Callable[[Any, int], Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows are copied. ``key`` is the column that tells the pack's rows."""

    model: type[models.Model]
    columns: tuple[str, ...]
    key: str

    @property
    def name(self) -> str:
        return self.model._meta.db_table  # noqa: SLF001 - Django's documented way


@dataclass(frozen=True, slots=True)
class Span:
    """The keys that the pack has in a table: from ``first`` on, the next copy ``step`` later."""

    first: int
    step: int


def tables() -> list[Table]:
    """Every table with rows of reports, the ones that others point to first."""
    found = _reached()
    return [_table(model) for model in _in_order(found)]


def _reached() -> set[type[models.Model]]:
    """The roots, and whatever points to one of them, however far around."""
    found = set(_ROOTS)
    while more := {
        model
        for model in apps.get_models()
        if model not in found and any(target in found for target in _targets(model))
    }:
        found |= more
    return found


def _targets(model: type[models.Model]) -> Iterator[type[models.Model]]:
    for column in model._meta.concrete_fields:  # noqa: SLF001
        if isinstance(column, models.ForeignKey):
            target = column.related_model
            if isinstance(target, type):
                yield target


def _in_order(found: set[type[models.Model]]) -> list[type[models.Model]]:
    left, placed = sorted(found, key=lambda model: model._meta.db_table), []  # noqa: SLF001
    while left:
        ready = [m for m in left if not {t for t in _targets(m) if t in left and t is not m}]
        if not ready:
            raise ValueError("tables that point to each other in a circle cannot be copied")
        placed += ready
        left = [model for model in left if model not in ready]
    return placed


def _table(model: type[models.Model]) -> Table:
    fields = model._meta.concrete_fields  # noqa: SLF001
    return Table(model, tuple(str(field.column) for field in fields), str(model._meta.pk.column))  # noqa: SLF001


JOBS = _table(Job)
"""What waits to be done about reports, where that is copied too."""


def copiers(table: Table, spans: dict[type[models.Model], Span]) -> list[Copy]:
    """How each column of the table is copied, in the order of its columns."""
    fields = table.model._meta.concrete_fields  # noqa: SLF001
    return [_copier(table.model, field, spans) for field in fields]


def _copier(
    model: type[models.Model],
    field: models.Field[Any, Any],
    spans: dict[type[models.Model], Span],
) -> Copy:
    target = field.related_model if isinstance(field, models.ForeignKey) else None
    owner = model if field.primary_key and target is None else target
    if isinstance(owner, type) and owner in spans:
        return partial(_moved, spans[owner].step)
    if isinstance(field, models.JSONField):
        return partial(_json, spans[Report].step)
    if model is Job and field.name == "dedup_key":
        return partial(_key, spans[Report].step)
    if isinstance(field, models.CharField | models.TextField) and target is None:
        return _text
    if model is Fingerprint and field.name in {"value", "turned"}:
        return _fingerprint
    return _same


def _moved(step: int, value: int | None, generation: int) -> int | None:
    return None if value is None else value + step * generation


def _json(step: int, value: str | None, generation: int) -> str | None:
    if value is None:
        return None
    return copied_text(shift_numbers(value, _NUMBERS, step * generation), generation)


def _text(value: str | None, generation: int) -> str | None:
    return None if value is None else copied_text(value, generation)


def _key(step: int, value: str | None, generation: int) -> str | None:
    """Jobs of reports are told apart by the report's number, at the end of their key."""
    return None if value is None else shift_last_number(value, step * generation)


def _fingerprint(value: bytes | None, generation: int) -> bytes | None:
    return None if value is None else copied_fingerprint(bytes(value), generation)


def _same(value: Any, _generation: int) -> Any:
    return value


def read(table: Table, first: int) -> list[tuple[Any, ...]]:
    """The rows from a key on, in their order, JSON as text."""
    cast = "::text" if connection.vendor == "postgresql" else ""
    columns = ", ".join(
        f'"{field.column}"{cast if isinstance(field, models.JSONField) else ""}'
        for field in table.model._meta.concrete_fields  # noqa: SLF001
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {columns} FROM "{table.name}" WHERE "{table.key}" >= %s '  # noqa: S608 - names of our own tables
            f'ORDER BY "{table.key}"',
            [first],
        )
        return [tuple(row) for row in cursor.fetchall()]


def write(table: Table, rows: list[tuple[Any, ...]]) -> None:
    """Add rows as they are; the caller holds the transaction."""
    columns = ", ".join(f'"{column}"' for column in table.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(table.columns))
            cursor.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', rows)  # noqa: S608


def span_after(table: Table, key: int) -> Span:
    """The keys that came after ``key``; PostgreSQL leaves gaps before them."""
    later = table.model._default_manager.filter(pk__gt=key)  # noqa: SLF001 - as below
    first = later.aggregate(models.Min("pk"))["pk__min"]
    return Span(key + 1, 0) if first is None else Span(first, newest_key(table) - first + 1)


def newest_key(table: Table) -> int:
    """The largest key there is; 0 in an empty table."""
    found = table.model._default_manager.aggregate(models.Max("pk"))["pk__max"]  # noqa: SLF001
    return int(found or 0)
