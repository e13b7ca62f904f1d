"""The order of a list's changes: who writes waits in line, who reads never misses a row.

A writer holds the lock of its list until its transaction ends and takes positions and the
instant under it, so both rise in the order of commits. The instant is the whole second after
the clock's. A reader reads the clock, lets writers that are under way end, and then reads: what
changes later has a later instant than the second at which it read the clock. So a window that
ends at :func:`horizon` or before is complete for ever.

The clock is the database's where it has one, so that several machines agree. It must not be set
back while the exchange is served; being slowed is harmless.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tipline.ground.foundation import clock
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.events import ListChanged
from tipline.insight.lists.models import HashList
from tipline.insight.lists.rules_entries import next_instant, whole_second

#: The first key of our advisory locks; the second is the list's.
_LOCK = 1_279_873_108


@dataclass
class Turn:
    """One writer's turn: the list as it stands and the instant of all changes of this turn."""

    hash_list: HashList
    at: datetime

    def next(self) -> int:
        """The position of one more change."""
        self.hash_list.position += 1
        return self.hash_list.position


@contextmanager
def turn_of(list_id: int) -> Iterator[Turn]:
    """Nobody else changes this list until the caller's transaction ends.

    Where positions were taken the list's row is brought up to date and the change announced.
    """
    with write_tx():
        _fence(list_id, "pg_advisory_xact_lock")
        row = HashList.objects.select_for_update().get(pk=list_id)
        before = row.position
        turn = Turn(row, next_instant(_now(), row.changed_at))
        yield turn
        if row.position != before:
            row.changed_at = turn.at
            row.save(update_fields=["position", "changed_at", "live", "removed"])
            announce(ListChanged(list_id), lane="lists", dedup_key=str(list_id))


def horizon(list_id: int) -> datetime:
    """The last second up to which this list is complete; call it before reading.

    Waits for writers that are under way, which takes as long as one batch.
    """
    at = whole_second(_now())
    if connection.vendor == "postgresql":
        _fence(list_id, "pg_advisory_xact_lock_shared")
    else:
        with write_tx():
            pass
    return at


def _now() -> datetime:
    if connection.vendor != "postgresql":
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def _fence(list_id: int, function: str) -> None:
    """Held to the end of the transaction; outside one, to the end of this statement."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", [_LOCK, list_id])
