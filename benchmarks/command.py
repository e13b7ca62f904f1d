"""The command line of the benchmarks: one name, its options, a table or one line of JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence

from benchmarks.annotating import bench as annotating
from benchmarks.hashing import bench as hashing
from benchmarks.linking import aliases
from benchmarks.linking import bench as linking
from benchmarks.matching import bench as matching
from benchmarks.pipeline import bench as pipeline
from benchmarks.recognising import bench as recognising
from benchmarks.result import Result
from benchmarks.robustness import bench as robustness
from benchmarks.triage import bench as triage

BENCHMARKS: dict[str, Callable[[Sequence[str]], Result]] = {
    "aliases": aliases.run,
    "annotating": annotating.run,
    "hashing": hashing.run,
    "linking": linking.run,
    "matching": matching.run,
    "pipeline": pipeline.run,
    "recognising": recognising.run,
    "robustness": robustness.run,
    "triage": triage.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """0: ran, whatever was reached; 2: usage. ``--json`` prints one line, last of stdout."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    words = [word for word in words if word != "--json"]
    if not words or words[0] not in BENCHMARKS:
        print(
            f"usage: bench NAME [--json]; NAME is one of {', '.join(BENCHMARKS)}", file=sys.stderr
        )
        return 2
    try:
        result = BENCHMARKS[words[0]](words[1:])
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(result.as_json(), ensure_ascii=False) if as_json else result.text)
    return 0
