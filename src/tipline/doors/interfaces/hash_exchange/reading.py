"""The next page of a window, and the window as far as it may be served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tipline.doors.interfaces.hash_exchange.rules_window import Place, Window, next_link
from tipline.insight.lists.changes import Change, changes, count_changes, horizon

if TYPE_CHECKING:
    from tipline.insight.lists.models import HashList

_SECOND = timedelta(seconds=1)
#: A window's rows are counted to here; beyond it a client shrinks its window in any case.
MOST_COUNTED = 1_000_000


@dataclass(frozen=True, slots=True)
class Served:
    """A page, and the address of the next one: empty behind the last."""

    window: Window
    rows: Sequence[Change]
    following: str


def serve(hash_list: HashList, asked: Window) -> Served:
    """The rows that follow. What is asked beyond the last complete second is left out."""
    window = _ended(hash_list, asked)
    if window.empty or not _any(hash_list, window):
        return Served(window, (), "")
    rows = _rows(hash_list, window)
    if len(rows) <= window.size:
        return Served(window, rows, "")
    rows = rows[: window.size]
    if window.after is None:
        most = count_changes(hash_list, window.since, window.until, most=MOST_COUNTED)
        window = replace(window, most=max(most, len(rows) + 1))
    last = rows[-1].entry
    return Served(window, rows, next_link(window, Place(last.changed_at, last.position), len(rows)))


def _ended(hash_list: HashList, window: Window) -> Window:
    """No later than the last second to which nothing can be added any more.

    Whatever is written from now on is no earlier than the newest change that is committed: a
    window that ends before that need not wait for writers.
    """
    newest = hash_list.changed_at
    if newest is not None and window.until < newest:
        return window
    return replace(window, until=min(window.until, horizon(hash_list.pk)))


def _any(hash_list: HashList, window: Window) -> bool:
    """Whether there is a first row: most windows have none, and are to cost next to nothing."""
    if window.after is not None:
        return True
    return count_changes(hash_list, window.since, window.until, most=1) > 0


def _rows(hash_list: HashList, window: Window) -> list[Change]:
    """One row more than a page, to know whether there is another."""
    after = window.after
    if after is None:
        return changes(hash_list, window.since, window.until, most=window.size + 1)
    # Rows behind a place are no earlier than it: the index need not be walked from the start.
    since = max(window.since, after.stamp - _SECOND)
    return changes(hash_list, since, window.until, beyond=after.row, most=window.size + 1)
