"""The books per door and day, as administrators read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tipline.doors.portals.desk.exports import csv_response
from tipline.doors.portals.desk.views_books import door_words
from tipline.doors.portals.staff.shell import show, staff_page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.record.intake.queries import BookLine, Books, books
from tipline.record.reports.doors import Door

PER_PAGE = 100
COLUMNS = (
    ("received", gettext_lazy("Received")),
    ("accepted", gettext_lazy("Accepted")),
    ("duplicate", gettext_lazy("Duplicate")),
    ("refused", gettext_lazy("Refused")),
    ("expired", gettext_lazy("Expired")),
    ("retracted", gettext_lazy("Retracted")),
    ("open", gettext_lazy("Open")),
    ("difference", gettext_lazy("Difference")),
    ("refused_calls", gettext_lazy("Refused calls")),
)


class DoorForm(forms.Form):
    door = forms.ChoiceField(label=gettext_lazy("Door"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["door"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *((door.value, door_words(door)) for door in Door)]


@staff_page(Permission.BOOKS_READ)
def books_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All lines of a door or of all, the newest day first; what is off stands on top."""
    form = DoorForm(request.GET)
    found = books(actor)
    lines = _wanted(form, found)
    shown = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    query = urlencode({"door": _door(form)}) if _door(form) else ""
    context = {
        "current": "books",
        "books": found,
        "off": [(line, door_words(line.door)) for line in found.lines if line.difference],
        "page": shown,
        "columns": [words for _name, words in COLUMNS],
        "rows": [(line, door_words(line.door), _cells(line)) for line in shown],
        "count": len(lines),
        "noun": ngettext("line", "lines", len(lines)),
        "filter_form": form,
        "csv_url": reverse("staff:books-csv") + (f"?{query}" if query else ""),
    }
    return show(request, "staff/books.html", context, status=422 if form.errors else 200)


@staff_page(Permission.BOOKS_READ)
def books_csv(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same lines as a file."""
    return csv_response("books.csv", _rows(_wanted(DoorForm(request.GET), books(actor))))


def _door(form: DoorForm) -> str:
    return str(form.cleaned_data.get("door", "")) if form.is_valid() else ""


def _wanted(form: DoorForm, found: Books) -> list[BookLine]:
    door = _door(form)
    lines = [line for line in found.lines if door in ("", line.door)]
    return sorted(lines, key=lambda line: line.day, reverse=True)


def _cells(line: BookLine) -> list[tuple[object, int]]:
    return [(words, getattr(line, name)) for name, words in COLUMNS]


def _rows(lines: list[BookLine]) -> Iterator[list[object]]:
    yield [_("Day"), _("Door"), *(words for _name, words in COLUMNS)]
    for line in lines:
        figures = [figure for _words, figure in _cells(line)]
        yield [line.day.isoformat(), door_words(line.door), *figures]
