"""Searching all reports by one identifier, exactly and loosely, with the purpose on the ledger."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_search import SearchForm
from tipline.doors.portals.desk.shell import show, wants_fragment
from tipline.doors.portals.desk.shown_identifiers import kind_words, problem_words
from tipline.doors.portals.desk.shown_search import shown_found
from tipline.doors.portals.frame import page
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid, NotVisible
from tipline.insight.entities.searching.purposes import OTHER
from tipline.insight.entities.searching.queries import MOST_SHOWN, identifier_for
from tipline.insight.entities.searching.rules import ASKED_AS, Asked, asked, kinds_of
from tipline.insight.entities.searching.services import search
from tipline.record.reports.facts import IdentifierKind

_WHY = "desk-search-why"
_KEY = re.compile(r"[0-9]{1,16}")


@page(Permission.REPORTS_READ_ALL, methods=("GET", "HEAD", "POST"))
def search_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; sent, the form with what was found, in this answer alone."""
    if request.method != "POST":
        said = {"why": request.session.get(_WHY, ""), **_like(actor, request.GET.get("like", ""))}
        return _answer(request, actor, {"form": SearchForm(initial={"near": True, **said})})
    form = SearchForm(request.POST)
    found = _found(actor, form) if form.is_valid() else None
    if found:
        _remember(request, form.cleaned_data["why"])
    context = {"form": form, **(found or {})}
    return _answer(request, actor, context, status=200 if found else 422)


def _remember(request: HttpRequest, why: str) -> None:
    """The next form starts with this purpose; each search says it on the ledger all the same.

    A purpose in a person's own words is said anew: it is of one search.
    """
    if why != OTHER and request.session.get(_WHY) != why:
        request.session[_WHY] = why


def _like(actor: Actor, key: str) -> dict[str, str]:
    """The form filled with an identifier of a report, as it was written there."""
    if not key:
        return {}
    row = identifier_for(actor, int(key)) if _KEY.fullmatch(key) else None
    if row is None:
        raise NotVisible("There is no such identifier.")
    kind = ASKED_AS[IdentifierKind(row.kind)]
    return {"text": row.normal, "kind": kind.value, "why": "report"}


def _answer(
    request: HttpRequest, actor: Actor, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    if wants_fragment(request):
        more = {"now": clock.now(), **context}
        return render(request, "desk/search_body.html", more, status=status)
    return show(request, actor, "desk/search.html", {"current": "search", **context}, status=status)


def _found(actor: Actor, form: SearchForm) -> dict[str, Any] | None:
    """What was found, for the page; None where the service refuses, as the form then says."""
    said = form.cleaned_data
    kinds = kinds_of(said["text"])
    one = asked(form.asked_kind() or kinds[0], said["text"])
    try:
        found = search(actor, one, said["why"], said["words"], near=said["near"])
    except Invalid as error:
        add_refusal(form, error)
        return None
    return {
        **_read_as(one, kinds),
        **shown_found(actor, found),
        "reports": len(found.reports),
        "more": found.more,
        "most": MOST_SHOWN,
        "near": said["near"],
    }


def _read_as(one: Asked, kinds: tuple[IdentifierKind, ...]) -> dict[str, Any]:
    """As what it was read, and what else it could be."""
    problem = one.form.problem
    return {
        "searched": True,
        "kind": kind_words(one.kind),
        "normal": one.form.value,
        "problem": problem_words(problem) if problem else "",
        "others": [(kind.value, kind_words(kind)) for kind in kinds if kind is not one.kind],
    }
