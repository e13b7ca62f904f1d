"""The books: what came in by each door on each day, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.exports import csv_response
from tipline.doors.portals.desk.shell import show
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.record.intake.queries import BookLine, books
from tipline.record.reports.doors import Door

PER_PAGE = 100


def door_words(door: str) -> str:
    """A door in words."""
    known = {
        Door.ISPWS: _("ESP API"),
        Door.ESP_DESK: _("ESP, by hand"),
        Door.PUBLIC: _("Public"),
        Door.PHONE: _("Phone"),
        Door.IMPORT: _("Import"),
    }
    return known[Door(door)] if door in set(Door) else door


@page(Permission.BOOKS_READ)
def books_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All lines, the newest day first, and whatever does not balance on top."""
    found = books(actor)
    lines = sorted(found.lines, key=lambda line: line.day, reverse=True)
    shown = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "current": "books",
        "books": found,
        "off": [line for line in lines if line.difference],
        "page": shown,
        "rows": [(line, door_words(line.door)) for line in shown],
        "count": len(lines),
        "noun": ngettext("line", "lines", len(lines)),
        "csv_url": reverse("desk:books-csv"),
    }
    return show(request, actor, "desk/books.html", context)


@page(Permission.BOOKS_READ)
def books_csv(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - a view's signature
    return csv_response("books.csv", _cells(books(actor).lines))


def _cells(lines: list[BookLine]) -> Iterator[list[object]]:
    yield [
        _("Day"), _("Door"), _("Received"), _("Accepted"), _("Duplicate"), _("Refused"),
        _("Expired"), _("Retracted"), _("Open"), _("Difference"), _("Refused calls"),
    ]  # fmt: skip
    for line in lines:
        yield [
            line.day.isoformat(), door_words(line.door), line.received, line.accepted,
            line.duplicate, line.refused, line.expired, line.retracted, line.open,
            line.difference, line.refused_calls,
        ]  # fmt: skip
