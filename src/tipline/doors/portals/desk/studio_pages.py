"""The studio's page of one content, and what a person has chosen there and not kept yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from tipline.doors.portals.desk.forms_studio import said_in
from tipline.doors.portals.desk.shell import show
from tipline.doors.portals.desk.shown_look import break_context
from tipline.doors.portals.desk.shown_studio import shown_content
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor
from tipline.insight.review import queries
from tipline.insight.review.rules import Said
from tipline.record.reports.services import note_reading

if TYPE_CHECKING:
    from tipline.insight.review.models import Content

UNREADABLE = gettext_lazy("This form cannot be read. Try again.")
_DRAFT = "studio-draft"
_DAY = timedelta(days=1)


def standing_of(actor: Actor) -> queries.Standing:
    """What waits, and what this person did in the last 24 hours."""
    return queries.standing(actor, clock.now() - _DAY)


def to_content(row: Content, passes: Sequence[str] = ()) -> HttpResponse:
    """To the content's page, with the pictures that these passes are for."""
    query = f"?{urlencode({'preview': passes}, doseq=True)}#look" if passes else ""
    return HttpResponseRedirect(
        reverse("desk:studio-content", args=[row.sha256]) + query, status=303
    )


def content_answer(
    request: HttpRequest,
    actor: Actor,
    row: Content,
    draft: Said | None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The whole page. ``draft``: what is chosen; None: what holds. ``more``: a refusal."""
    one = shown_content(actor, row, draft, request.GET.getlist("preview"))
    if any(said.who != actor.name for said in one.statements):
        note_reading(actor, row.file.report)  # no blind look for whoever read what others said
    context = {
        "current": "studio",
        "one": one,
        "standing": standing_of(actor),
        **break_context(actor),
        **more,
    }
    return show(request, actor, "desk/studio.html", context, status=status)


def keep_draft(request: HttpRequest, row: Content) -> Said:
    """What is chosen on the page, so that no way back to it loses it."""
    said = said_in(request.POST)
    set_draft(request, row, said)
    return said


def set_draft(request: HttpRequest, row: Content, said: Said) -> None:
    """Have this marked when the person comes to the content's page."""
    request.session[_DRAFT] = [row.sha256, said.as_json()]


def draft_of(request: HttpRequest, row: Content) -> Said | None:
    """What was chosen there before; None when nothing was."""
    kept = request.session.get(_DRAFT)
    return Said.from_json(kept[1]) if kept and kept[0] == row.sha256 else None


def forget_draft(request: HttpRequest) -> None:
    """It was kept, or left."""
    request.session.pop(_DRAFT, None)
