"""Whether anybody has committed to a SQLite database, without asking SQLite.

In WAL mode every commit changes the header of the *WAL-index* before it is done: twice 48 bytes
at the beginning of the memory that all who have the database open share (sqlite.org/walformat.html,
"WAL-Index Header"). SQLite has that memory mapped in this process for as long as a connection is
open, and it is read where SQLite has put it. The file itself is never opened here: closing it
would drop SQLite's locks on it. Where it is not found, SQLite is asked, which takes 3 microseconds.

What was committed is not always what a connection sees: with a cursor half read, it sees what was
there when the cursor was opened. So there is a second connection, for these questions only.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_MAPS = Path("/proc/self/maps")
_HEADERS = 96
#: Version, two numbers that change, whether it is made: the version is that of all of SQLite 3.
_BEGINNING = struct.Struct("=III?")
_VERSION = 3_007_000


class Sight:
    """What one thread sees of a SQLite database, by a connection beside ``main``.

    ``of``: the open connection of ``main`` that it was made for; make another for another.
    """

    def __init__(self, main: BaseDatabaseWrapper) -> None:
        self.of = main.connection
        self.database = main
        if file := _file_of(main.connection):
            self.database = main.copy()
            self.database.ensure_connection()
            if _file_of(self.database.connection) != file:
                self.database = main
        self.committed = self._by_header(file) or self._by_question

    def _by_header(self, file: str) -> Callable[[], bytes] | None:
        """Another answer whenever somebody has committed; None where that cannot be read."""
        if self.database.connection is self.of:
            return None
        raw = self.database.connection
        raw.execute("PRAGMA data_version").fetchone()  # maps what was not mapped before
        if raw.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            return None
        address = _mapped(f"{file}-shm")
        if address is None:
            return None
        header = memoryview((ctypes.c_ubyte * _HEADERS).from_address(address)).toreadonly()
        version, _unused, _changes, is_made = _BEGINNING.unpack_from(header)
        return header.tobytes if version == _VERSION and is_made else None

    def _by_question(self) -> Any:
        raw = self.database.connection
        return raw.execute("PRAGMA data_version").fetchone(), raw.total_changes

    def close(self) -> None:
        self.committed = self._by_question  # the memory goes with the connection
        if self.database.connection is not self.of:
            self.database.close()


def _file_of(raw: Any) -> str:
    """Where the database lies; empty for one in memory."""
    rows = raw.execute("PRAGMA database_list").fetchall()
    return next((file for _number, name, file in rows if name == "main"), "")


def _mapped(path: str) -> int | None:
    """Where this process has mapped the beginning of the file, if it has it once."""
    try:
        inode, real = os.stat(path).st_ino, os.path.realpath(path)  # noqa: PTH116 - as the maps write it
        lines = _MAPS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    found = [
        int(words[0].partition("-")[0], 16)
        for words in (line.split(maxsplit=5) for line in lines)
        if len(words) == 6 and words[5] == real and words[4] == str(inode)
        if int(words[2], 16) == 0
    ]
    return found[0] if len(found) == 1 else None
