"""``bench robustness``: public pictures, edited as copies are, and what is recognised of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks.result import Result, machine
from benchmarks.robustness.edits import Edit, edits
from benchmarks.robustness.measured import Known, Row, Unrelated, known, measure, middle, unrelated
from benchmarks.sources import pictures

_LEAST = 60


def run(words: Sequence[str]) -> Result:
    """All edits, or those whose name holds a word that is given."""
    options = _parser().parse_args(words)
    stored = [one for picture in pictures() if (one := known(picture))]
    photographs = [one for one in stored if not one.picture.drawn]
    drawn = [one for one in stored if one.picture.drawn]
    _say(f"{len(photographs)} photographs and {len(drawn)} drawn or printed, whole and quarters")
    rows = [
        _row(edit, photographs, drawn)
        for edit in edits()
        if not options.edit or any(word in edit.name for word in options.edit)
    ]
    return result(rows, unrelated(stored), len(photographs))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bench robustness", description=__doc__)
    parser.add_argument("--edit", action="append", metavar="WORD", help="several: repeat it")
    return parser


def _row(edit: Edit, photographs: Sequence[Known], drawn: Sequence[Known]) -> dict[str, Any]:
    row, other = measure(edit, photographs), measure(edit, drawn)
    told = _figures(row) | {"drawn": round(other.confirmed, 3)}
    _say(_line(told))
    return told


def _figures(row: Row) -> dict[str, Any]:
    return {
        "edit": row.edit.name,
        "median": middle(row.distances),
        "bare": round(row.bare, 3),
        "helped": round(row.helped, 3),
        "confirmed": round(row.confirmed, 3),
        "searched": round(row.searched, 3),
        "expected": row.edit.expected,
        "ways": dict(row.ways.most_common()),
    }


def result(rows: Sequence[dict[str, Any]], apart: Unrelated, photographs: int) -> Result:
    """The answer: a row an edit, what was met, and a text for people."""
    met = {
        f"{row['edit']}: at least {row['expected']:.0%} recognised": _reached(row, photographs)
        for row in rows
        if row["expected"] is not None
    }
    met["at least 60 photographs"] = photographs >= _LEAST
    met["no unrelated pictures told to be alike"] = not apart.false
    ratios = {row["edit"]: row["confirmed"] for row in rows}
    lines = [f"{photographs} photographs of quality 50 and more, {machine()}", _HEAD]
    lines += [*map(_line, rows), _apart(apart)]
    missed = "; ".join(name for name, yes in met.items() if not yes) or "none"
    lines.append(f"met: {sum(met.values())} of {len(met)}; not met: {missed}")
    text = "\n".join(lines)
    return Result("robustness", [*rows, apart.as_row()], ratios, met, text)


def _apart(apart: Unrelated) -> str:
    return (
        f"unrelated: {apart.pairs} pairs; nearest {apart.nearest_bare} bits as they stand, "
        f"{apart.nearest_helped} turned and trimmed, {apart.nearest_confirmed} with variants; "
        f"told to be alike: {', '.join(apart.false) or 'none'}"
    )


def _reached(row: dict[str, Any], photographs: int) -> bool:
    """The study told whole percents of another hundred pictures: one picture of ours more or
    less is no difference.
    """
    return bool(row["confirmed"] + 1 / photographs >= row["expected"])


_HEAD = (
    f"{'edit':<52}{'median':>7}{'bare':>7}{'helped':>8}{'confirmed':>11}{'study':>7}"
    f"{'searched':>10}{'drawn':>7}"
)


def _line(row: dict[str, Any]) -> str:
    study = "" if row["expected"] is None else f"{row['expected']:.2f}"
    return (
        f"{row['edit']:<52}{row['median']:>7}{row['bare']:>7.2f}{row['helped']:>8.2f}"
        f"{row['confirmed']:>11.2f}{study:>7}{row['searched']:>10.2f}{row['drawn']:>7.2f}"
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
