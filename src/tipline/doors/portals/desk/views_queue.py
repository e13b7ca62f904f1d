"""The ranked queue: the list, the pane, the export; claim, release, done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.exports import csv_response
from tipline.doors.portals.desk.forms import NUMBER, SORTS, QueueForm
from tipline.doors.portals.desk.shell import Deed, Fragment, back_to, done, show
from tipline.doors.portals.desk.shown_bundles import done_words, with_likes
from tipline.doors.portals.desk.shown_queue import Row, row_of, rows_of
from tipline.doors.portals.frame import page
from tipline.doors.portals.look.parts import NavItem
from tipline.doors.portals.look.signs import band_sign
from tipline.doors.portals.look.templatetags.look import strongest
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.reasons import words
from tipline.insight.triage import queue
from tipline.insight.triage.queue import QueueFilter, queue_for
from tipline.record.reports.queries import report_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tipline.insight.triage.models import QueueEntry

PER_PAGE = 50
#: Nobody turns 200 pages: counting stops here, so that a million open reports cost nothing.
MOST_LISTED = 10_000


class Pages(Paginator):  # type: ignore[type-arg] # generic for the type checker only
    """Pages of the queue; ``found`` goes one beyond what is listed when there is more."""

    @cached_property
    def found(self) -> int:
        entries: QuerySet[QueueEntry] = self.object_list  # type: ignore[assignment] # as given below
        return entries.order_by()[: MOST_LISTED + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.found, MOST_LISTED)

    @property
    def counted(self) -> str:
        """The count for people: exact, or "10000+"."""
        return f"{self.count}+" if self.found > self.count else str(self.count)


@page(Permission.QUEUE_WORK)
def queue_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list and, beside it, the pane of the row that is next."""
    form = QueueForm(request.GET)
    right = form.is_valid()
    entries = _entries(actor, form, request.GET) if right else queue_for(actor, _NOTHING)
    pages = Pages(entries, PER_PAGE)
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
        "item": selected,
        "returning": "after" in request.GET,
        "count": pages.counted,
        "noun": ngettext("report", "reports", pages.count),
        "views": _views(request.GET),
        "permalink": _address("desk:queue", request.GET),
        "csv_url": _address("desk:queue-csv", request.GET) if right else "",
        "back": _address("desk:queue", request.GET, keep=("page",)),
    }
    return show(request, actor, "desk/queue.html", context, status=200 if right else 422)


_NOTHING = QueueFilter(number="0")
_WORDS = ("q", "band", "disposition", "sender", "mine", "done", "sort")


def _entries(actor: Actor, form: QueueForm, query: QueryDict) -> QuerySet[QueueEntry]:
    entries = queue_for(actor, form.wanted()).select_related("done_by")
    order = SORTS.get(query.get("sort", ""))
    return entries.order_by(*order) if order else entries


def _selected(entries: Sequence[QueueEntry], rows: list[Row], after: str) -> Row | None:
    """The first row; after a report was dealt with, the one that follows it in the order."""
    dealt_with = queue.entry_of(int(after)) if NUMBER.fullmatch(after) else None
    if dealt_with is None:
        return rows[0] if rows else None
    place = _place(dealt_with)
    later = (row for entry, row in zip(entries, rows, strict=True) if _place(entry) >= place)
    return next(later, rows[-1] if rows else None)


def _place(entry: QueueEntry) -> tuple[int, datetime, int]:
    return entry.band_rank, entry.deadline, entry.report_id


def _address(name: str, query: QueryDict, keep: tuple[str, ...] = ()) -> str:
    """The address of this list: its filters in one order, nothing else."""
    kept = QueryDict(mutable=True)
    for word in (*_WORDS, *keep):
        if query.get(word):
            kept[word] = query.get(word, "")
    return f"{reverse(name)}?{kept.urlencode()}" if kept else reverse(name)


def _views(query: QueryDict) -> list[NavItem]:
    """The saved views; the one that is shown is marked."""
    saved: tuple[tuple[str, dict[str, str]], ...] = (
        (_("All open"), {}),
        (_("Urgent"), {"band": "urgent"}),
        (_("Mine"), {"mine": "on"}),
        (_("Referrals"), {"disposition": "referral"}),
        (_("Informational"), {"disposition": "informational"}),
        (_("Done"), {"done": "on"}),
    )
    narrowed = {word: query[word] for word in _WORDS if query.get(word) and word != "sort"}
    made = []
    for name, wanted in saved:
        url = _address("desk:queue", QueryDict(urlencode(wanted)))
        made.append(NavItem(name, url, current=narrowed == wanted))
    return made


@page(Permission.QUEUE_WORK)
def pane(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One report of the queue, with the picture of its reasons."""
    back = request.GET.get("back", "")
    return render(request, "desk/pane.html", {"now": clock.now(), **_paned(actor, number, back)})


def _paned(actor: Actor, number: int, back: str) -> dict[str, object]:
    report_for(actor, number)
    entry = queue.entry_of(number)
    if entry is None:
        raise NotVisible("This report is not ranked yet.")
    [row] = with_likes([row_of(entry, actor.person_id, clock.now())])
    return {"item": row, "back": back}


def _changed(request: HttpRequest, actor: Actor, number: int) -> Fragment:
    """The pane after a claim or release, and the row's own cell with it."""
    back = request.POST.get("back", "")
    return lambda: ("desk/pane_answer.html", _paned(actor, number, back))


@page(Permission.QUEUE_WORK)
def queue_csv(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list as it is filtered, without pages, at most 10,000 rows."""
    form = QueueForm(request.GET)
    if not form.is_valid():
        raise NotVisible("There is no such list.")
    entries = _entries(actor, form, request.GET)
    return csv_response("queue.csv", _cells(entries, actor))


def _cells(entries: QuerySet[QueueEntry], actor: Actor) -> Iterator[list[object]]:
    yield [
        _("Number"), _("Danger"), _("Unconfirmed"), _("Summary"), _("Strongest reason"),
        _("Second reason"), _("Disposition"), _("Failing test"), _("Level"), _("New files"),
        _("Known files"), _("Links"), _("Place"), _("Sender"), _("Received"), _("Deadline"),
        _("Claimed by"),
    ]  # fmt: skip
    for entry in islice(entries.iterator(500), MOST_LISTED):
        row = row_of(entry, actor.person_id, clock.now())
        reasons = [words(reason) for reason in strongest(row.danger, 2)]
        first, second = (*reasons, "", "")[:2]
        yield [
            row.number, band_sign(row.band).word, _("yes") if row.unconfirmed else "",
            row.summary, first, second, row.disposition, row.failing, row.level, row.new,
            row.known, row.links, row.place, row.sender, row.received.isoformat(),
            row.clock.end.isoformat(), row.claimed_by,
        ]  # fmt: skip


@page(Permission.QUEUE_WORK, methods=("POST",))
def claim(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    report_for(actor, number)
    queue.claim(actor, number)
    words_of = _("You have report %(number)s for half an hour.") % {"number": number}
    deed = Deed(words_of, _undo("desk:release", request, number))
    return done(request, deed, _back(request, number), _changed(request, actor, number))


@page(Permission.QUEUE_WORK, methods=("POST",))
def release(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    report_for(actor, number)
    queue.release(actor, number)
    words_of = _("Report %(number)s released.") % {"number": number}
    deed = Deed(words_of, _undo("desk:claim", request, number))
    return done(request, deed, _back(request, number), _changed(request, actor, number))


@page(Permission.QUEUE_WORK, methods=("POST",))
def mark_done(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Done with this one: to the queue, where the next one is selected."""
    report_for(actor, number)
    queue.mark_done(actor, number, done=True)
    deed = Deed(done_words(number), _undo("desk:reopen", request, number))
    return done(request, deed, _at(back_to(request, reverse("desk:queue")), number))


@page(Permission.QUEUE_WORK, methods=("POST",))
def reopen(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    report_for(actor, number)
    queue.mark_done(actor, number, done=False)
    words_of = _("Report %(number)s is back in the queue.") % {"number": number}
    return done(request, Deed(words_of), _back(request, number))


def _back(request: HttpRequest, number: int) -> str:
    """To the list that the form came from, at this report; else to the report."""
    report = reverse("desk:report", args=[number])
    back = back_to(request, report)
    return back if back == report else _at(back, number)


def _at(address: str, number: int) -> str:
    """The list with this report selected, or the one that follows it."""
    return f"{address}{'&' if '?' in address else '?'}after={number}"


def _undo(name: str, request: HttpRequest, number: int) -> str:
    """Where a POST takes it back, and from there to where the person is now."""
    back = back_to(request, "")
    query = f"?{urlencode({'back': back})}" if back else ""
    return reverse(name, args=[number]) + query
