"""Windows of time and their pages: what was asked for, and the link to what follows.

A window is open at its start and closed at its end, in whole seconds of UTC; whoever asks for
windows that share an end point gets each row once. A page holds the place after its last row,
(stamp, row id), so that nothing shifts when rows change meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.times import read_time

PAGE = 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(\d{1,12})\.(\d{1,19})", re.ASCII)
_MOST = 2**53


@dataclass(frozen=True, slots=True)
class Place:
    """The row after which a page begins."""

    stamp: datetime
    row: int


@dataclass(frozen=True, slots=True)
class Window:
    """Rows with ``since`` < stamp ≤ ``until``; ``after`` and what follows only behind page one.

    ``start``: the number of the next row, from 1. ``most``: rows of the whole window, counted
    with its first page.
    """

    since: datetime
    until: datetime
    after: Place | None = None
    start: int = 1
    size: int = PAGE
    most: int = 0

    @property
    def empty(self) -> bool:
        return self.since >= self.until


def written(at: datetime) -> str:
    """Seconds, no fractions: existing clients read exactly this form."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_window(said: Mapping[str, str]) -> Window:
    """The parameters of a request. :class:`Invalid` names the one that cannot be read.

    Without ``from`` a window begins with the first row, without ``to`` it ends now.
    """
    since = _instant(said, "from") or EPOCH
    until = _instant(said, "to") or datetime.max.replace(tzinfo=UTC, microsecond=0)
    after = _place(said["after"]) if "after" in said else None
    size = min(PAGE, _number(said, "size", PAGE))
    window = Window(max(since, EPOCH), max(until, EPOCH), after, size=size)
    if after is None:
        return window
    return replace(
        window,
        start=_number(said, "start", window.start),
        most=_number(said, "max", window.most),
    )


def _instant(said: Mapping[str, str], name: str) -> datetime | None:
    """A whole second. A fraction is cut: rows stand on whole seconds, so no row is between."""
    text = said.get(name, "")
    if not text:
        return None
    # A plus sign that was not escaped arrives as a space.
    instant = read_time(text).instant or read_time(text.replace(" ", "+")).instant
    if instant is None:
        raise Invalid("Write a time of UTC such as 2026-01-31T12:00:00Z.", field=name)
    return instant.replace(microsecond=0)


def _number(said: Mapping[str, str], name: str, otherwise: int) -> int:
    text = said.get(name, "")
    if not text:
        return otherwise
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:20]) < _MOST:
        raise Invalid("Take the link of the page before as it stands.", field=name)
    return int(text)


def _place(text: str) -> Place:
    found = _CURSOR.fullmatch(text)
    if found is None or int(found[2]) >= 2**63:
        raise Invalid("Take the link of the page before as it stands.", field="after")
    try:
        return Place(EPOCH + timedelta(seconds=int(found[1])), int(found[2]))
    except OverflowError as error:
        raise Invalid("Take the link of the page before as it stands.", field="after") from error


def next_link(window: Window, last: Place, rows: int) -> str:
    """The address of the next page below the root of the list; holds all that it needs."""
    seconds = int((last.stamp - EPOCH).total_seconds())
    said = {
        "from": written(window.since),
        "to": written(window.until),
        "start": window.start + rows,
        "size": window.size,
        "max": window.most,
        "after": f"{seconds}.{last.row}",
    }
    return f"/v2/entries?{urlencode(said, safe=':')}"
