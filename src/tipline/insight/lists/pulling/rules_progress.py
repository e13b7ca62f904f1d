"""How far a pull has come, and what it asks for next: plain values, every step by itself.

A pull takes one window after the other. Everything up to ``pulled_to`` is held. A window that
is under way ends at ``window_to`` and goes on at ``link``; its start is never kept, because it
follows from ``pulled_to``. Each page is stored together with the progress that it makes: whoever
reads the progress again, at whatever point the last run ended, asks for exactly what is missing.

A link lives for half a day at most. When it is too old, or the server does not know it any more,
the window is asked for anew: entries come in their latest state, so taking one twice changes
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: A window ends so long before the server's own now: rows that it commits late, with a time in the
#: past, are there when their window is asked for. The next window begins where this one ended.
LAG = timedelta(seconds=30)
LINK_LIFE = timedelta(hours=11)
LONGEST_LINK = 2_000
#: Pages of one window when the link does not say how many rows there are.
MOST_PAGES = 20_000
SPARE_PAGES = 50


@dataclass(frozen=True, slots=True)
class Progress:
    """``rows`` and ``pages``: of the window under way, as far as its own link goes."""

    pulled_to: datetime | None = None
    window_to: datetime | None = None
    link: str = ""
    link_at: datetime | None = None
    rows: int = 0
    pages: int = 0


class WrongLink(Exception):  # noqa: N818 - says what it is
    """``code``: ``link`` for one that leads elsewhere, ``endless`` for one that never ends."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def opened(progress: Progress, server_now: datetime) -> Progress | None:
    """With a window to ask for; None when there is nothing new to ask."""
    if progress.window_to is not None:
        return progress
    until = server_now.replace(microsecond=0) - LAG
    if until <= (progress.pulled_to or EPOCH):
        return None
    return Progress(progress.pulled_to, until)


def still_good(progress: Progress, now: datetime) -> Progress:
    """Without a link that has become too old: its window begins anew."""
    if progress.link and (progress.link_at is None or now - progress.link_at > LINK_LIFE):
        return begun_anew(progress)
    return progress


def begun_anew(progress: Progress) -> Progress:
    return replace(progress, link="", link_at=None, rows=0, pages=0)


def request_path(progress: Progress) -> str:
    """What to ask for, below the root of the list."""
    if progress.link:
        return progress.link
    assert progress.window_to is not None
    said = {
        "from": _written(progress.pulled_to or EPOCH),
        "to": _written(progress.window_to),
    }
    return f"/v2/entries?{urlencode(said, safe=':')}"


def _written(at: datetime) -> str:
    return f"{at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()}Z"


def advanced(progress: Progress, following: str, rows: int, now: datetime) -> Progress:
    """After a page of so many rows whose link is ``following``; raises :class:`WrongLink`.

    ``link_at`` stays that of the window's first link: the server may have made its answer then.
    """
    if not following:
        return Progress(pulled_to=progress.window_to)
    pages = progress.pages + 1
    link = _checked(progress, following, pages)
    return replace(
        progress, link=link, link_at=progress.link_at or now, rows=progress.rows + rows, pages=pages
    )


def _checked(progress: Progress, link: str, pages: int) -> str:
    if not link.startswith("/v2/entries?") or len(link) > LONGEST_LINK or not link.isprintable():
        raise WrongLink("link")
    if link == progress.link or pages >= _most_pages(link):
        raise WrongLink("endless")
    return link


def _most_pages(link: str) -> int:
    """By the numbers in the link, twice what they say; by patience where there are none."""
    said = parse_qs(urlsplit(link).query)
    try:
        size, most = int(said["size"][0]), int(said["max"][0])
    except (KeyError, ValueError):
        return MOST_PAGES
    if not 0 < size <= 1_000_000 or most < 0:
        return MOST_PAGES
    return min(MOST_PAGES, 2 * (most // size) + SPARE_PAGES)
