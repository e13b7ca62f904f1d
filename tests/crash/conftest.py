"""A deployment of its own for each test that kills, on a database that keeps its promises."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import postgres
from tests.crash.processes import Deployment


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """SQLite as in production, or a PostgreSQL with fsync on (the run's own has it off)."""
    folder = tmp_path / "deployment"
    if os.environ.get("TIPLINE_TEST_DATABASE") != "postgresql":
        yield Deployment(folder, f"sqlite://{folder}/home/tipline.sqlite3")
        return
    with postgres.running(durable=True) as server, postgres.database(server, "crash") as url:
        yield Deployment(folder, url)
