"""A database with every table, made once and copied: to migrate an empty one takes 8 s of a core.

``./tipline test`` makes one for each kind of database and names them in the environment: a file
of SQLite, a database on the server of the run. Where no file is named, one is kept beside
pytest's cache for as long as the product stays the same.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import django
from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".pytest_cache" / "migrated"
FILE = "TIPLINE_TEST_TEMPLATE_FILE"
DATABASE = "TIPLINE_TEST_TEMPLATE_DATABASE"
_MIGRATE = """
from tipline.doors.terminal import starting
starting.load()
starting.migrate()
from django.db import connections
connections.close_all()
"""


def migrate(url: str) -> None:
    """Bring this database to the version of the checkout, in a process and a home of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIPLINE_")}
    with tempfile.TemporaryDirectory(prefix="tipline-migrated-") as home:
        environment = {
            **kept,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "tipline.config.settings",
            "TIPLINE_HOME": home,
            "TIPLINE_DATABASE_URL": url,
        }
        subprocess.run([sys.executable, "-P", "-c", _MIGRATE], env=environment, check=True)


def make_file(file: Path) -> None:
    """The file is there when it is whole: SQLite has taken its log into it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        made = Path(folder) / "made.sqlite3"
        migrate(f"sqlite://{made}")
        assert not made.with_name(f"{made.name}-wal").exists()
        made.replace(file)


@contextmanager
def on_server(server: str) -> Iterator[str]:
    """The name of one on the server of this URL, for the block."""
    name = f"tipline_migrated_{os.getpid()}"
    with postgres.database(server, name) as url:
        migrate(url)
        yield name


@cache
def _digest() -> str:
    """Of everything that could change what a migrated database holds."""
    found = hashlib.sha256(f"{django.__version__} {sys.version}".encode())
    source = ROOT / "src" / "tipline"
    for path in sorted([*source.rglob("*.py"), *source.rglob("*.toml")]):
        found.update(f"{path.relative_to(source)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:24]


def _template() -> Path:
    if named := os.environ.get(FILE):
        return Path(named)
    file = KEPT / f"{_digest()}.sqlite3"
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other processes of the run wait for it
        if not file.exists():
            for older in KEPT.glob("*.sqlite3"):
                older.unlink()
            make_file(file)
    return file


@contextmanager
def database(folder: Path, name: str, *, empty: bool = False) -> Iterator[str]:
    """The URL of one of this run's kind, or of an empty one, for processes that a test starts."""
    server = os.environ.get("TIPLINE_DATABASE_URL", "")
    if not server.startswith("postgres"):
        if not empty:
            copy_to(folder / f"{name}.sqlite3")
        yield f"sqlite://{folder}/{name}.sqlite3"
        return
    own = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}_{os.getpid()}"
    template = "" if empty else os.environ.get(DATABASE, "")
    with postgres.database(server, own, template=template) as url:
        yield url


def copy_to(file: Path) -> None:
    """A database of one's own, as a first start of the product leaves it."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(_template(), file)


def copy_into(home: Path) -> None:
    """The same at the place where the product looks for it in its home folder."""
    copy_to(home / "tipline.sqlite3")
