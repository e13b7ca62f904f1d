"""Filling a store: the pack through intake and stages, then its copies. For tests of size only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction

from tipline.ground.accounts.models import EspCredential, Organisation
from tipline.ground.accounts.queries import actor_for_credential
from tipline.ground.foundation import jobs
from tipline.ground.foundation.worker import run_ready
from tipline.pipeline.loading.rules import marked
from tipline.pipeline.loading.tables import (
    JOBS,
    Span,
    Table,
    copiers,
    newest_key,
    read,
    span_after,
    tables,
    write,
)
from tipline.record.intake import services as intake
from tipline.record.intake.services import Arrival, Incoming
from tipline.record.reports.doors import Door
from tipline.record.reports.models import Report
from tipline.record.reports.writing import report_xml

_GENERATIONS_A_COMMIT = 10


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of a report of the pack: its bytes, name, type and ``fileDetails`` document."""

    content: bytes
    name: str
    content_type: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Packed:
    """A report of the pack, as its sender (an ESP's name) sends it."""

    sender: str
    document: Mapping[str, Any]
    files: Sequence[PackedFile]


def file_pack(pack: Iterable[Packed], generation: int = 0) -> int:
    """Take the reports in, one after the other, and run every stage for them; how many.

    Each goes the way of a call: intake, finish, the worker's jobs until none is left.
    """
    filed = 0
    for packed in pack:
        _file(packed, generation)
        run_ready("load")
        filed += 1
    if left := jobs.waiting():
        raise RuntimeError(f"{left} jobs of the pack wait or failed")
    return filed


def _file_only(pack: Iterable[Packed]) -> int:
    filed = 0
    for packed in pack:
        _file(packed, 0)
        filed += 1
    return filed


def _file(packed: Packed, generation: int) -> None:
    sender = Organisation.objects.get(name=packed.sender)
    accounts = EspCredential.objects.select_related("organisation").filter(organisation=sender)
    actor = actor_for_credential(accounts.order_by("pk")[0])
    document = marked(packed.document, generation)
    arrival = Arrival(Door.ISPWS, report_xml(document), sender)
    number = intake.submit(actor, arrival, document).number
    report = Report.objects.select_related("sender", "profile", "key").get(pk=number)
    for packed_file in packed.files:
        incoming = Incoming([packed_file.content], packed_file.name, packed_file.content_type)
        file = intake.receive_file(actor, report, incoming, intake.deposit(incoming))
        details = {**marked(packed_file.details, generation), "reportId": number}
        if packed_file.details:
            intake.file_details(actor, report, file.file_id, {**details, "fileId": file.file_id})
    intake.finish(actor, report)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many reports and rows a load added; ``generations`` counts the pack itself.

    ``spans``: by table, the keys of the pack.
    """

    reports: int
    rows: int
    generations: int
    spans: Mapping[str, Span]


def fill(pack: Callable[[], Iterable[Packed]], reports: int, tell: Callable[[int], None]) -> Loaded:
    """File the pack, then copy it until there are ``reports`` more than before, or just over.

    Nothing else may use the store meanwhile. ``tell`` gets the number of reports so far.
    """
    return _multiply(tables(), lambda: file_pack(pack()), reports, tell)


def pour(pack: Callable[[], Iterable[Packed]], reports: int, tell: Callable[[int], None]) -> Loaded:
    """The same, with nothing done about them yet: their jobs wait. What a flood leaves behind."""
    return _multiply([*tables(), JOBS], lambda: _file_only(pack()), reports, tell)


def _multiply(
    found: Sequence[Table], file: Callable[[], int], reports: int, tell: Callable[[int], None]
) -> Loaded:
    before = {table: newest_key(table) for table in found}
    packed = file()
    tell(packed)
    spans = {t.model: span_after(t, before[t]) for t in found}
    rows = {table: read(table, spans[table.model].first) for table in found}
    added = sum(map(len, rows.values()))
    generations = -(-reports // packed) if packed else 0
    making = {table: copiers(table, spans) for table in found}
    for start in range(1, generations, _GENERATIONS_A_COMMIT):
        wanted = range(start, min(start + _GENERATIONS_A_COMMIT, generations))
        added += _write_copies(rows, making, wanted)
        tell(packed * (wanted[-1] + 1))
    _continue_numbering(found)
    told = {table.name: spans[table.model] for table in found}
    return Loaded(packed * generations, added, generations, told)


def _write_copies(
    rows: Mapping[Table, list[tuple[Any, ...]]],
    making: Mapping[Table, list[Callable[[Any, int], Any]]],
    generations: range,
) -> int:
    added = 0
    with transaction.atomic():
        for table, originals in rows.items():
            copies = [
                tuple(
                    copy(value, generation) for copy, value in zip(making[table], row, strict=True)
                )
                for generation in generations
                for row in originals
            ]
            write(table, copies)
            added += len(copies)
    return added


def _continue_numbering(found: Sequence[Table]) -> None:
    """Keys that are given out next come after those that were written."""
    models = [table.model for table in found]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
