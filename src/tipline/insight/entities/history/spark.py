"""The engine of a cluster: Apache Spark spreads the same functions over its machines.

Reports are written to a folder that all of them see, keys and pairs are worked out there, and
what comes of them is read back in the order of the numbers. The folder is emptied at the end: it
holds what people were reported by.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as sql

from tipline.ground.foundation.reasons import Reason
from tipline.insight.entities.blocking.rules import MOST, NEAREST
from tipline.insight.entities.history import arrow, reading
from tipline.insight.entities.history.engine import KeysPage, LinksPage
from tipline.insight.entities.history.workers import cores, spread
from tipline.insight.entities.rules import Proposal
from tipline.insight.entities.rules_reported import Reported
from tipline.insight.entities.scoring.in_force import InForce, in_force
from tipline.insight.entities.scoring.rules import Frequencies

#: Spark on this machine alone.
LOCAL: Final = "local[*]"
#: Reports of one file of records, and reports of one page of what comes back.
_A_FILE: Final = 20_000
_PAGE: Final = 1_000
#: Rows that one call of a Python function gets, each with two reports.
_BATCH: Final = 2_000


@contextmanager
def running(
    folder: Path, master: str = LOCAL, processes: int = 0, by: InForce | None = None
) -> Iterator[Spark]:
    """Spark, started and stopped. ``master``: its address, ``local[*]`` for this machine's cores.
    ``folder``: made new, and removed at the end. ``by``: what pairs are scored by,
    what is in force when absent.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    session = _session(master)
    try:
        yield Spark(session, folder, processes or cores(), by or in_force().of(()))
    finally:
        session.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _session(master: str) -> SparkSession:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("tipline: link again").master(master)
    wanted = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower(),
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(_BATCH),
        "spark.executorEnv.PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "spark.sql.session.timeZone": "UTC",
    }
    if master.startswith("local"):
        # On this machine alone: nobody else is to reach it, and few tasks are enough.
        wanted |= {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.sql.shuffle.partitions": str(4 * cores()),
        }
    for name, value in wanted.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


@dataclass(frozen=True, slots=True)
class Spark:
    """See :func:`running`."""

    session: SparkSession
    folder: Path
    processes: int
    by: InForce

    def keys(self, after: int, upto: int) -> Iterator[KeysPage]:
        self._write_records(upto)
        wanted = self._keys().where(sql.col("number") > after)
        self._write(wanted, "keys-in-order", "number")
        rows = self._read("keys-in-order")
        for at, last, some in _pages(rows, after, upto):
            yield KeysPage(at, last, {row["number"]: frozenset(row["keys"]) for row in some})

    def links(self, after: int, upto: int) -> Iterator[LinksPage]:
        self._write_records(upto)
        self._pairs(after).write.parquet(str(self.folder / "pairs"))
        pairs = self.session.read.schema(arrow.PAIRS).parquet(str(self.folder / "pairs"))
        compared = pairs.count()
        self._write(
            self._scored(pairs, arrow.Links(self.by.model, self.by.frequencies)),
            "links",
            "high",
            "low",
        )
        for at, last, some in _pages(self._read("links"), after, upto, "high"):
            found = {
                high: {row["low"]: _proposal(row) for row in rows}
                for high, rows in groupby(some, key=lambda row: row["high"])
            }
            yield LinksPage(at, last, found, compared, self.by.version)
            compared = 0

    def _write_records(self, upto: int) -> None:
        """Every report as a row of a file, once: what is there already is taken as it is."""
        folder = self.folder / "records"
        if folder.exists():
            return
        folder.mkdir()
        first, _last = reading.span()
        starts = range(max(first - 1, 0), upto, _A_FILE)
        files = ((str(folder), at, min(at + _A_FILE, upto)) for at in starts)
        for _done in spread(_write_file, files, self.processes):
            pass

    def _records(self) -> DataFrame:
        return self.session.read.schema(arrow.RECORDS_READ).parquet(str(self.folder / "records"))

    def _keys(self) -> DataFrame:
        """Keys of every report, worked out once."""
        folder = self.folder / "keys"
        if not folder.exists():
            made = self._records().mapInArrow(arrow.keys_of_records, arrow.KEYS)
            made.write.parquet(str(folder))
        return self.session.read.schema(arrow.KEYS).parquet(str(folder))

    def _pairs(self, after: int) -> DataFrame:
        """Whom each report above ``after`` is compared with."""
        entries = self._keys().select(sql.explode("keys").alias("key"), "number")
        of_key = Window.partitionBy("key").orderBy("number")
        # The last hex digit holds the bit: see ``blocking.rules.is_certain``.
        certain = (sql.conv(sql.col("key").substr(16, 1), 16, 10).cast("int") % 2) == 1
        before = sql.collect_list("number").over
        near = entries.where(certain).withColumn(
            "earlier", before(of_key.rowsBetween(-NEAREST, -1))
        )
        first = entries.where(~certain).withColumn("place", sql.row_number().over(of_key))
        shared = first.where(sql.col("place") <= MOST).withColumn(
            "earlier", before(of_key.rowsBetween(Window.unboundedPreceding, -1))
        )
        found = near.unionByName(shared.drop("place"))
        found = found.where((sql.size("earlier") > 0) & (sql.col("number") > after))
        met = found.groupBy("number").agg(
            sql.collect_list(sql.struct("key", "earlier")).alias("found")
        )
        return met.mapInArrow(arrow.pairs_of_meetings, arrow.PAIRS)

    def _scored(self, pairs: DataFrame, links: arrow.Links) -> DataFrame:
        records = self._records().select("number", "sender", "values", "counts")
        low = records.drop("counts").toDF("low", "low_sender", "low_values")
        high = records.toDF("high", "high_sender", "high_values", "high_counts")
        # A report without identifiers has no keys, so none is missing here.
        both = (
            pairs.join(low, "low")
            .join(high, "high")
            .select(
                "low",
                "high",
                "near",
                "low_sender",
                "low_values",
                "high_sender",
                "high_values",
                "high_counts",
            )
        )
        return both.mapInArrow(links, arrow.LINKS)

    def _write(self, rows: DataFrame, name: str, *order: str) -> None:
        ordered = rows.repartitionByRange(order[0]).sortWithinPartitions(*order)
        ordered.write.parquet(str(self.folder / name))

    def _read(self, name: str) -> Iterator[dict[str, Any]]:
        """Rows in their order: of range partitions, the files' names are in it."""
        for file in sorted((self.folder / name).glob("part-*.parquet")):
            for batch in pq.ParquetFile(file).iter_batches(_BATCH):
                yield from batch.to_pylist()


def _write_file(asked: tuple[str, int, int]) -> None:
    folder, after, last = asked
    stretches = ((at, min(at + _PAGE, last)) for at in range(after, last, _PAGE))
    pages = (reading.records_between(*stretch) for stretch in stretches)
    arrow.write_records(Path(folder) / f"{after}.parquet", pages, _counted)


def _counted(subjects: Sequence[Reported]) -> Frequencies:
    whole = in_force().of(each for one in subjects for each in (one.told, one.whole))
    return whole.frequencies


def _pages(
    rows: Iterator[dict[str, Any]], after: int, upto: int, name: str = "number"
) -> Iterator[tuple[int, int, list[dict[str, Any]]]]:
    """Rows of some reports at a time, with the stretch that they stand for; the last ends at
    ``upto``.
    """
    page: list[dict[str, Any]] = []
    reports = 0
    for _number, some in groupby(rows, key=lambda row: row[name]):
        if reports >= _PAGE:
            last = int(page[-1][name])
            yield after, last, page
            page, reports, after = [], 0, last
        page += some
        reports += 1
    if after < upto:
        yield after, upto, page


def _proposal(row: dict[str, Any]) -> Proposal:
    reasons = tuple(Reason.from_json(one) for one in json.loads(row["reasons"]))
    return Proposal(row["automatic"], reasons)
