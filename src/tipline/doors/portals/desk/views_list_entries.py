"""Entries of lists, their series, and what analysts say of matches. Never a picture."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_lists import EntrySeriesForm, SeriesForm
from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.desk.shown_list_entries import (
    entry_facts,
    match_rows,
    series_rows,
    statement_rows,
    vote_rows,
)
from tipline.doors.portals.desk.shown_listed import list_name
from tipline.doors.portals.desk.shown_look import card_context
from tipline.doors.portals.frame import page
from tipline.ground.accounts.queries import agencies
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.insight.lists.queries import entry_for
from tipline.insight.lists.series import services as series
from tipline.insight.lists.series.queries import one_series_for, series_for
from tipline.insight.lists.verdicts import judge_match, match_for
from tipline.record.reports.queries import report_for


@page(Permission.LISTS_READ)
def entry_page(request: HttpRequest, actor: Actor, slug: str, entry_id: int) -> HttpResponse:
    """What an entry holds, who stands behind it, what members say, and what it matched."""
    return _entry(request, actor, slug, entry_id, None)


def _entry(
    request: HttpRequest, actor: Actor, slug: str, entry_id: int, form: EntrySeriesForm | None
) -> HttpResponse:
    entry = entry_for(actor, slug, entry_id)
    name = entry.series.name if entry.series else ""
    context = {
        "current": "lists",
        "list": entry.hash_list,
        "name": list_name(entry.hash_list),
        "entry": entry,
        "facts": entry_facts(entry),
        "statements": statement_rows(actor, entry),
        "votes": vote_rows(entry),
        "matches": match_rows(actor, entry),
        "form": form or EntrySeriesForm(initial={"series": name}),
        "may_manage": actor.may(Permission.LISTS_MANAGE) and entry.removed_at is None,
    }
    return show(request, actor, "desk/list_entry.html", context, status=422 if form else 200)


@page(Permission.LISTS_MANAGE, methods=("POST",))
def entry_series(request: HttpRequest, actor: Actor, slug: str, entry_id: int) -> HttpResponse:
    """To which series the entry belongs."""
    entry = entry_for(actor, slug, entry_id)
    form = EntrySeriesForm(request.POST)
    if not form.is_valid():
        return _entry(request, actor, slug, entry_id, form)
    series.put_in_series(actor, entry, form.cleaned_data["series"])
    back = reverse("desk:list-entry", args=[slug, entry_id])
    return done(request, Deed(_("The entry's series is kept.")), back)


@page(Permission.LISTS_READ, methods=("GET", "HEAD", "POST"))
def series_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every series; a supervisor says what became of the child and who holds it."""
    form = SeriesForm(_agencies(), initial=_chosen(request, actor))
    if request.method == "POST":
        actor.require(Permission.LISTS_MANAGE)
        form = SeriesForm(_agencies(), request.POST)
        if form.is_valid() and _kept(actor, form):
            words = _("Kept. Who holds it is told of each report that has a file of it.")
            return done(request, Deed(words), reverse("desk:series"))
    context: dict[str, Any] = {
        "current": "lists",
        "form": form,
        "rows": series_rows(list(series_for(actor))),
        "may_manage": actor.may(Permission.LISTS_MANAGE),
    }
    status = 422 if form.errors else 200
    return show(request, actor, "desk/series.html", context, status=status)


def _agencies() -> list[tuple[int, str]]:
    return [(row.pk, row.name) for row, _facts in agencies()]


def _chosen(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """The series that the address names, to begin with."""
    wanted = request.GET.get("series", "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 18):
        return {}
    row = one_series_for(actor, int(wanted))
    return {"name": row.name, "status": row.status, "agency": row.agency_id}


def _kept(actor: Actor, form: SeriesForm) -> bool:
    said = form.cleaned_data
    by_id = {row.pk: row for row, _facts in agencies()}
    holder = by_id.get(said["agency"])
    try:
        series.set_series(actor, said["name"], status=said["status"], agency=holder)
    except Invalid as error:
        add_refusal(form, error)
        return False
    return True


@page(Permission.MATCHES_JUDGE, methods=("POST",))
def judge(
    request: HttpRequest, actor: Actor, number: int, match_id: int, *, right: bool
) -> HttpResponse:
    """An analyst says whether a list's match is right; the newest word counts."""
    report_for(actor, number)
    match = match_for(actor, number, match_id)
    reason = "" if right else request.POST.get("reason", "")
    judge_match(actor, match, right=right, reason=reason)
    said = _("Match confirmed: %s.") if right else _("Match denied: %s.")
    back = f"{reverse('desk:report', args=[number])}#file-{match.file.file_id}"
    deed = Deed(said % list_name(match.entry.hash_list))
    return done(request, deed, back, lambda: ("desk/file.html", card_context(actor, match.file)))
