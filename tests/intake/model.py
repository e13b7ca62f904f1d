"""What intake promises, in sixty lines: reports, their clocks, retries, and the books."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

OPEN, FINISHED, RETRACTED, EXPIRED = "open", "finished", "retracted", "expired"
REFUSALS = {FINISHED: "5102", RETRACTED: "5101", EXPIRED: "5001"}
COUNTED = ("accepted", "duplicate", "refused", "expired", "retracted", "open")


@dataclass
class ModelReport:
    """One report as its sender knows it; ``line`` is where it stands in the books."""

    line: tuple[date, str]
    opened: datetime
    changed: datetime
    state: str = OPEN
    files: list[str] = field(default_factory=list)
    details: Counter[str] = field(default_factory=Counter)

    def ends(self) -> datetime:
        return max(self.opened + timedelta(hours=24), self.changed + timedelta(hours=1))

    def refusal(self, now: datetime) -> str | None:
        """The code that a change gets now; None when it is allowed."""
        if self.state == OPEN:
            return None if now < self.ends() else "5001"
        return REFUSALS[self.state]


@dataclass
class Model:
    """All reports by number, and what the books must say of each door and day."""

    reports: dict[int, ModelReport] = field(default_factory=dict)
    retries: dict[tuple[str, str], tuple[int, bytes]] = field(default_factory=dict)
    file_retries: dict[tuple[int, str], tuple[str, bytes]] = field(default_factory=dict)
    counts: dict[tuple[date, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    refused_calls: Counter[tuple[date, str]] = field(default_factory=Counter)

    def opened(self, number: int, line: tuple[date, str], now: datetime) -> None:
        assert number not in self.reports
        self.reports[number] = ModelReport(line, now, now)

    def lines(self) -> dict[tuple[date, str], Counter[str]]:
        """The sums per line; states of reports are counted where they were opened."""
        found: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
        for line, counts in self.counts.items():
            found[line] += counts
        for report in self.reports.values():
            found[report.line]["accepted" if report.state == FINISHED else report.state] += 1
        for line in self.refused_calls:
            found[line] += Counter()
        return found
