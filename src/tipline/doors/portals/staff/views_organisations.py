"""Organisations, and the machine accounts of ESPs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.staff.forms import KINDS, CredentialForm, OrganisationForm
from tipline.doors.portals.staff.shell import blame, done, show, staff_page
from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.queries import (
    credential_for,
    credentials_for,
    organisation_for,
    organisations_for,
)
from tipline.ground.foundation.actor import Actor, OrganisationKind, Permission
from tipline.ground.foundation.errors import NotVisible, TiplineError

if TYPE_CHECKING:
    from tipline.ground.accounts.models import Organisation


@staff_page(Permission.ACCOUNTS_MANAGE)
def organisations(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everyone who sends or receives reports, and the house itself."""
    rows = [(row, KINDS[OrganisationKind(row.kind)]) for row in organisations_for(actor)]
    noun = ngettext("organisation", "organisations", len(rows))
    context = {"current": "organisations", "rows": rows, "count": len(rows), "noun": noun}
    return show(request, "staff/organisations.html", context)


@staff_page(Permission.ACCOUNTS_MANAGE, methods=("GET", "HEAD", "POST"))
def add(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new ESP or agency; its own page comes next."""
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        kind = OrganisationKind(said["kind"])
        try:
            row = accounts.add_organisation(actor, kind, said["name"], test_only=said["test_only"])
        except TiplineError as error:
            blame(form, error)
        else:
            words = _("%s is added.") % row.name
            return done(request, words, reverse("staff:organisation", args=[row.pk]))
    context = {"current": "organisations", "form": form}
    return show(request, "staff/organisation_add.html", context, status=_status(form))


@staff_page(Permission.ACCOUNTS_MANAGE)
def organisation(request: HttpRequest, actor: Actor, organisation_id: int) -> HttpResponse:
    """One organisation: its profile's address and, of an ESP, its machine accounts."""
    row = organisation_for(actor, organisation_id)
    return _organisation_page(request, actor, row, CredentialForm())


@staff_page(Permission.ACCOUNTS_MANAGE, methods=("POST",))
def issue(request: HttpRequest, actor: Actor, organisation_id: int) -> HttpResponse:
    """A machine account. The answer is the only page that ever shows its secret."""
    row = organisation_for(actor, organisation_id)
    if row.kind != OrganisationKind.ESP:
        raise NotVisible("There is no such organisation.")
    form = CredentialForm(request.POST)
    if not form.is_valid():
        return _organisation_page(request, actor, row, form)
    try:
        issued = accounts.issue_credential(actor, row, form.cleaned_data["username"])
    except TiplineError as error:
        blame(form, error)
        return _organisation_page(request, actor, row, form)
    context = {
        "current": "organisations",
        "row": row,
        "issued": issued,
        "kept": _page_of(row),
    }
    return show(request, "staff/secret.html", context)


@staff_page(Permission.ACCOUNTS_MANAGE, methods=("POST",))
def revoke(request: HttpRequest, actor: Actor, credential_id: int) -> HttpResponse:
    """End a machine account at once; the undo lets the same secret in again."""
    row = credential_for(actor, credential_id)
    accounts.revoke_credential(actor, row)
    undo = reverse("staff:credential-restore", args=[row.pk])
    words = _("%s gets in no more.") % row.username
    return done(request, words, _page_of(row.organisation), undo)


@staff_page(Permission.ACCOUNTS_MANAGE, methods=("POST",))
def restore(request: HttpRequest, actor: Actor, credential_id: int) -> HttpResponse:
    """Let a machine account in again."""
    row = credential_for(actor, credential_id)
    accounts.restore_credential(actor, row)
    words = _("%s gets in again, with the secret it had.") % row.username
    return done(request, words, _page_of(row.organisation))


def _page_of(row: Organisation) -> str:
    return reverse("staff:organisation", args=[row.pk])


def _organisation_page(
    request: HttpRequest, actor: Actor, row: Organisation, form: CredentialForm
) -> HttpResponse:
    kind = OrganisationKind(row.kind)
    is_esp = kind is OrganisationKind.ESP
    context = {
        "current": "organisations",
        "row": row,
        "kind": KINDS[kind],
        "is_esp": is_esp,
        "has_profile": kind is not OrganisationKind.CLEARINGHOUSE,
        "credentials": credentials_for(actor).filter(organisation=row) if is_esp else (),
        "form": form,
    }
    return show(request, "staff/organisation.html", context, status=_status(form))


def _status(form: CredentialForm | OrganisationForm) -> int:
    return 422 if form.errors else 200
