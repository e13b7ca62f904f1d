"""Working one report of the queue: claim, renew, release, done, closed as a meme."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shell import Deed, Fragment, back_to, done
from tipline.doors.portals.desk.shown_bundles import done_words
from tipline.doors.portals.desk.views_queue import pane_context
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.triage import queue
from tipline.record.reports.queries import report_for


def _changed(request: HttpRequest, actor: Actor, number: int) -> Fragment:
    """The pane after a claim or release, and the row's own cell with it."""
    back = request.POST.get("back", "")
    return lambda: ("desk/pane_answer.html", pane_context(actor, number, back))


@page(Permission.QUEUE_WORK, methods=("POST",))
def claim(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Take it for half an hour; whoever has it already has it for another half hour."""
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
    queue.mark_done(actor, number, done=True, seen=request.POST.get("seen", ""))
    return _ended(request, number, done_words(number))


@page(Permission.QUEUE_WORK, methods=("POST",))
def close_as_meme(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Done as a meme that everybody has seen; what speaks against it is said instead."""
    report_for(actor, number)
    queue.close_as_meme(actor, number)
    words_of = _("Report %(number)s is closed as a meme.") % {"number": number}
    return _ended(request, number, words_of)


def _ended(request: HttpRequest, number: int, words_of: str) -> HttpResponse:
    deed = Deed(words_of, _undo("desk:reopen", request, number))
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
