"""The lists' clock, set by hand: whole seconds pass when a test says so, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tipline.insight.lists import positions


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 28, 12, 0, 0, 300_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def tick(self, seconds: float = 1.0) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(positions, "_now", made)
    return made
