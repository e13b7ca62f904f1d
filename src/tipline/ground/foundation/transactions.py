"""Write transactions, alike on SQLite and PostgreSQL.

SQLite lets one writer at a time through and its busy handler starves the others: eight
threads fighting gave a p99 of 961 ms against 117 ms behind a mutex. So the outermost write
transaction takes a process lock and a lock on a side file first. On PostgreSQL it is
``atomic`` and nothing else.

What a job works out, it works out again when it comes back. Such a transaction need not wait for
the disk (:func:`derived_tx`): both databases keep their commits in one order, so a power cut takes
the newest ones only, and with them the end of the job that made them; and a commit that waits for
the disk brings everything before it there.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_FULL = 2
_process_lock = threading.RLock()


@contextmanager
def write_tx(using: str = "default") -> Iterator[None]:
    """Run the block in one write transaction; nested use joins it as a savepoint."""
    connection = connections[using]
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic(using=using):
            yield
        return
    with alone(using), transaction.atomic(using=using):
        yield


@contextmanager
def derived_tx(using: str = "default") -> Iterator[None]:
    """As :func:`write_tx`, for what its job would write once more: it waits for no disk.

    Not for keys that are told outside the database, nor for what somebody is promised.
    """
    connection = connections[using]
    if connection.in_atomic_block:
        with transaction.atomic(using=using):
            yield
    elif connection.vendor == "sqlite":
        with derived_statement(using), transaction.atomic(using=using):
            yield
    else:
        with transaction.atomic(using=using), connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
            yield


@contextmanager
def derived_statement(using: str = "default") -> Iterator[None]:
    """The same for a single statement, which is its own transaction or a part of the caller's.

    On PostgreSQL the statement itself says that it does not wait: :data:`NO_WAIT`.
    """
    connection = connections[using]
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with alone(using), _not_waiting(connection):
        yield


@contextmanager
def _not_waiting(connection: BaseDatabaseWrapper) -> Iterator[None]:
    connection.ensure_connection()
    ask = connection.connection.execute
    (waits,) = ask("PRAGMA synchronous").fetchone()
    if waits != _FULL:
        yield
        return
    ask("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        ask("PRAGMA synchronous=FULL")


#: For the RETURNING of a :func:`derived_statement` on PostgreSQL: holds until its commit.
NO_WAIT = "set_config('synchronous_commit', 'off', true)"


def without_others(of: str = "") -> str:
    """The end of a SELECT that locks its rows, those of the table ``of``, until the commit.

    Others may still refer to them. SQLite has one writer at a time and needs no such words.
    """
    if connections["default"].vendor != "postgresql":
        return ""
    return f"FOR NO KEY UPDATE OF {of}" if of else "FOR NO KEY UPDATE"


@contextmanager
def alone(using: str = "default") -> Iterator[None]:
    """SQLite: nobody else writes meanwhile, in no process."""
    with _process_lock, _file_lock(str(connections[using].settings_dict["NAME"])):
        yield


@contextmanager
def _file_lock(database: str) -> Iterator[None]:
    if database.startswith("file:") or database == ":memory:":
        yield
        return
    handle = os.open(database + ".write-lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
