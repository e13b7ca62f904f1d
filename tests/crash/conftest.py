"""A deployment of its own for each test that kills, on a database that keeps its promises.

The database with its accounts is made once for the run and copied for each test.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from tests import migrated, postgres
from tests.crash.office import Office
from tests.crash.processes import Deployment

TEMPLATE = "crash_template"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL with fsync on (the run's own has it off); empty for SQLite."""
    if os.environ.get("TIPLINE_TEST_DATABASE") != "postgresql":
        yield ""
        return
    with postgres.running(durable=True) as url:
        yield url


def _database(server: str, folder: Path, name: str) -> str:
    """SQLite as in production, in the home folder, or the named database of the server."""
    if not server:
        return f"sqlite://{folder / 'home' / 'tipline.sqlite3'}"
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def prepared(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """What every deployment of the run begins as."""
    folder = tmp_path_factory.mktemp("prepared")
    if not server:
        one = Deployment(folder, _database("", folder, ""))
        migrated.copy_into(one.home)
        yield _made(one)
        return
    with postgres.database(server, TEMPLATE) as url:
        yield _made(Deployment(folder, url))


def _made(deployment: Deployment) -> Deployment:
    with deployment.product("make") as making:
        deployment.accounts = making.answer()
    return deployment


@pytest.fixture
def deployment(server: str, prepared: Deployment, tmp_path: Path) -> Iterator[Deployment]:
    name = f"crash_{tmp_path.name}"[:60]
    one = Deployment(tmp_path, _database(server, tmp_path, name), prepared.accounts)
    shutil.copytree(prepared.home, one.home, dirs_exist_ok=True)
    if not server:
        yield one
        return
    with postgres.database(server, name, template=TEMPLATE):
        yield one


@pytest.fixture
def office(deployment: Deployment) -> Iterator[Office]:
    with Office(deployment) as one:
        yield one
