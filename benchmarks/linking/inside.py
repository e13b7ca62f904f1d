"""What is measured inside a store: filling it, linking new reports, and agreeing with Splink.

Started in a process of its own, whose environment names the store (see ``benchmarks.stores``).
Each verb's last line of stdout is its answer as JSON.
"""

from __future__ import annotations

import json
import math
import random
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from benchmarks.linking.filling import fill
from benchmarks.linking.records import records
from tipline.insight.entities.history.rules import Record, keys_of
from tipline.insight.entities.rules_reported import Value

if TYPE_CHECKING:
    from django.db.models import Model

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
    """Each new report in turn: keys and links with a durable commit, then their bare insert.

    Milliseconds. ``link``: keys written, candidates looked up and read, scored, links written, one
    durable commit. ``bare``: its insert alone: rows like those that it wrote, into the same tables,
    a statement for each table and one durable commit; they are taken away again. ``row``: one row
    of a link's size into a table that holds nothing else. ``derived``: a link as the pipeline
    commits it, which waits for no disk. ``link_cpu``: of this process, which on a busy machine says
    more than the clock.
    """
    _known, later = made(reports, new, seed)
    _row_table()
    kinds = ("row", "bare", "link", "derived", "everybodys", "link_cpu")
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    candidates, links = 0, 0
    for place, one in enumerate(later):
        fill([one])
        report = _report(one.number)
        row = _timed(lambda: _row(one.number))  # noqa: B023 - called at once
        durable = place % 3 != 2
        found = sorted(keys_of(one))  # as they are when its identifiers are read
        before = time.process_time()
        took = _timed(lambda: _link(report, found, durable=durable))  # noqa: B023
        cpu = 1000 * (time.process_time() - before)
        inserts = _inserts(one.number, reports)
        bare = _timed(lambda: _store(inserts))  # noqa: B023
        _take_away(inserts, one.number)
        if place < _WARM:
            continue
        times["row"].append(row)
        times["bare"].append(bare)
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


def _row_table() -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_row (id integer primary key, said varchar(400))")


def _row(number: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from tipline.ground.foundation.transactions import write_tx  # noqa: PLC0415

    with write_tx(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row VALUES (%s, %s)", (number, "x" * 400))


class _Insert(NamedTuple):
    """Rows for one of our tables: as many and as large as those that a link wrote there, and of
    the same report, with ``drawn`` (a key, the other end of a link) anew, so that they go where
    nobody looked before.
    """

    table: str
    report: str
    drawn: str
    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]


def _inserts(number: int, among: int) -> list[_Insert]:
    from tipline.insight.entities.models import BlockingKey, Link  # noqa: PLC0415

    draw = random.Random(number)
    linked = frozenset(Link.objects.filter(high_id=number).values_list("low_id", flat=True))
    keys = (f"{draw.getrandbits(64):016x}" for _ in count())
    ends = _ends(draw, among, linked)
    return [
        _insert(BlockingKey, ("report_id", "key"), keys, number),
        _insert(Link, ("high_id", "low_id"), ends, number),
    ]


def _ends(draw: random.Random, among: int, linked: Collection[int]) -> Iterator[int]:
    taken = set(linked)
    while True:
        if (end := draw.randint(1, among)) not in taken:
            taken.add(end)
            yield end


def _insert(
    model: type[Model], names: tuple[str, str], values: Iterator[Any], number: int
) -> _Insert:
    from django.db import connection  # noqa: PLC0415

    (report, drawn), meta = names, model._meta  # noqa: SLF001 - Django's documented way
    columns = [str(one.column) for one in meta.concrete_fields if not one.primary_key]
    with connection.cursor() as cursor:
        told = f"SELECT {', '.join(columns)} FROM {meta.db_table} WHERE {report} = %s"
        cursor.execute(told, [number])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    place = columns.index(drawn)
    new = [(*row[:place], next(values), *row[place + 1 :]) for row in rows]
    return _Insert(meta.db_table, report, drawn, columns, new)


def _store(inserts: Sequence[_Insert]) -> None:
    from django.db import connection  # noqa: PLC0415

    from tipline.ground.foundation.transactions import write_tx  # noqa: PLC0415

    with write_tx(), connection.cursor() as cursor:
        for one in inserts:
            if one.rows:
                marks = f"({', '.join(['%s'] * len(one.columns))})"
                all_marks = ", ".join([marks] * len(one.rows))
                values = [value for row in one.rows for value in row]
                into = f"{one.table} ({', '.join(one.columns)})"
                cursor.execute(f"INSERT INTO {into} VALUES {all_marks}", values)


def _take_away(inserts: Sequence[_Insert], number: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from tipline.ground.foundation.transactions import write_tx  # noqa: PLC0415

    with write_tx(), connection.cursor() as cursor:
        for one in inserts:
            place = one.columns.index(one.drawn)
            these = f"DELETE FROM {one.table} WHERE {one.report} = %s AND {one.drawn} = %s"
            cursor.executemany(these, [(number, row[place]) for row in one.rows])


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
