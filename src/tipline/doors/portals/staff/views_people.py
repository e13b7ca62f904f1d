"""People: who may sign in, and for which organisation."""

from __future__ import annotations

import secrets

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tipline.doors.portals.staff.forms import PersonForm
from tipline.doors.portals.staff.shell import blame, done, show, staff_page
from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.queries import organisations_for, people_for, person_for
from tipline.ground.accounts.roles import Role
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import TiplineError

PER_PAGE = 100
PASSWORD_BYTES = 15


class SearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)


@staff_page(Permission.ACCOUNTS_MANAGE)
def people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody, by user name; or those whose name holds what is searched."""
    form = SearchForm(request.GET)
    rows = people_for(actor)
    if form.is_valid() and (text := form.cleaned_data["q"]):
        rows = rows.filter(Q(username__icontains=text) | Q(name__icontains=text))
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    count = shown.paginator.count
    context = {
        "current": "people",
        "page": shown,
        "rows": [(row, Role(row.role).label, row.pk == actor.person_id) for row in shown],
        "count": count,
        "noun": ngettext("person", "people", count),
        "filter_form": form,
    }
    return show(request, "staff/people.html", context, status=422 if form.errors else 200)


@staff_page(Permission.ACCOUNTS_MANAGE, methods=("GET", "HEAD", "POST"))
def add(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new person. The answer is the only page that ever shows the first password."""
    homes = {row.pk: row for row in organisations_for(actor)}
    form = PersonForm(list(homes.values()), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        try:
            person = accounts.add_person(
                actor,
                username=said["username"],
                name=said["name"],
                role=Role(said["role"]),
                organisation=homes[said["organisation"]],
                password=password,
            )
        except TiplineError as error:
            blame(form, error)
        else:
            context = {"current": "people", "person": person, "password": password}
            return show(request, "staff/password.html", context)
    context = {"current": "people", "form": form}
    return show(request, "staff/person_add.html", context, status=422 if form.errors else 200)


@staff_page(Permission.ACCOUNTS_MANAGE, methods=("POST",))
def suspend(request: HttpRequest, actor: Actor, person_id: int) -> HttpResponse:
    """Nothing is allowed to this person from the next click on."""
    person = person_for(actor, person_id)
    accounts.suspend_person(actor, person)
    undo = reverse("staff:person-reinstate", args=[person.pk])
    return done(request, _("%s is suspended.") % person.name, reverse("staff:people"), undo)


@staff_page(Permission.ACCOUNTS_MANAGE, methods=("POST",))
def reinstate(request: HttpRequest, actor: Actor, person_id: int) -> HttpResponse:
    """The person may work again."""
    person = person_for(actor, person_id)
    accounts.reinstate_person(actor, person)
    return done(request, _("%s may work again.") % person.name, reverse("staff:people"))
