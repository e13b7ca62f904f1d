"""What is measured inside a store: filling it, linking new reports, and agreeing with Splink.

Started in a process of its own, whose environment names the store (see ``benchmarks.stores``).
Each verb's last line of stdout is its answer as JSON.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from benchmarks.linking.filling import fill
from benchmarks.linking.records import records
from tipline.insight.entities.history.rules import Record, keys_of
from tipline.insight.entities.rules_reported import Value

if TYPE_CHECKING:
    from tipline.record.reports.models import Report

#: A screen name on every tenth report, and on every second of the new ones.
_EVERYBODYS: Final = Value(
    "screen_name", "chat", "the_name_of_many", "suspect", None, "asserted", ()
)
_EVERY: Final = 10
_WARM: Final = 30
_TOGETHER: Final = 5_000


def made(reports: int, new: int, seed: int) -> tuple[Iterator[Record], list[Record]]:
    """The records of a store, and those that come to it afterwards, about the same people."""
    known = (
        _with_everybodys(one) if one.number % _EVERY == 0 else one
        for one in islice(records(reports + new, seed), reports)
    )
    later = islice(records(reports + new, seed), reports, None)
    return known, [_with_everybodys(one) if one.number % 2 else one for one in later]


def _with_everybodys(one: Record) -> Record:
    return one._replace(values=[*one.values, _EVERYBODYS])


def filled(reports: int, new: int, seed: int) -> dict[str, Any]:
    """Reports with identifiers and keys; nothing is linked yet."""
    from django.core.management import call_command  # noqa: PLC0415 - loaded by now

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    known, _later = made(reports, new, seed)
    count, keys = 0, 0
    while page := list(islice(known, _TOGETHER)):
        count += fill(page)
        keys += _keep_keys(page)
    _analyse()
    return {"reports": count, "keys": keys, "seconds": round(time.perf_counter() - started, 1)}


def _keep_keys(page: Iterable[Record]) -> int:
    from tipline.ground.foundation.transactions import write_tx  # noqa: PLC0415
    from tipline.insight.entities.keeping import add_keys  # noqa: PLC0415

    keys = {one.number: sorted(keys_of(one)) for one in page}
    with write_tx():
        add_keys(keys)
    return sum(map(len, keys.values()))


def _analyse() -> None:
    """As a database that has lived for a while has done by itself."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def linked(reports: int, new: int, seed: int) -> dict[str, Any]:
    """Each new report in turn: a bare insert with a durable commit, then keys and links with one.

    Milliseconds. ``bare``: one row of a link's size into a table with a key. ``same``: the rows
    that this link wrote once more, into tables with the same columns and indexes that hold nothing
    else; neither is looked up or scored. ``link``: keys
    written, candidates looked up and read, scored, links written, one durable commit. ``derived``:
    the same as the pipeline commits it, which waits for no disk. ``link_cpu``: of this process,
    which on a busy machine says more than the clock.
    """
    _known, later = made(reports, new, seed)
    _bare_table()
    twins = [_twin(table) for table in _tables()]
    kinds = ("bare", "same", "link", "derived", "everybodys", "link_cpu")
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    candidates, links = 0, 0
    for place, one in enumerate(later):
        fill([one])
        report = _report(one.number)
        bare = _timed(lambda: _bare(one.number))  # noqa: B023 - called at once
        durable = place % 3 != 2
        found = sorted(keys_of(one))  # as they are when its identifiers are read
        before = time.process_time()
        took = _timed(lambda: _link(report, found, durable=durable))  # noqa: B023
        cpu = 1000 * (time.process_time() - before)
        rows = [(twin, _rows(twin, one.number)) for twin in twins]
        same = _timed(lambda: _store(rows))  # noqa: B023
        if place < _WARM:
            continue
        times["bare"].append(bare)
        times["same"].append(same)
        times["link_cpu"].append(cpu)
        many = _EVERYBODYS in one.values
        times["derived" if not durable else "everybodys" if many else "link"].append(took)
        compared, written = _counts(one)
        candidates, links = candidates + compared, links + written
    told = len(later) - _WARM
    return {
        "new": told,
        "candidates_each": round(candidates / told, 2),
        "links_each": round(links / told, 2),
        **{
            f"{name}_{what}_ms": round(percentile(values, share), 3)
            for name, values in times.items()
            for what, share in (("p50", 0.5), ("p99", 0.99))
        },
    }


def _timed(what: Callable[[], object]) -> float:
    started = time.perf_counter()
    what()
    return 1000 * (time.perf_counter() - started)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _report(number: int) -> Report:
    from tipline.record.reports.models import Report  # noqa: PLC0415

    return Report.objects.select_related("sender").get(pk=number)


def _bare_table() -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_bare (id integer primary key, said varchar(400))")


def _bare(number: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from tipline.ground.foundation.transactions import write_tx  # noqa: PLC0415

    with write_tx(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_bare VALUES (%s, %s)", (number, "x" * 400))


class _Twin(NamedTuple):
    """A table of ours, its column of a report's number, and its empty likeness."""

    table: str
    number: str
    name: str


def _tables() -> list[tuple[str, str]]:
    from tipline.insight.entities.models import BlockingKey, Link  # noqa: PLC0415

    sides = ((BlockingKey, "report_id"), (Link, "high_id"))
    return [(model._meta.db_table, number) for model, number in sides]  # noqa: SLF001 - Django's documented way


def _twin(of: tuple[str, str]) -> _Twin:
    """Makes the likeness: the same columns and indexes."""
    from django.db import connection  # noqa: PLC0415

    table, number = of
    twin = _Twin(table, number, f"bench_{table}")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE TABLE {twin.name} (LIKE {table} INCLUDING ALL)")
            return twin
        said = "SELECT name, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL"
        cursor.execute(f"{said} ORDER BY type DESC", [table])
        for name, sql in cursor.fetchall():
            own = sql.replace(f'"{name}"', f'"bench_{name}"', 1)
            cursor.execute(own.replace(f'"{table}"', f'"{twin.name}"'))
    return twin


def _rows(twin: _Twin, number: int) -> list[tuple[Any, ...]]:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {twin.table} WHERE {twin.number} = %s", [number])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _store(told: Sequence[tuple[_Twin, list[tuple[Any, ...]]]]) -> None:
    from django.db import connection  # noqa: PLC0415

    from tipline.ground.foundation.transactions import write_tx  # noqa: PLC0415

    with write_tx(), connection.cursor() as cursor:
        for twin, rows in told:
            if rows:
                marks = f"({', '.join(['%s'] * len(rows[0]))})"
                all_marks = ", ".join([marks] * len(rows))
                values = [value for row in rows for value in row]
                cursor.execute(f"INSERT INTO {twin.name} VALUES {all_marks}", values)


def _link(report: Report, found: Sequence[str], *, durable: bool) -> None:
    from tipline.ground.foundation.transactions import derived_tx, write_tx  # noqa: PLC0415
    from tipline.insight.entities import keeping, linking  # noqa: PLC0415

    if durable:
        with write_tx():
            keeping.add_keys({report.pk: found})
            _changed, later = linking.bring_up(report, report.pk)
        assert not later, "the newest report has no later ones"
        return
    with derived_tx():
        keeping.add_keys({report.pk: found})
    linking.link(report)


def _counts(one: Record) -> tuple[int, int]:
    """How many reports it was compared with, and how many links it has."""
    from tipline.insight.entities.models import Link  # noqa: PLC0415

    return len(_compared(one)), Link.objects.filter(high_id=one.number).count()


def _compared(one: Record) -> set[int]:
    from tipline.insight.entities.blocking.queries import sharing  # noqa: PLC0415
    from tipline.insight.entities.blocking.rules import compared, keys  # noqa: PLC0415

    found = sharing(one.number, keys(one.subject, test=False))
    return {each for each in found.near if each < one.number} | set(
        compared(one.number, found.shared)
    )


def agreed(reports: int, new: int, seed: int, file: str) -> dict[str, Any]:
    """Splink's pairs of new reports with the store's (``file``: [new, other, weight] in JSON).

    ``found``: how many of them are compared here, too. ``largest``: the largest difference of
    weights before caps. And how many pairs a second one process scores.
    """
    from tipline.insight.entities.linking import subjects_of  # noqa: PLC0415
    from tipline.insight.entities.scoring.rules import Frequencies, score  # noqa: PLC0415
    from tipline.insight.entities.scoring.rules_model import shipped  # noqa: PLC0415

    theirs = json.loads(Path(file).read_text())
    _known, later = made(reports, new, seed)
    of = {one.number: one for one in later}
    compared = {number: _compared(of[number]) for number in {own for own, _other, _w in theirs}}
    numbers = sorted(set(chain.from_iterable((own, other) for own, other, _weight in theirs)))
    subjects = {
        number: one.whole
        for at in range(0, len(numbers), 500)
        for number, one in subjects_of(numbers[at : at + 500]).items()
    }
    started = time.perf_counter()
    ours = [
        score(subjects[own], subjects[other], shipped(), Frequencies())
        for own, other, _weight in theirs
    ]
    seconds = time.perf_counter() - started
    differences = [
        abs(sum(piece.bits for piece in found.evidence) - weight)
        for found, (_own, _other, weight) in zip(ours, theirs, strict=True)
    ]
    return {
        "pairs": len(theirs),
        "found": sum(other in compared[own] for own, other, _weight in theirs),
        "largest": max(differences, default=0.0),
        "scored_per_s": round(len(theirs) / seconds) if seconds and theirs else 0,
    }


VERBS: Final[dict[str, tuple[Callable[..., dict[str, Any]], tuple[type, ...]]]] = {
    "fill": (filled, (int, int, int)),
    "link": (linked, (int, int, int)),
    "agree": (agreed, (int, int, int, str)),
}


def main(words: Sequence[str]) -> None:
    from tipline.doors.terminal.starting import load  # noqa: PLC0415 - the first thing to load

    load()
    verb, kinds = VERBS[words[0]]
    print(json.dumps(verb(*(kind(word) for kind, word in zip(kinds, words[1:], strict=True)))))


if __name__ == "__main__":
    main(sys.argv[1:])
