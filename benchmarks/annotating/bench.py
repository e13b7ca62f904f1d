"""``bench annotating``: looks per file received, what nobody was shown, what two people were."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.result import Result, machine
from benchmarks.stores import empty, run_inside


def run(words: Sequence[str]) -> Result:
    """One stream on SQLite, or as the options say."""
    options = _parser().parse_args(words)
    with empty(options.database) as environment:
        asked = [options.files, options.seed, options.viewed]
        said = run_inside(["-m", "benchmarks.annotating.inside", *map(str, asked)], environment)
    return result(json.loads(said.splitlines()[-1]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bench annotating", description=__doc__)
    add = parser.add_argument
    add("--files", type=int, default=5_000, metavar="N", help="files of the stream")
    add("--seed", type=int, default=2023, metavar="S", help="another seed, another stream")
    viewed = "share of files that a person at the provider viewed: the gate opens no other"
    add("--viewed", type=float, default=1.0, metavar="SHARE", help=viewed)
    add("--database", choices=("sqlite", "postgresql"), default="sqlite")
    return parser


def result(found: Mapping[str, Any]) -> Result:
    """The answer: the sums, and whether what must be nought is nought."""
    ratios = {
        name: found[name]
        for name in (
            "first_looks_a_file",
            "looks_a_file_but_lists",
            "looks_a_file",
            "never_shown",
            "twice_by_sample",
            "twice_on_purpose",
        )
    }
    met = {
        "no content shown twice by chance": found["twice_by_chance"] == 0,
        "no exact copy shown": found["first_looks"] <= found["contents"],
        "nothing left waiting": found["waiting"] == 0,
        "no closed file shown": found["closed_shown"] == 0,
    }
    lines = [machine(), *(f"{name:<22}{value}" for name, value in found.items())]
    lines += [f"{'met    ' if held else 'NOT MET'} {name}" for name, held in met.items()]
    return Result("annotating", [dict(found)], ratios, met, "\n".join(lines))
