"""Wrapping every data key by the master key in use: page by page, in a lane of its own.

A page is opened and wrapped in memory and written in one short transaction, together with the
request for the next page: killed anywhere, it goes on where it was. A row is written only if
its wrapped bytes are still those that were read, so that a key destroyed meanwhile stays so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.custody.queries import KIND, is_settled, not_under
from tipline.ground.foundation import jobs, keys, sealing
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.models import DataKey
from tipline.ground.foundation.rules_keyring import Master, Ring
from tipline.ground.foundation.transactions import write_tx

__all__ = ["KIND", "LANE", "ask_if_due", "run_here", "step"]
log = structlog.get_logger(__name__)
LANE = "keys"
PAGE = 500
_ROUNDS = 2
#: What was being wrapped while the key changed has committed by then.
_SECOND_ROUND = timedelta(seconds=60)
_UPDATE = (
    "UPDATE foundation_datakey SET wrapped = %s, master_id = %s WHERE id = %s AND wrapped = %s"
)


def ask_if_due(ring: Ring) -> bool:
    """Ask for the work in the caller's transaction, if there is any that can be done."""
    if is_settled(ring.current.ident):
        return False
    if any(said["master"] == ring.current.ident for _state, said in jobs.payloads(KIND)):
        return False  # under way, or given up and waiting for an administrator
    _ask({"master": ring.current.ident, "after": 0, "done": 0, "round": 1})
    return True


def _ask(payload: dict[str, Any], delay: timedelta = timedelta(0)) -> None:
    jobs.enqueue(KIND, payload, lane=LANE, dedup_key=payload["master"], delay=delay)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page did: rows wrapped anew, rows that nothing here opens, the last row's key."""

    done: int
    stuck: int
    last: int


def step(payload: dict[str, Any]) -> None:
    """One page, and the request for the next; the work of a key that is no longer in use ends."""
    current = keys.ring().current
    if payload["master"] != current.ident:
        return
    rows = _rows(current, payload["after"])
    wrapped = _wrap(rows, current)
    with write_tx():
        page = _write(rows, wrapped, current)
        done = payload["done"] + page.done
        if rows:
            _ask({**payload, "after": page.last, "done": done})
        elif payload["round"] < _ROUNDS and not is_settled(current.ident):
            again = {**payload, "after": 0, "round": payload["round"] + 1}
            _ask(again, delay=_SECOND_ROUND)
        else:
            _note_end(current, done)
        kill_point("rewrap.before_commit")


def run_here(tell: Callable[[int], None]) -> int:
    """All of it in this process; how many were wrapped anew. ``tell`` gets the count so far."""
    current, after, done = keys.ring().current, 0, 0
    while rows := _rows(current, after):
        wrapped = _wrap(rows, current)
        with write_tx():
            page = _write(rows, wrapped, current)
        after, done = page.last, done + page.done
        tell(done)
    if done:
        with write_tx():
            _note_end(current, done)
    return done


def _rows(current: Master, after: int) -> Sequence[DataKey]:
    return list(not_under(current.ident).filter(pk__gt=after).order_by("pk")[:PAGE])


def _wrap(rows: Sequence[DataKey], current: Master) -> list[tuple[bytes, str, int, bytes]]:
    """What is to be written. What does not open is left as it is, and told."""
    found = []
    for row in rows:
        old = bytes(row.wrapped or b"")
        try:
            plain = keys.open_wrapped(old, row.master_id)
        except (keys.MasterKeyMissing, sealing.Tampered) as error:
            log.warning("data key does not open", error=type(error).__name__)
            continue
        found.append((keys.wrap_data_key(plain, current), current.ident, row.pk, old))
    return found


def _write(
    rows: Sequence[DataKey], wrapped: list[tuple[bytes, str, int, bytes]], current: Master
) -> Page:
    if wrapped:
        keys.note_use(current)
        with connection.cursor() as cursor:
            cursor.executemany(_UPDATE, wrapped)
    return Page(len(wrapped), len(rows) - len(wrapped), rows[-1].pk if rows else 0)


def _note_end(current: Master, done: int) -> None:
    subject = f"master-key:{current.ident}"
    record(SYSTEM, Verb.DATA_KEYS_REWRAPPED, subject, detail={"keys": done})
