"""Profiles of ESPs and agencies: each change is a new version, the old ones stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tipline.doors.portals.staff.forms_profiles import (
    AgencyProfileForm,
    EspProfileForm,
    ProfileForm,
    initial_agency,
    initial_esp,
)
from tipline.doors.portals.staff.shell import blame, done, show, staff_page
from tipline.doors.portals.staff.shown_profiles import Change, changes_between
from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.profiles import AgencyFacts, EspFacts
from tipline.ground.accounts.queries import (
    agency_profiles_for,
    esp_profiles_for,
    organisation_for,
)
from tipline.ground.foundation.actor import Actor, OrganisationKind, Permission
from tipline.ground.foundation.errors import NotVisible, TiplineError

if TYPE_CHECKING:
    from datetime import datetime

    from tipline.ground.accounts.models import AgencyProfile, EspProfile, Organisation

    Rows = Sequence[EspProfile | AgencyProfile]

MOST_VERSIONS = 50
_MOVED_ON = gettext_lazy(
    "Somebody published another version meanwhile. Load the page again and make your change there."
)


@dataclass(frozen=True, slots=True)
class Version:
    """One version and what it changed."""

    number: int
    at: datetime
    changes: tuple[Change, ...]


@staff_page(Permission.ESP_PROFILE_WRITE, methods=("GET", "HEAD", "POST"))
def profile(request: HttpRequest, actor: Actor, organisation_id: int) -> HttpResponse:
    """The newest version as a form, and all versions below."""
    row = organisation_for(actor, organisation_id)
    versions = _versions(actor, row)
    form = _form(row, versions, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        answer = _publish(request, actor, row, (form, versions))
        if answer is not None:
            return answer
    shown = list(versions[:MOST_VERSIONS])
    context = {
        "current": "organisations",
        "row": row,
        "form": form,
        "versions": _history(shown, _empty(row), whole=len(shown) == len(versions)),
        "hidden_versions": len(versions) - len(shown),
    }
    return show(request, "staff/profile.html", context, status=422 if form.errors else 200)


def _is_esp(row: Organisation) -> bool:
    if row.kind == OrganisationKind.CLEARINGHOUSE:
        raise NotVisible("There is no such organisation.")
    return row.kind == OrganisationKind.ESP


def _versions(actor: Actor, row: Organisation) -> Rows:
    if _is_esp(row):
        return list(esp_profiles_for(actor, row.pk))
    return list(agency_profiles_for(actor, row.pk))


def _empty(row: Organisation) -> dict[str, Any]:
    return EspFacts().as_json() if _is_esp(row) else AgencyFacts().as_json()


def _form(row: Organisation, versions: Rows, data: Any) -> ProfileForm:
    content = versions[0].content if versions else _empty(row)
    number = versions[0].version if versions else 0
    if _is_esp(row):
        return EspProfileForm(data, initial=initial_esp(content, number))
    return AgencyProfileForm(data, initial=initial_agency(content, number))


def _publish(
    request: HttpRequest, actor: Actor, row: Organisation, typed: tuple[ProfileForm, Rows]
) -> HttpResponse | None:
    """A new version, unless nothing changed or somebody was faster; None shows the form again."""
    form, versions = typed
    newest = versions[0] if versions else None
    if form.cleaned_data["version"] != (newest.version if newest else 0):
        form.add_error(None, _MOVED_ON)
        return None
    back = reverse("staff:profile", args=[row.pk])
    before = {**_empty(row), **(newest.content if newest else {})}
    content = {**before, **form.content()}  # what the form does not ask for stays as it was
    if newest is not None and content == before:
        return done(request, _("Nothing was changed."), back)
    setter = accounts.set_esp_profile if _is_esp(row) else accounts.set_agency_profile
    try:
        number = setter(actor, row, content)
    except TiplineError as error:
        blame(form, error)
        return None
    return done(request, _("Version %d is published.") % number, back)


def _history(rows: Rows, empty: Mapping[str, Any], *, whole: bool) -> list[Version]:
    """Each version with what it changed against the one before it."""
    found = []
    for place, row in enumerate(rows):
        older = rows[place + 1].content if place + 1 < len(rows) else (empty if whole else None)
        changes = changes_between(older, row.content) if older is not None else ()
        found.append(Version(row.version, row.created_at, changes))
    return found
