"""The ranked queue: the list, the pane, what is new in it, the export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk import listing
from tipline.doors.portals.desk.exports import csv_response
from tipline.doors.portals.desk.forms_queue import NUMBER, SORTS, QueueForm, ViewForm
from tipline.doors.portals.desk.listing import Pages, address, entries_of, filters_of, views_of
from tipline.doors.portals.desk.shell import show
from tipline.doors.portals.desk.shown_bundles import with_likes
from tipline.doors.portals.desk.shown_queue import Row, claim_of, paned, rows_of
from tipline.doors.portals.frame import page
from tipline.doors.portals.look.signs import band_sign
from tipline.doors.portals.look.templatetags.look import strongest
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.reasons import words
from tipline.insight.triage import news, queue
from tipline.insight.triage.batches.rules import MOST_AT_ONCE
from tipline.record.reports.queries import report_for

if TYPE_CHECKING:
    from tipline.insight.triage.models import QueueEntry

PER_PAGE = 50
CSV_AT_ONCE = 500


@page(Permission.QUEUE_WORK)
def queue_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list and, beside it, the pane of the row that is next."""
    form = QueueForm(request.GET)
    right = form.is_valid()
    mark = news.mark()  # before the list is read: what comes in between is told, not lost
    pages = Pages(entries_of(actor, form, request.GET), PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    here = list(shown)
    rows = with_likes(rows_of(here, actor.person_id, clock.now()))
    selected = _selected(here, rows, request.GET.get("after", ""))
    context = {
        "current": "queue",
        "places": True,
        "form": form,
        "page": shown,
        "rows": rows,
        "selected": selected,
        "returning": "after" in request.GET,
        "count": pages.counted,
        "all_count": min(pages.count, MOST_AT_ONCE),
        "noun": ngettext("report", "reports", pages.count),
        "views": views_of(actor, request.GET),
        "view_form": ViewForm(),
        "filters": filters_of(request.GET),
        "sort": request.GET.get("sort") if request.GET.get("sort") in SORTS else "",
        "permalink": address("desk:queue", request.GET),
        "csv_url": address("desk:queue-csv", request.GET) if right else "",
        "back": address("desk:queue", request.GET, keep=("page",)),
        **(_live(request, rows, mark) if right else {}),
        **(paned(here[rows.index(selected)], selected) if selected else {}),
    }
    return show(request, actor, "desk/queue.html", context, status=200 if right else 422)


def _live(request: HttpRequest, rows: Sequence[Row], mark: int) -> dict[str, Any]:
    """Where the page asks what is new, and since when it has not looked."""
    query = filters_of(request.GET)
    query["since"] = str(mark)
    query["rows"] = ",".join(str(row.number) for row in rows)
    return {"news_url": f"{address('desk:news', query, keep=('since', 'rows'))}", "at": clock.now()}


@page(Permission.QUEUE_WORK)
def news_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is new in a list since it was read, and who has its rows now: parts for htmx."""
    form = QueueForm(request.GET)
    if not form.is_valid():
        raise NotVisible("There is no such list.")
    said = request.GET.get("since", "")
    since = int(said) if NUMBER.fullmatch(said) else news.mark()
    found = news.news_since(entries_of(actor, form, request.GET), since)
    numbers = [int(n) for n in request.GET.get("rows", "").split(",") if NUMBER.fullmatch(n)]
    now = clock.now()
    context = {
        "news": found,
        "said": request.GET.get("said", "") == _signature(found),
        "signature": _signature(found),
        "claims": [claim_of(row, actor.person_id, now) for row in news.rows_now(actor, numbers)],
        "permalink": address("desk:queue", request.GET),
        "now": now,
    }
    return render(request, "desk/news.html", context)


def _signature(found: news.News) -> str:
    """What the page has said already: the same is not said twice."""
    return f"{found.new}-{found.changed}-{found.urgent}"


def _selected(entries: Sequence[QueueEntry], rows: list[Row], after: str) -> Row | None:
    """The first row; after a report was dealt with, the one that follows it in the order."""
    dealt_with = queue.entry_of(int(after)) if NUMBER.fullmatch(after) else None
    if dealt_with is None:
        return rows[0] if rows else None
    place = _place(dealt_with)
    later = (row for entry, row in zip(entries, rows, strict=True) if _place(entry) >= place)
    return next(later, rows[-1] if rows else None)


def _place(entry: QueueEntry) -> tuple[int, int, datetime, int]:
    return entry.band_rank, entry.step, entry.deadline, entry.report_id


@page(Permission.QUEUE_WORK)
def pane(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One report of the queue, with the picture of its reasons."""
    context = pane_context(actor, number, request.GET.get("back", ""))
    return render(request, "desk/pane.html", {"now": clock.now(), **context})


def pane_context(actor: Actor, number: int, back: str) -> dict[str, object]:
    """What the pane of this report shows; :class:`NotVisible` when it has no place yet."""
    report_for(actor, number)
    entry = queue.entry_of(number)
    if entry is None:
        raise NotVisible("This report is not ranked yet.")
    [row] = with_likes(rows_of([entry], actor.person_id, clock.now()))
    return {**paned(entry, row), "back": back}


@page(Permission.QUEUE_WORK)
def queue_csv(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list as it is filtered, without pages, at most 10,000 rows."""
    form = QueueForm(request.GET)
    if not form.is_valid():
        raise NotVisible("There is no such list.")
    entries = entries_of(actor, form, request.GET).iterator(CSV_AT_ONCE)
    return csv_response("queue.csv", _cells(islice(entries, listing.MOST_LISTED), actor))


def _cells(entries: Iterator[QueueEntry], actor: Actor) -> Iterator[list[object]]:
    yield [
        _("Number"), _("Danger"), _("Unconfirmed"), _("Summary"), _("Strongest reason"),
        _("Second reason"), _("Disposition"), _("Failing test"), _("Level"), _("New files"),
        _("Known files"), _("Links"), _("Place"), _("Sender"), _("Received"), _("Deadline"),
        _("Claimed by"), _("Summary by"),
    ]  # fmt: skip
    while some := list(islice(entries, CSV_AT_ONCE)):
        for row in rows_of(some, actor.person_id, clock.now()):
            reasons = [words(reason) for reason in strongest(row.danger, 2)]
            first, second = (*reasons, "", "")[:2]
            yield [
                row.number, band_sign(row.band).word, _("yes") if row.unconfirmed else "",
                row.summary, first, second, row.disposition, row.failing, row.level, row.new,
                row.known, row.links, row.place, row.sender, row.received.isoformat(),
                row.clock.end.isoformat(), row.claim.name, row.summary_by,
            ]  # fmt: skip
