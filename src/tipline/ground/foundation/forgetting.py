"""What was destroyed leaves the database's files, too.

SQLite overwrites what is deleted (``secure_delete``), but its log of writes still holds the
pages of before until it is cut. A destruction asks for the cut; a worker makes it within a
minute, and every hour whether asked or not. PostgreSQL has nothing of the kind: see
docs/how-to/rotate-the-keys.md for what is left there and what closes it.
"""

from __future__ import annotations

import threading

from django.db import connection

from tipline.ground.foundation.transactions import alone

#: Readers that look at pages of before are waited for so long; writers wait meanwhile.
_PATIENCE = 200  # milliseconds
_asked = threading.Event()


def ask() -> None:
    """Something was destroyed: the log is cut with the next look."""
    _asked.set()


def forget_if_asked() -> bool:
    """Cut the log if anything was destroyed since; True when it was cut."""
    return _asked.is_set() and forget()


def forget() -> bool:
    """Cut the log of writes; False when a reader held on to it, or where there is none."""
    if connection.vendor != "sqlite":
        _asked.clear()
        return False
    _asked.clear()  # before the cut: what is destroyed during it asks again
    if cut := _cut():
        return cut
    _asked.set()
    return False


def _cut() -> bool:
    usual = int(1000 * connection.settings_dict["OPTIONS"].get("timeout", 5))
    with alone(), connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout={_PATIENCE}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _left, _moved = cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")
    return not busy
