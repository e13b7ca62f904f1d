"""The ledger: what was done to a subject, and whether the chain holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tipline.doors.portals.staff.shell import Context, show, staff_page
from tipline.ground.accounts.queries import names_of
from tipline.ground.audit.queries import Verification, entries_for, unsealed, verify
from tipline.ground.audit.services import current_head
from tipline.ground.foundation.actor import Actor, Permission

MOST = 200
#: A longer chain is walked on the command line: a page must answer within seconds.
LONGEST_CHAIN = 50_000
SHOWN_PROBLEMS = 20
_SUBJECT = re.compile(r"[a-z][a-z-]{1,30}:[A-Za-z0-9:_-]{1,48}", re.ASCII)


class SearchForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Subject"),
        required=False,
        max_length=80,
        validators=[
            RegexValidator(
                re.compile(rf"^{_SUBJECT.pattern}\Z", re.ASCII),
                gettext_lazy("Write what it is and its id, such as report:100023 or person:4."),
            )
        ],
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry for people. ``who``: a name, or the reference where there is none."""

    at: datetime
    verb: str
    who: str
    purpose: str
    detail: str


@staff_page(Permission.LEDGER_READ)
def ledger(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The newest entries about a subject."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    subject = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    entries = _entries(actor, subject) if subject else []
    context = {
        **_chain(form),
        "subject": subject,
        "entries": entries,
        "count": len(entries) if subject else "",
        "noun": ngettext("entry", "entries", len(entries)) if subject else "",
        "cut": len(entries) == MOST,
    }
    return show(request, "staff/ledger.html", context, status=422 if form.errors else 200)


@staff_page(Permission.LEDGER_READ, methods=("POST",))
def verify_ledger(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - the frame has asked it
    """Walk the whole chain, here and now, when it is short enough for a page."""
    context = _chain(SearchForm())
    found = verify() if context["sequence"] <= LONGEST_CHAIN else None
    context["verified"] = found
    context["problems"] = _problems(found)
    context["too_long"] = found is None
    return show(request, "staff/ledger.html", context)


def _chain(form: SearchForm) -> Context:
    sequence, digest = current_head()
    return {
        "current": "ledger",
        "filter_form": form,
        "form": form,
        "sequence": sequence,
        "digest": digest,
        "unsealed": unsealed(),
    }


def _problems(found: Verification | None) -> list[str]:
    rows = found.problems[:SHOWN_PROBLEMS] if found else []
    words = {
        "missing": _("An entry is missing at place %d."),
        "altered": _("The entry at place %d was altered."),
        "cut": _("The chain ends before place %d."),
        "wrong signature": _("The signature at place %d is wrong."),
        "not what was signed": _("Place %d is not what was signed."),
        "rewritten": _("Place %d was written anew."),
    }
    return [words.get(row.code, f"{row.code}: %d") % row.sequence for row in rows]


def _entries(actor: Actor, subject: str) -> list[Entry]:
    rows = entries_for(actor, subject, MOST)
    said = (str(row["actor"]).partition(":") for row in rows)
    names = names_of({int(key) for kind, _colon, key in said if kind == "person"})
    return [_entry(row, names) for row in rows]


def _entry(row: Mapping[str, Any], names: Mapping[int, str]) -> Entry:
    kind, _colon, key = str(row["actor"]).partition(":")
    who = names.get(int(key), "") if kind == "person" else ""
    return Entry(
        at=datetime.fromisoformat(row["at"]),
        verb=row["verb"],
        who=who or row["actor"],
        purpose=row["purpose"],
        detail=", ".join(f"{name}: {value}" for name, value in row["detail"].items()),
    )
