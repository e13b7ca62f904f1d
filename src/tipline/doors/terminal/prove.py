"""The promises and their long proofs: run, remembered by commit, told in a dated report.

The rows stand in ``prove_rows.py``. A row that is proven for this commit is not
run again; what was interrupted goes on where it stopped. The page of all promises is
docs/reference/promises.md.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from tipline.doors.terminal.prove_rows import ROWS, Row
from tipline.doors.terminal.starting import say, show, stop

ROOT = Path(__file__).resolve().parents[4]
PROVEN, FAILED, INCOMPLETE, NOTHING = "proven", "failed", "incomplete", "nothing ran"
_CLOSING = re.compile(r"^== (.+) in [\d.]+s.* ==$")


@dataclass(slots=True)
class Result:
    """How a row ended: pytest's own count, seconds, and what the tests measured."""

    state: str
    tests: str
    seconds: float
    at: str
    figures: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Checkout:
    """The commit that the results are pinned to, and whether the tree differs from it."""

    commit: str
    dirty: bool


class State:
    """Results by row in a file of their own for each commit; a dirty tree remembers nothing."""

    def __init__(self, folder: Path, checkout: Checkout, *, quick: bool) -> None:
        self._path = folder / f"{checkout.commit}{'-quick' if quick else ''}.json"
        self._kept = not checkout.dirty
        self.results: dict[str, Result] = {}
        if self._kept and self._path.exists():
            told = json.loads(self._path.read_text(encoding="utf-8"))
            self.results = {name: Result(**result) for name, result in told.items()}

    def is_proven(self, row: Row) -> bool:
        known = self.results.get(row.name)
        return known is not None and known.state == PROVEN

    def keep(self, row: Row, result: Result) -> None:
        """Remember at once, whole or not at all: the next row may be interrupted."""
        self.results[row.name] = result
        if self._kept:
            told = {name: asdict(one) for name, one in self.results.items()}
            fresh = self._path.with_suffix(".new")
            fresh.write_text(json.dumps(told, indent=1), encoding="utf-8")
            fresh.replace(self._path)


def run_prove(names: Sequence[str], *, quick: bool, dirty: bool) -> None:
    """Prove the named rows, or all; ends 1 when one of them is not proven."""
    rows = _chosen(names, quick=quick)
    checkout = _checkout(may_be_dirty=dirty)
    folder = Path(os.environ.get("TIPLINE_HOME") or "var").resolve() / "prove"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    state = State(folder, checkout, quick=quick)
    for row in rows:
        if state.is_proven(row):
            say(f"{row.name}: proven for this commit already")
            continue
        say(f"\n{row.name}: {row.says}")
        state.keep(row, _run(row, quick=quick))
    results = {row.name: state.results[row.name] for row in rows}
    dirt = "-dirty" if checkout.dirty else ""
    report = folder / f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}-{checkout.commit[:12]}{dirt}.md"
    report.write_text(report_text(checkout, rows, results, quick=quick), encoding="utf-8")
    _print(rows, results)
    _leave(checkout, results, report.name, quick=quick)


def _leave(checkout: Checkout, results: Mapping[str, Result], report: str, *, quick: bool) -> None:
    proven = all(result.state == PROVEN for result in results.values())
    show(
        {
            "commit": checkout.commit,
            "dirty": checkout.dirty,
            "quick": quick,
            "proven": proven,
            "rows": {name: result.state for name, result in results.items()},
            "report": report,
        }
    )
    raise typer.Exit(0 if proven else 1)


def _chosen(names: Sequence[str], *, quick: bool) -> list[Row]:
    known = {row.name: row for row in ROWS}
    for name in names:
        if name not in known:
            stop(f"There is no promise called {name}: choose from {', '.join(known)}.")
        if quick and known[name].quick is None:
            stop(f"{name} has no quick form.")
    chosen = [known[name] for name in dict.fromkeys(names)] or list(ROWS)
    return [row for row in chosen if not quick or row.quick is not None]


def _checkout(*, may_be_dirty: bool) -> Checkout:
    if not (ROOT / "tests" / "suite.py").exists():
        stop("The proofs are part of the source: run this in a checkout.")
    commit, changes = _git("rev-parse", "HEAD"), _git("status", "--porcelain")
    if commit is None or changes is None:
        if not may_be_dirty:
            stop("Results are pinned to a git commit, and there is none. --dirty proves anyway.")
        return Checkout("unknown", dirty=True)
    if changes and not may_be_dirty:
        stop("The tree differs from its commit. Commit first, or say --dirty, which is marked.")
    return Checkout(commit, dirty=bool(changes))


def _git(*words: str) -> str | None:
    """What git says of this checkout; None when it cannot."""
    try:
        told = subprocess.run(  # noqa: S603 - fixed words
            ["git", "-C", str(ROOT), *words],  # noqa: S607 - the git of the PATH
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return told.stdout.strip()


def _run(row: Row, *, quick: bool) -> Result:
    """Run the row's tests in the way of ``tipline test``, on both databases where it matters."""
    words = (row.quick or ()) if quick else row.words
    started, closing = time.monotonic(), ""
    with tempfile.TemporaryDirectory(prefix="tipline-prove-") as folder:
        figures = Path(folder) / "figures"
        with subprocess.Popen(  # noqa: S603 - our own test command
            [sys.executable, "-P", "-m", "tests.suite", *words],
            cwd=ROOT,
            env=_environment(figures),
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            for line in child.stdout or ():
                sys.stderr.write(line)
                closing = line.strip() or closing
        measured = figures.read_text(encoding="utf-8").splitlines() if figures.exists() else []
    counted = _CLOSING.match(closing)
    return Result(
        state=_state(child.returncode, counted[1] if counted else ""),
        tests=counted[1] if counted else f"ended with {child.returncode}",
        seconds=round(time.monotonic() - started, 1),
        at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        figures=[json.loads(line) for line in measured],
    )


def _state(code: int, tests: str) -> str:
    """Proven only when something passed, nothing failed, and nothing was skipped."""
    if "no tests ran" in tests:
        return NOTHING
    if code or "passed" not in tests:
        return FAILED
    return INCOMPLETE if "skipped" in tests else PROVEN


def _environment(figures: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "PYTHONUNBUFFERED": "1",  # progress when it is made
        "TIPLINE_TEST_FIGURES": str(figures),
    }


def _print(rows: Iterable[Row], results: Mapping[str, Result]) -> None:
    table = Table("row", "promises", "state", "tests", "seconds")
    for row in rows:
        result = results[row.name]
        table.add_row(row.name, row.promises, result.state, result.tests, str(result.seconds))
    Console(stderr=True).print(table)


def report_text(
    checkout: Checkout, rows: Sequence[Row], results: Mapping[str, Result], *, quick: bool
) -> str:
    """The dated report, in Markdown."""
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    size = "the size of the suite (--quick)" if quick else "the size of the proofs"
    tree = ", and the tree DIFFERED from it" if checkout.dirty else ""
    lines = [
        f"# What was proven on {datetime.now(UTC):%d %B %Y}",
        "",
        f"Commit `{checkout.commit}`{tree}. At {size}, on {machine}.",
        "",
        "| row | promises | state | tests | seconds | when |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        one = results[row.name]
        cells = (row.name, row.promises, one.state, one.tests, str(one.seconds), one.at)
        lines.append(f"| {' | '.join(cells)} |")
    for row in rows:
        lines += ["", f"## {row.name}", "", row.says]
        for figures in results[row.name].figures:
            lines += ["", *_figures(figures)]
    return "\n".join(lines) + "\n"


def _figures(figures: Mapping[str, Any]) -> list[str]:
    """One line for each figure, those of a group after each other."""
    return [f"- {name.replace('_', ' ')}: {_in_words(value)}" for name, value in figures.items()]


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_in_words(one)}" for name, one in value.items()) or "none"
    if isinstance(value, list):
        return "; ".join(_in_words(one) for one in value) or "none"
    return str(value)
