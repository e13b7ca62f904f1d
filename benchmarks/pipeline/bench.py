"""``bench pipeline``: the figures of the pipeline and the queue, on both databases."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks.pipeline.measured import DATABASES, QUICK, Measured, Sizes, measure
from benchmarks.result import Result, machine


def run(words: Sequence[str]) -> Result:
    """Both databases at full size, or as the options say. ``--large 1000000`` takes an hour."""
    options = _parser().parse_args(words)
    sizes = QUICK if options.quick else _sizes(options)
    return result(measure(sizes, options.database or DATABASES))


def _sizes(options: argparse.Namespace) -> Sizes:
    return Sizes(
        large=options.large,
        seconds=options.seconds,
        flood=options.flood,
        job_workers=options.job_workers,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bench pipeline", description=__doc__)
    add = parser.add_argument
    add("--database", action="append", choices=DATABASES, help="one of them; repeat it for both")
    large = "reports in the large store; 0 for none"
    add("--large", type=int, default=Sizes().large, metavar="N", help=large)
    add("--flood", type=int, default=Sizes().flood, metavar="N", help="useless reports that wait")
    workers = "job processes, as many as `serve` starts otherwise"
    add("--job-workers", type=int, metavar="N", help=workers)
    add("--seconds", type=float, default=Sizes().seconds, metavar="S", help="length of a stream")
    add("--quick", action="store_true", help="small stores and short streams: does it run?")
    return parser


def result(told: Measured) -> Result:
    """The answer: rows as measured, ratios, what was met, and a text for people."""
    lines = [machine(), *map(_line, told.rows)]
    lines += [f"{name}: {value:.2f}" for name, value in told.ratios.items()]
    lines += [f"{'met    ' if met else 'NOT MET'} {name}" for name, met in told.met.items()]
    return Result("pipeline", told.rows, told.ratios, told.met, "\n".join(lines))


def _line(row: dict[str, object]) -> str:
    figures = ", ".join(
        f"{name} {value}"
        for name, value in row.items()
        if name not in ("database", "store", "what")
    )
    return f"{row['database']:<11}{row['store']:>9}  {row['what']}: {figures}"
