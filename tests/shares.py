"""What a pytest run tells: each room's share of its time, and its counts for the suite's last line.

The counts go as JSON to the file that ``TIPLINE_TEST_RESULT`` names.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

COUNTED = ("failed", "passed", "skipped", "xfailed", "xpassed", "error")


def room_of(nodeid: str) -> str:
    """``tests/ROOM/...`` -> ROOM; a file directly in tests/ counts as ``tests``."""
    folders = nodeid.partition("::")[0].split("/")[:-1]
    return folders[1] if len(folders) > 1 else "tests"


class Shares:
    """A pytest plugin. With xdist it works in the controlling process, where all reports arrive."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.tests: Counter[str] = Counter()
        self.on_both: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        room = room_of(report.nodeid)
        self.seconds[room] += report.duration
        if report.when == "setup":
            self.tests[room] += 1
            if "both_databases" in report.keywords:
                self.on_both.add(report.nodeid.partition("::")[0])

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        if len(self.seconds) > 1:
            self._write_table(terminalreporter)
        if result := os.environ.get("TIPLINE_TEST_RESULT"):
            Path(result).write_text(json.dumps(self._result(terminalreporter)), encoding="utf-8")

    def _write_table(self, terminal: TerminalReporter) -> None:
        total = sum(self.seconds.values()) or 1.0
        terminal.section("share of each room")
        for room, seconds in sorted(self.seconds.items(), key=lambda entry: -entry[1]):
            share = 100 * seconds / total
            terminal.line(
                f"{room:<16} {self.tests[room]:>6} tests {seconds:>8.1f} s {share:>5.1f} %"
            )

    def _result(self, terminal: TerminalReporter) -> dict[str, object]:
        reasons = Counter(
            report.longrepr[2].removeprefix("Skipped: ")
            for report in terminal.getreports("skipped")
            if isinstance(report.longrepr, tuple)
        )
        return {
            "counts": {name: len(terminal.getreports(name)) for name in COUNTED},
            "on_both": sorted(self.on_both),
            "skipped": dict(reasons),
        }
