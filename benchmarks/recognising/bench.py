"""``bench recognising``: a stream in the shape of 2023, what was recognised, per edit."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.result import Result, machine
from benchmarks.stores import empty, run_inside

#: The share that reference "hash-matching", section 4, reaches "with help", as far as it names
#: the edit; for sizes in between the lower of its neighbours.
REACHED = {
    "recompressed": 0.98, "poorly_compressed": 0.97, "other_format": 0.97, "smaller": 0.96,
    "larger": 0.99, "squashed": 0.96, "darker": 0.99, "lighter": 0.95, "contrast": 0.99,
    "grey": 0.99, "blurred": 0.97, "sharpened": 0.97, "cut_a_little": 0.97, "cut_all_round": 0.97,
    "cut_one_side": 0.99, "black_border": 0.96, "white_border": 0.96, "letterbox": 0.90,
    "mirrored": 1.0, "turned": 1.0, "turned_and_smaller": 0.95, "tilted": 0.60,
    "written_on": 0.92, "captioned": 0.0,
}  # fmt: skip


def run(words: Sequence[str]) -> Result:
    """One stream on SQLite, or as the options say."""
    options = _parser().parse_args(words)
    with empty(options.database) as environment:
        said = run_inside(
            ["-m", "benchmarks.recognising.inside", str(options.files), str(options.seed)],
            environment,
        )
    return result(json.loads(said.splitlines()[-1]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bench recognising", description=__doc__)
    add = parser.add_argument
    add("--files", type=int, default=5_000, metavar="N", help="files of the stream")
    add("--seed", type=int, default=2023, metavar="S", help="another seed, another stream")
    add("--database", choices=("sqlite", "postgresql"), default="sqlite")
    return parser


def result(found: Mapping[str, Any]) -> Result:
    """The answer: a row per edit, and whether what must be nought is nought."""
    rows = [
        {"edit": name, "copies": came, "recognised": known, "share": known / came}
        for name, (came, known) in found["edits"].items()
    ]
    sums = {name: value for name, value in found.items() if name not in ("edits", "page")}
    ratios = {"looks saved": found["saved"]}
    met = {
        "no wrong automatic label": found["wrong_labels"] == 0,
        "no match with another drawing": found["mistaken"] == 0,
        "the page says the same": found["page"]["looks_saved"] == found["by_bytes"],
    }
    lines = [machine(), *map(_line, rows), json.dumps(sums)]
    lines += [f"{'met    ' if held else 'NOT MET'} {name}" for name, held in met.items()]
    return Result("recognising", [*rows, sums], ratios, met, "\n".join(lines))


def _line(row: Mapping[str, Any]) -> str:
    reached = REACHED.get(row["edit"])
    beside = "" if reached is None else f"  (reference, with help: {reached:.0%})"
    return (
        f"{row['edit']:<20}{row['recognised']:>5} of {row['copies']:<5}{row['share']:7.1%}{beside}"
    )
