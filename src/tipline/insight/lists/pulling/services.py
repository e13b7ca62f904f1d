"""The pull itself: ask, read, keep the page together with the progress, ask again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import Q

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock, jobs
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import Conflict, NotVisible, TiplineError
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.models import Source
from tipline.insight.lists.pulling.answers import read_answer
from tipline.insight.lists.pulling.http import Patience, PullError, Wire
from tipline.insight.lists.pulling.reasons import refresh_reasons
from tipline.insight.lists.pulling.rules_progress import (
    Progress,
    WrongLink,
    advanced,
    begun_anew,
    opened,
    request_path,
    still_good,
)
from tipline.insight.lists.pulling.rules_told import Page, read_page, read_status
from tipline.insight.lists.pulling.sources import wire_of
from tipline.insight.lists.pulling.writing import Kept, keep_page

log = structlog.get_logger(__name__)

LANE = "outward:list:"
KIND = "lists.pull"
#: Pages of one job; the next job goes on, and other work comes between.
JOB_PAGES = 20
#: A job waits less long than a person at a terminal: it comes again by itself.
JOB_PATIENCE = Patience(pause=20.0, whole=120.0, tries=3)
_READ_AGAIN = 3


@dataclass(frozen=True, slots=True)
class Pulled:
    """How a run ended. ``error``: a code, ``where``: of what; ``more``: pages are left."""

    kept: Kept
    error: str = ""
    where: str = ""
    more: bool = False


def pull(
    list_id: int,
    *,
    most_pages: int | None = None,
    patience: Patience | None = None,
    tell: Callable[[Kept], None] = lambda _kept: None,
) -> Pulled:
    """Take what a source has that is not here yet, at most so many pages.

    Whatever ends it, the next run goes on where this one stopped. Two at once: the one that
    comes second with a page gives up.
    """
    row = Source.objects.select_related("hash_list", "key").filter(pk=list_id).first()
    if row is None:
        raise NotVisible("This list is not pulled from anywhere.")
    if not row.active:
        raise Conflict("This source is switched off.", field="list")
    Source.objects.filter(pk=row.pk).update(tried_at=clock.now())
    run = _Run(row, most_pages, tell)
    try:
        with wire_of(row, patience) as wire:
            more = run.go(wire)
    except (PullError, WrongLink, TiplineError) as error:
        where = getattr(error, "where", "")
        return _failed(row, run.kept, error.code, where)
    _note(row, error="", good=not more)
    return Pulled(run.kept, more=more)


def _failed(row: Source, kept: Kept, code: str, where: str) -> Pulled:
    log.warning("pull failed", name=row.hash_list.slug, code=code)
    _note(row, error=f"{code} {where}".strip()[:200], good=False)
    return Pulled(kept, error=code, where=where, more=True)


def _note(row: Source, *, error: str, good: bool) -> None:
    said: dict[str, Any] = {"last_error": error}
    if good:
        said["good_at"] = clock.now()
    Source.objects.filter(pk=row.pk).update(**said)


class _Run:
    """One run over the windows of a source."""

    def __init__(self, row: Source, most_pages: int | None, tell: Callable[[Kept], None]) -> None:
        self.row = row
        self.kept = Kept()
        self._left = most_pages
        self._anew = False
        self._tell = tell

    def go(self, wire: Wire) -> bool:
        """True when pages are left.

        One window is taken. One that an earlier run left open ended when that run began: behind
        it comes the window up to now, or what was written since would wait for the next run
        although this one says that nothing is left.
        """
        server_now = self._greet(wire)
        progress = still_good(_progress_of(self.row), clock.now())
        left_open = progress.window_to is not None
        while under_way := opened(progress, server_now):
            if self._left is not None and self.kept.pages >= self._left:
                return True
            progress = self._step(wire, under_way)
            if progress.window_to is None:
                if not left_open:
                    return False
                left_open = False
        return False

    def _greet(self, wire: Wire) -> datetime:
        """Who we are over there, and what time it is there."""
        asked = clock.now()
        answer = wire.get("/v2/status")
        us = read_answer(answer, read_status).number
        if us != self.row.us:
            Source.objects.filter(pk=self.row.pk).update(us=us)
            self.row.us = us
        refresh_reasons(self.row, wire, asked)
        return answer.date or asked

    def _step(self, wire: Wire, progress: Progress) -> Progress:
        """One page: asked for and read outside any transaction, kept in one."""
        try:
            page = _ask(wire, request_path(progress))
        except PullError as error:
            if not progress.link or self._anew or error.code not in {"not_there", "refused"}:
                raise
            self._anew = True  # the link is not known there any more
            return begun_anew(progress)
        try:
            after = advanced(progress, page.following, len(page.told), clock.now())
        except WrongLink:
            _move(self.row, begun_anew(progress), self.row.told)
            raise
        self._keep(progress, after, page)
        return after

    def _keep(self, progress: Progress, after: Progress, page: Page) -> None:
        told = Kept.from_json(self.row.told) if progress.link and self.row.told else Kept()
        empty = not (progress.link or page.following or page.told or page.problems)
        with write_tx():
            kept = keep_page(self.row.hash_list, self.row.us, page)
            told.add(kept)
            _move(self.row, after, self.row.told if empty else told.as_json())
            if kept.anything:
                counts = ("made", "changed", "removed", "votes")
                detail = {name: getattr(kept, name) for name in counts}
                record(SYSTEM, Verb.LIST_PULLED, f"list:{self.row.pk}", detail=detail)
        self.kept.add(kept)
        self._tell(self.kept)


def _ask(wire: Wire, path: str) -> Page:
    """A page. An answer that is cut off without a sign of it is asked for again."""
    for tried in range(1, _READ_AGAIN + 1):
        try:
            return read_answer(wire.get(path), read_page)
        except PullError as error:
            if error.code != "not_xml" or tried == _READ_AGAIN:
                raise
    raise AssertionError("the last try returns or raises")


def _progress_of(row: Source) -> Progress:
    return Progress(row.pulled_to, row.window_to, row.next_link, row.next_at, row.rows, row.pages)


def _move(row: Source, after: Progress, told: dict[str, Any]) -> None:
    """Write the progress, unless somebody else has moved it since it was read."""
    before = Q(root=row.root, next_link=row.next_link, rows=row.rows, pages=row.pages)
    for name in ("pulled_to", "window_to"):
        value = getattr(row, name)
        before &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    said = {
        "pulled_to": after.pulled_to,
        "window_to": after.window_to,
        "next_link": after.link,
        "next_at": after.link_at,
        "rows": after.rows,
        "pages": after.pages,
        "told": told,
    }
    with write_tx():
        if not Source.objects.filter(before, pk=row.pk).update(**said):
            raise Conflict("Somebody else is pulling this list just now.", field="list")
    for name, value in said.items():
        setattr(row, name, value)


def pull_job(payload: dict[str, Any]) -> None:
    """Some pages; asks for itself again while there are more."""
    pulled = pull(payload["list"], most_pages=JOB_PAGES, patience=JOB_PATIENCE)
    if pulled.more and not pulled.error:
        with write_tx():
            ask_pull(payload["list"])


def ask_pull(list_id: int) -> None:
    """Have a list pulled soon, in the caller's transaction."""
    jobs.enqueue(KIND, {"list": list_id}, lane=f"{LANE}{list_id}", dedup_key=str(list_id))


def pull_due() -> None:
    """Ask for every list whose time has come."""
    now = clock.now()
    rows = Source.objects.filter(active=True, hash_list__active=True)
    for key, tried, minutes in rows.values_list("pk", "tried_at", "every_minutes"):
        if tried is None or tried + timedelta(minutes=minutes) <= now:
            with write_tx():
                ask_pull(key)
