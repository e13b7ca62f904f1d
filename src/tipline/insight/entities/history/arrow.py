"""The batch's pure functions over Arrow batches: what Spark calls on its machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tipline.insight.entities.history.rules import Record, as_text, from_text, keys_of, meeting
from tipline.insight.entities.rules import proposals
from tipline.insight.entities.rules_reported import Reported, reported
from tipline.insight.entities.scoring.in_force import InForce

Batches = Iterator[Any]
"""Of ``pyarrow.RecordBatch``."""

#: ``values``: JSON of :func:`.rules.as_text`.
RECORDS = pa.schema(
    [
        ("number", pa.int64()),
        ("sender", pa.int64()),
        ("test", pa.bool_()),
        ("values", pa.string()),
    ]
)
RECORDS_READ = "number long, sender long, test boolean, values string"
KEYS = "number long, keys array<string>"
PAIRS = "low long, high long, near boolean"
LINKS = "low long, high long, automatic boolean, reasons string"


def write_records(file: Path, pages: Iterable[Sequence[Record]]) -> None:
    """A Parquet file of :data:`RECORDS`, a page in memory at a time."""
    with pq.ParquetWriter(file, RECORDS, compression="zstd") as out:
        for page in pages:
            rows = [(*record[:3], as_text(record.values)) for record in page]
            out.write_batch(_batch(rows, **{field.name: field.type for field in RECORDS}))


def keys_of_records(batches: Batches) -> Batches:
    """Columns of :data:`RECORDS` in, of :data:`KEYS` out."""
    for batch in batches:
        records = (Record(*row[:3], from_text(row[3])) for row in _rows(batch))
        found = [(record.number, sorted(keys_of(record))) for record in records]
        yield _batch(found, number=pa.int64(), keys=pa.list_(pa.string()))


def pairs_of_meetings(batches: Batches) -> Batches:
    """``number`` and ``found`` (keys, each with its earlier reports) in, :data:`PAIRS` out."""
    for batch in batches:
        pairs: list[tuple[int, int, bool]] = []
        for number, found in _rows(batch):
            met = meeting(number, {one["key"]: one["earlier"] for one in found})
            pairs += ((low, number, low in met.near) for low in met.others)
        yield _batch(pairs, low=pa.int64(), high=pa.int64(), near=pa.bool_())


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs with both records in, :data:`LINKS` out."""

    by: InForce

    def __call__(self, batches: Batches) -> Batches:
        """Columns ``low``, ``high``, ``near``, then sender and values of the one and the other."""
        subject = lru_cache(maxsize=20_000)(_subject)
        for batch in batches:
            found: list[tuple[int, int, bool, str]] = []
            for low, high, near, *records in _rows(batch):
                others = {low: subject(*records[:2])}
                own = subject(*records[2:])
                for _low, one in proposals(own, others, {low} if near else (), self.by):
                    reasons = json.dumps([reason.as_json() for reason in one.reasons])
                    found.append((low, high, one.automatic, reasons))
            yield _batch(
                found, low=pa.int64(), high=pa.int64(), automatic=pa.bool_(), reasons=pa.string()
            )


def _subject(sender: int | None, values: str) -> Reported:
    return reported(from_text(values), sender)


def _rows(batch: Any) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _batch(rows: list[Any], **types: Any) -> Any:
    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types.values(), strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names=list(types))
