"""Reports as linking sees them, and the table of keys, read in their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from django.db.models import Max, Min, Q

from tipline.insight.entities.history.rules import Record
from tipline.insight.entities.models import BlockingKey, Identifier
from tipline.insight.entities.rules_reported import READ_ROLES, Value
from tipline.record.reports.models import Report

_READ: Final = sorted(role.value for role in READ_ROLES)
_COLUMNS: Final = ("kind", "scope", "normal", "role", "verified", "origin", "sightings")
#: Numbers in one statement.
_TOGETHER: Final = 500


def span() -> tuple[int, int]:
    """The numbers of the first report and of the last; both 0 where there is none."""
    found = Report.objects.aggregate(first=Min("pk"), last=Max("pk"))
    return found["first"] or 0, found["last"] or 0


def newest_identifier() -> int:
    """The newest identifier that was read from a report; 0 where there is none."""
    newest: int | None = Identifier.objects.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def records_between(after: int, last: int) -> list[Record]:
    """Reports above ``after`` up to ``last`` that have identifiers, in order."""
    return _records(Q(report__gt=after, report__lte=last))


def records_of(numbers: Iterable[int]) -> dict[int, Record]:
    """These reports; those without identifiers are absent."""
    wanted = sorted(set(numbers))
    return {
        record.number: record
        for start in range(0, len(wanted), _TOGETHER)
        for record in _records(Q(report__in=wanted[start : start + _TOGETHER]))
    }


def _records(which: Q) -> list[Record]:
    rows = Identifier.objects.filter(which, role__in=_READ).exclude(normal="").order_by("report")
    about = ("report_id", "report__sender_id", "report__sender__test_only")
    values: dict[tuple[int, int | None, bool], list[Value]] = defaultdict(list)
    for number, sender, test, *value in rows.values_list(*about, *_COLUMNS):
        values[number, sender, bool(test)].append(Value(*value))
    return [Record(*of_report, found) for of_report, found in values.items()]


def entries() -> Iterator[tuple[str, int]]:
    """The whole table of keys, by key and number; read through without being held."""
    rows = BlockingKey.objects.order_by("key", "report_id").values_list("key", "report_id")
    yield from rows.iterator(chunk_size=20_000)


def keys_between(after: int, last: int) -> dict[tuple[int, str], int]:
    """What the table of keys has of the reports above ``after`` up to ``last``: report and key,
    each with the key of its row.
    """
    rows = BlockingKey.objects.filter(report__gt=after, report__lte=last)
    return {(number, key): pk for number, key, pk in rows.values_list("report_id", "key", "pk")}


def read_since(mark: int, upto: int, after: int, size: int) -> list[Report]:
    """The next reports above ``after`` some of whose identifiers are newer than ``mark``, and not
    newer than ``upto``.
    """
    rows = Identifier.objects.filter(pk__gt=mark, pk__lte=upto, report__gt=after)
    numbers = rows.order_by("report").values_list("report", flat=True).distinct()[:size]
    return list(Report.objects.select_related("sender").filter(pk__in=list(numbers)).order_by("pk"))
