"""``bench linking``: one new report among a million, beside a bare insert and Splink's own path."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from benchmarks.linking import batch
from benchmarks.result import Result, machine
from benchmarks.stores import empty, run_inside

DATABASES: Final = ("sqlite", "postgresql")
#: DESIGN, section 6: lookup, scores and insert, to the insert alone.
MOST_BARES, MOST_P99_MS, SAME_WEIGHT = 3.0, 50.0, 1e-6
#: What a value of everybody's may cost, to one of few.
MOST_EVERYBODYS: Final = 1.5
_SEED: Final = 20261129
_SPLINK: Final = ("splink", "duckdb", "pyarrow")


@dataclass(frozen=True, slots=True)
class Plan:
    """``asked``: of the new reports, how many are asked of Splink, which takes seconds for each."""

    sizes: tuple[int, ...] = (10_000, 1_000_000)
    new: int = 630
    asked: int = 40


QUICK: Final = Plan((400,), 90, 5)


def run(words: Sequence[str]) -> Result:
    """10,000 and a million subjects, on both databases (about an hour); ``--quick`` for a try."""
    options = _parser().parse_args(words)
    plan = QUICK if options.quick else Plan(tuple(options.reports or Plan().sizes))
    databases, splink = options.database or DATABASES, not options.without_splink
    rows = list(measure(plan, databases, splink=splink, history=options.history))
    return result(rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bench linking", description=__doc__)
    add = parser.add_argument
    add("--reports", type=_size, action="append", metavar="N", help="in the store; repeat it")
    add("--database", choices=DATABASES, action="append", help="one of both; repeat it")
    add("--without-splink", action="store_true", help="without the peer, which takes the longest")
    add("--history", action="store_true", help="all history linked again, too; by Spark as well")
    add("--quick", action="store_true", help="400 subjects: does it run?")
    return parser


def _size(text: str) -> int:
    value = int(text)
    if value < 100:
        raise argparse.ArgumentTypeError("give 100 reports at least")
    return value


def measure(
    plan: Plan, databases: Sequence[str], *, splink: bool, history: bool = False
) -> Iterator[dict[str, Any]]:
    """Rows for each store, and one for Splink and for Spark at each size."""
    with tempfile.TemporaryDirectory(prefix="tipline-bench-") as folder:
        for size in plan.sizes:
            asked = (size, plan.new, _SEED)
            pairs = Path(folder) / f"{size}.json"
            if row := _splinks(asked, plan.asked, pairs) if splink else None:
                yield row
            for database in databases:
                yield from _in_store(database, asked, pairs, history=history)
            if row := _sparks(size) if history else None:
                yield row


def _splinks(asked: tuple[int, int, int], questions: int, pairs: Path) -> dict[str, Any] | None:
    if missing := [name for name in _SPLINK if find_spec(name) is None]:
        _say(f"Splink: {', '.join(missing)} is not installed; see requirements/train.txt")
        return None
    _say(f"splink: {asked[0]:,} subjects")
    words = [*map(str, asked), str(questions), str(pairs)]
    with empty("sqlite") as environment:
        said = run_inside(["-m", "benchmarks.linking.splinks", *words], environment)
    return _told({"what": "splink", "reports": asked[0], **json.loads(said.splitlines()[-1])})


def _sparks(size: int) -> dict[str, Any] | None:
    if find_spec("pyspark") is None:
        _say("Spark: pyspark is not installed; see requirements/spark.txt")
        return None
    with empty("sqlite") as environment:
        return _told({**batch.by_spark(size, _SEED, environment), "reports": size})


def _in_store(
    database: str, asked: tuple[int, int, int], pairs: Path, *, history: bool
) -> Iterator[dict[str, Any]]:
    with empty(database) as environment:
        for what in ("fill", "link", "agree"):
            if what == "agree" and not pairs.is_file():
                continue
            _say(f"{database}: {what}, {asked[0]:,} subjects")
            words = [what, *map(str, asked), *([str(pairs)] if what == "agree" else [])]
            said = run_inside(["-m", "benchmarks.linking.inside", *words], environment)
            answer = json.loads(said.splitlines()[-1])
            yield _told({"what": what, "database": database, **answer, "reports": asked[0]})
        if history:
            _say(f"{database}: all history again")
            row = batch.in_store(environment)
            yield _told({**row, "database": database, "reports": asked[0]})


def _told(row: dict[str, Any]) -> dict[str, Any]:
    _say(json.dumps(row))
    return row


def result(rows: Sequence[Mapping[str, Any]]) -> Result:
    ratios, met = dict[str, float](), dict[str, bool]()
    peers = {row["reports"]: row for row in rows if row["what"] == "splink"}
    for row in rows:
        name = f"{row.get('database')}, {row['reports']:,}"
        if row["what"] == "link":
            bares = row["link_p50_ms"] / row["bare_p50_ms"]
            of_one = row["link_p50_ms"] / row["row_p50_ms"]
            many = row["everybodys_p50_ms"] / row["link_p50_ms"]
            ratios[f"{name}: link, to its bare insert"] = bares
            ratios[f"{name}: link, to one row into an empty table"] = of_one
            ratios[f"{name}: with a value of everybody's, to without"] = many
            met[f"{name}: <= {MOST_BARES:.0f}x its bare insert at p50"] = bares <= MOST_BARES
            met[f"{name}: p99 < {MOST_P99_MS:.0f} ms"] = row["link_p99_ms"] < MOST_P99_MS
            met[f"{name}: everybody's <= {MOST_EVERYBODYS}x"] = many <= MOST_EVERYBODYS
            if peer := peers.get(row["reports"]):
                ratios[f"{name}: Splink's predict_between, to ours"] = (
                    peer["p50_ms"] / row["link_p50_ms"]
                )
        elif row["what"] == "batch" and (peer := peers.get(row["reports"])):
            ratios[f"{row['engine']}, {name}: pairs a second, to Splink's predict"] = (
                row["per_s"] / peer["predict_per_s"]
            )
        elif row["what"] == "agree":
            met[f"{name}: weights are Splink's to 1e-6"] = row["largest"] <= SAME_WEIGHT
            met[f"{name}: all of Splink's pairs found"] = row["found"] == row["pairs"]
    ratios |= _growth(rows)
    return Result("linking", rows, ratios, met, _text(rows, ratios, met))


def _growth(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The largest store's p50 to the smallest's, for each database."""
    found = dict[str, float]()
    for database in DATABASES:
        mine = [one for one in rows if one["what"] == "link" and one["database"] == database]
        if len(mine) > 1:
            small, large = (pick(mine, key=lambda one: one["reports"]) for pick in (min, max))
            name = f"{database}: link, {large['reports']:,} to {small['reports']:,} subjects"
            found[name] = large["link_p50_ms"] / small["link_p50_ms"]
    return found


_HEAD: Final = (
    f"{'milliseconds, p50 and p99':<26}{'one row':>18}{'its bare insert':>18}{'link':>18}"
    f"{'of everybody':>18}{'no disk waited for':>20}"
)
_SHOWN: Final = ("row", "bare", "link", "everybodys", "derived")


def _text(
    rows: Sequence[Mapping[str, Any]], ratios: Mapping[str, float], met: Mapping[str, bool]
) -> str:
    lines = [machine(), "", _HEAD]
    for row in rows:
        if row["what"] == "link":
            times = "".join(
                f"{row[f'{name}_p50_ms']:>{width - 8}.2f}{row[f'{name}_p99_ms']:>8.1f}"
                for name, width in zip(_SHOWN, (18, 18, 18, 18, 20), strict=True)
            )
            lines.append(f"{row['database']}, {row['reports']:,}".ljust(26) + times)
    lines += [""]
    for row in rows:
        if row["what"] == "link":
            lines.append(
                f"{row['database']}, {row['reports']:,}: {row['candidates_each']} candidates and"
                f" {row['links_each']} links each, of {row['new']} new reports; CPU of the process"
                f" {row['link_cpu_p50_ms']:.1f} ms"
            )
        elif row["what"] == "splink":
            lines.append(
                f"Splink, {row['reports']:,}: one record {row['p50_ms']:.0f} ms (p99"
                f" {row['p99_ms']:.0f}); predict {row['predict_per_s']:,} pairs a second"
            )
        elif row["what"] == "batch":
            lines.append(
                f"all history, {row['engine']}, {row.get('database', 'no store')},"
                f" {row['reports']:,}: {row['compared']:,} pairs in {row['seconds']:.0f} s,"
                f" from reports to links ({row['per_s']:,} a second)"
            )
        elif row["what"] == "agree":
            lines.append(
                f"{row['database']}, {row['reports']:,}: {row['found']} of Splink's"
                f" {row['pairs']} pairs compared; largest difference {row['largest']:.1e} bits;"
                f" one process scores {row['scored_per_s']:,} pairs a second"
            )
    lines += ["", *(f"{value:8.2f}x {name}" for name, value in ratios.items())]
    lines += ["", *(f"{'met    ' if yes else 'NOT MET'} {name}" for name, yes in met.items())]
    return "\n".join(lines)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
