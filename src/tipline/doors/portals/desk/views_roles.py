"""Values in two roles: what waits for a senior, and their answer."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms_links import ConflictForm
from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.desk.shown_roles import answer_words, shown_conflict, shown_conflicts
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, NotVisible
from tipline.insight.entities.roles import queries
from tipline.insight.entities.roles.services import answer_conflict

PER_PAGE = 25


@page(Permission.JUDGEMENTS_OVERSEE)
def roles_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits, the oldest first; with ``answered`` what was answered, the newest first."""
    answered = "answered" in request.GET
    rows = queries.conflicts_for(actor, answered=answered)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "current": "judgements",
        "answered": answered,
        "page": shown,
        "rows": shown_conflicts(actor, shown),
    }
    return show(request, actor, "desk/roles.html", context)


@page(Permission.JUDGEMENTS_OVERSEE, methods=("GET", "HEAD", "POST"))
def role_page(request: HttpRequest, actor: Actor, conflict_id: int) -> HttpResponse:
    """One value with the reports of both sides, and the answer of a senior."""
    if request.method != "POST":
        return _page(request, actor, conflict_id)
    form = ConflictForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, conflict_id, form, status=422)
    said = form.cleaned_data
    try:
        row = answer_conflict(actor, conflict_id, said["answer"], said["note"], seen=said["seen"])
    except Conflict as error:
        form.add_error(None, error.message)
        return _page(request, actor, conflict_id, form, status=409)
    words = _("Answered: %(said)s.") % {"said": answer_words(row.answer)}
    return done(request, Deed(words), reverse("desk:roles"))


def _page(
    request: HttpRequest,
    actor: Actor,
    conflict_id: int,
    form: ConflictForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    found = queries.told(queries.conflict_for(actor, conflict_id))
    if found is None:
        raise NotVisible("This value stands in two roles no longer.")
    shown = shown_conflict(actor, found)
    if form is None:
        form = ConflictForm(initial={"seen": shown.seen})
    else:  # whoever sends it again has seen how it stands now
        form.data = {**request.POST.dict(), "seen": shown.seen}
    context = {"current": "judgements", "one": shown, "form": form}
    return show(request, actor, "desk/role.html", context, status=status)
