"""What one table says otherwise than another, and what a table would have made of history. Pure.

A trial asks both tables the same questions, file by file and asker by asker, with the facts of
today; sums are plain JSON of bounded size, so that it can be put down after any page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tipline.ground.publication.rules import Change, differences
from tipline.record.evidence.gate import Access, GateDecision, GateInputs, decide
from tipline.record.evidence.gate_policy import GatePolicy, values

MOST_MOVERS = 200
MOST_ASKERS = 500
Sums = dict[str, Any]


def changes(old: GatePolicy, new: GatePolicy) -> tuple[Change, ...]:
    """Every value that differs, row by row; names and versions apart."""
    return differences(dict(values(old.rules)), dict(values(new.rules)))


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of history: an asker (an organisation's id), a report's file, the facts."""

    asker: int
    report: int
    inputs: GateInputs


def empty() -> Sums:
    """Nothing tried yet."""
    return {
        "files": 0,
        "files_open": 0,
        "files_close": 0,
        "asked": 0,
        "opens": 0,
        "closes": 0,
        "exif_opens": 0,
        "exif_closes": 0,
        "other_rule": 0,
        "askers": {},
        "movers": [],
    }


def add(sums: Sums, asked: Iterable[tuple[Asked, ...]], old: GatePolicy, new: GatePolicy) -> Sums:
    """The sums with more files, each with all who may ask for it."""
    total: Sums = {
        **sums,
        "askers": {key: list(counts) for key, counts in sums["askers"].items()},
        "movers": list(sums["movers"]),
    }
    for file in asked:
        moved = [_add(total, one, decide(one.inputs, old), decide(one.inputs, new)) for one in file]
        total["files"] += 1
        total["files_open"] += any(pixels > 0 for pixels in moved)
        total["files_close"] += any(pixels < 0 for pixels in moved)
    return total


def _add(total: Sums, one: Asked, was: GateDecision, is_: GateDecision) -> int:
    """Add one question; 1 when its file opens, -1 when it closes, else 0."""
    pixels = is_.open - was.open
    exif = (is_.exif is Access.ALLOW) - (was.exif is Access.ALLOW)
    total["asked"] += 1
    total["opens"] += pixels > 0
    total["closes"] += pixels < 0
    total["exif_opens"] += exif > 0
    total["exif_closes"] += exif < 0
    total["other_rule"] += was.rule != is_.rule
    if pixels or exif:
        _moved(total, one, was, is_)
    return pixels


def _moved(total: Sums, one: Asked, was: GateDecision, is_: GateDecision) -> None:
    key = str(one.asker)
    if key in total["askers"] or len(total["askers"]) < MOST_ASKERS:
        counts = total["askers"].setdefault(key, [0, 0])
        counts[0] += is_.open and not was.open
        counts[1] += was.open and not is_.open
    if len(total["movers"]) < MOST_MOVERS:
        total["movers"].append(
            {
                "report": one.report,
                "file": one.inputs.file,
                "asker": one.asker,
                "rule": [was.rule, is_.rule],
                "pixels": [was.open, is_.open],
                "exif": [was.exif is Access.ALLOW, is_.exif is Access.ALLOW],
            }
        )
