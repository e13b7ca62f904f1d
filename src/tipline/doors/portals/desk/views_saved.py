"""Saved views: keep a list under a name, share it with the house, rename or delete it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_queue import QueueForm, ViewForm
from tipline.doors.portals.desk.listing import described, filters_of, view_url
from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid, NotVisible
from tipline.insight.triage import saved_views
from tipline.insight.triage.saved_views import KeptView

_SALT = "tipline.desk.view"
#: An undo is for the next minutes, not for ever.
_SECONDS = 3600


@page(Permission.QUEUE_WORK, methods=("GET", "HEAD", "POST"))
def views_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own views and those of the house; a POST keeps the list that the form came from."""
    if request.method != "POST":
        return _shown(request, actor)
    form = ViewForm(request.POST)
    query = filters_of(request.POST)
    if form.is_valid() and QueueForm(query).is_valid():
        said = form.cleaned_data
        try:
            row = saved_views.save_view(
                actor, said["name"], query.urlencode(), shared=said["shared"]
            )
        except Invalid as error:
            add_refusal(form, error)
        else:
            words_of = _("View “%(name)s” is kept.") % {"name": row.name}
            undo = reverse("desk:view-delete", args=[row.pk])
            return done(request, Deed(words_of, undo), view_url(row.query))
    return _shown(request, actor, form, query, status=422)


def _shown(
    request: HttpRequest,
    actor: Actor,
    form: ViewForm | None = None,
    query: QueryDict | None = None,
    *,
    changing: int = 0,
    status: int = 200,
) -> HttpResponse:
    """``form``: one that was refused, for a new view or for the one that is changed."""
    kept = query if query is not None else filters_of(request.GET)
    rows = [
        _row(row, actor, form if row.pk == changing else None)
        for row in saved_views.views_for(actor)
    ]
    new_form = form if form is not None and not changing else ViewForm()
    context = {
        "current": "views",
        "mine": [row for row in rows if row["mine"]],
        "others": [row for row in rows if not row["mine"]],
        "count": len(rows),
        "noun": ngettext("view", "views", len(rows)),
        "form": form or new_form,
        "new_form": new_form,
        "filters": kept,
        "described": described(kept),
        "list_url": view_url(kept.urlencode()),
    }
    return show(request, actor, "desk/views.html", context, status=status)


def _row(row: Any, actor: Actor, refused: ViewForm | None) -> dict[str, Any]:
    said = {"name": row.name, "shared": row.shared}
    return {
        "view": row,
        "mine": row.person_id == actor.person_id,
        "url": view_url(row.query),
        "described": described(QueryDict(row.query)),
        "form": refused or ViewForm(initial=said, auto_id=f"id_view{row.pk}_%s"),
    }


@page(Permission.QUEUE_WORK, methods=("POST",))
def change(request: HttpRequest, actor: Actor, view_id: int) -> HttpResponse:
    """Another name, shared or not; only its owner may."""
    saved_views.view_of(actor, view_id)
    form = ViewForm(request.POST, auto_id=f"id_view{view_id}_%s")
    if form.is_valid():
        said = form.cleaned_data
        try:
            before = saved_views.change_view(actor, view_id, said["name"], shared=said["shared"])
        except Invalid as error:
            add_refusal(form, error)
        else:
            words_of = _("View “%(name)s” is changed.") % {"name": said["name"]}
            return done(request, Deed(words_of, _undo(actor, before)), reverse("desk:views"))
    return _shown(request, actor, form, changing=view_id, status=422)


@page(Permission.QUEUE_WORK, methods=("POST",))
def delete(request: HttpRequest, actor: Actor, view_id: int) -> HttpResponse:
    """Keep it no longer; the list itself is as it was."""
    before = saved_views.delete_view(actor, view_id)
    words_of = _("View “%(name)s” is deleted.") % {"name": before.name}
    return done(request, Deed(words_of, _undo(actor, before)), reverse("desk:views"))


def _undo(actor: Actor, view: KeptView) -> str:
    """Where a POST puts it back: signed, for this person."""
    said = signing.dumps([actor.person_key, asdict(view)], salt=_SALT)
    return f"{reverse('desk:view-put-back')}?{urlencode({'view': said})}"


@page(Permission.QUEUE_WORK, methods=("POST",))
def put_back(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Undo of a change or a deletion."""
    try:
        text = request.POST.get("view") or request.GET.get("view", "")
        person, said = signing.loads(text, salt=_SALT, max_age=_SECONDS)
        view = KeptView(**said)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotVisible("There is nothing to undo here any more.") from error
    if person != actor.person_id:
        raise NotVisible("There is nothing to undo here any more.")
    saved_views.put_back(actor, view)
    words_of = _("View “%(name)s” is again what it was.") % {"name": view.name}
    return done(request, Deed(words_of), reverse("desk:views"))
