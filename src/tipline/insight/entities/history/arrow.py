"""The batch's pure functions over Arrow batches: what Spark calls on its machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tipline.ground.foundation.policy import Policy
from tipline.insight.entities.history.rules import Record, as_text, from_text, keys_of, meeting
from tipline.insight.entities.rules import proposals
from tipline.insight.entities.rules_reported import Reported, reported
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_model import LinkModel
from tipline.insight.entities.scoring.rules_terms import Term, terms

Batches = Iterator[Any]
"""Of ``pyarrow.RecordBatch``."""

#: ``values``: JSON of :func:`.rules.as_text`; ``counts``: JSON of how often the report's own terms
#: were seen.
RECORDS = pa.schema(
    [
        ("number", pa.int64()),
        ("sender", pa.int64()),
        ("test", pa.bool_()),
        ("values", pa.string()),
        ("counts", pa.string()),
    ]
)
RECORDS_READ = "number long, sender long, test boolean, values string, counts string"
KEYS = "number long, keys array<string>"
PAIRS = "low long, high long, near boolean"
LINKS = "low long, high long, automatic boolean, reasons string"


Counted = Callable[[Sequence[Reported]], Frequencies]
"""How often the terms of some subjects were seen."""


def write_records(file: Path, pages: Iterable[Sequence[Record]], counted: Counted) -> None:
    """A Parquet file of :data:`RECORDS`, a page in memory at a time."""
    with pq.ParquetWriter(file, RECORDS, compression="zstd") as out:
        for page in pages:
            subjects = [record.subject for record in page]
            counts = counted(subjects).counts
            rows = [
                (*record[:3], as_text(record.values), _counts_as_text(subject, counts))
                for record, subject in zip(page, subjects, strict=True)
            ]
            out.write_batch(_batch(rows, **{field.name: field.type for field in RECORDS}))


def _counts_as_text(subject: Reported, counts: Mapping[Term, int]) -> str:
    if not counts:
        return "[]"
    found = sorted(terms(subject.told) | terms(subject.whole))
    return json.dumps([(*term, counts[term]) for term in found if term in counts])


def keys_of_records(batches: Batches) -> Batches:
    """Columns of :data:`RECORDS` in, of :data:`KEYS` out."""
    for batch in batches:
        found = [
            (number, sorted(keys_of(Record(number, sender, test, from_text(values)))))
            for number, sender, test, values, *_counts in _rows(batch)
        ]
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
    """Pairs with both records in, :data:`LINKS` out.

    ``counted``: of how many subjects; the counts of terms come with each pair.
    """

    model: Policy[LinkModel]
    counted: Frequencies

    def __call__(self, batches: Batches) -> Batches:
        """Columns ``low``, ``high``, ``near``, sender and values of the one and of the other, and
        the counts of the other.
        """
        subject = lru_cache(maxsize=20_000)(_subject)
        for batch in batches:
            found: list[tuple[int, int, bool, str]] = []
            for low, high, near, sender, values, *own in _rows(batch):
                others, close = {low: subject(sender, values)}, {low} if near else ()
                frequencies = replace(self.counted, counts=_counts_of(own[2]))
                links = proposals(subject(*own[:2]), others, close, self.model, frequencies)
                for _low, one in links:
                    reasons = json.dumps([reason.as_json() for reason in one.reasons])
                    found.append((low, high, one.automatic, reasons))
            yield _batch(
                found, low=pa.int64(), high=pa.int64(), automatic=pa.bool_(), reasons=pa.string()
            )


@lru_cache(maxsize=1_000)
def _counts_of(text: str) -> dict[Term, int]:
    return {(comparison, form, term): count for comparison, form, term, count in json.loads(text)}


def _subject(sender: int | None, values: str) -> Reported:
    return reported(from_text(values), sender)


def _rows(batch: Any) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _batch(rows: list[Any], **types: Any) -> Any:
    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types.values(), strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names=list(types))
