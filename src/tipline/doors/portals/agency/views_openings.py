"""What opens files to this agency: a warrant, a consent, an exigency, file by file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.delivery.routing.queries import referral_for
from tipline.doors.portals.agency.shell import done, show
from tipline.doors.portals.desk.forms_papers import MoveForm, OpeningForm
from tipline.doors.portals.desk.shell import Deed
from tipline.doors.portals.desk.shown_papers import RECORDED, paper_context
from tipline.doors.portals.desk.views_openings import choices, recorded, tried
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.record.evidence.papers.queries import paper_for, standing_now
from tipline.record.evidence.papers.services import end_opening, move_opening
from tipline.record.evidence.queries import files_of


@page(Permission.EVIDENCE_RECORD_OPENING, methods=("GET", "HEAD", "POST"))
def opening(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The form that names the paper and the files; it opens them to this agency only."""
    row = referral_for(actor, number)
    files = files_of(number)
    form = OpeningForm(choices(files), request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: recorded(actor, form, files))
        if made is not None:
            return done(request, Deed(str(RECORDED[standing_now(made)])), _back(number))
    context = {"row": row, "number": number, "form": form, "files": files, "current": "morning"}
    return show(request, "agency/opening.html", context, status=422 if form.errors else 200)


@page(Permission.EVIDENCE_RECORD_OPENING, methods=("GET", "HEAD", "POST"))
def paper(request: HttpRequest, actor: Actor, number: int, opening_id: int) -> HttpResponse:
    """One paper of this agency: what became of it, and the form that says what has now."""
    referral_for(actor, number)
    found = paper_for(actor, number, opening_id)
    form = MoveForm(found, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made = tried(form, lambda: move_opening(actor, number, opening_id, form.move()))
        if made is not None:
            return done(request, Deed(str(RECORDED[standing_now(made)])), _back(number))
    context = paper_context(found, form, reverse("agency:report", args=[number]))
    status = 422 if form.errors else 200
    return show(request, "agency/paper.html", {**context, "current": "morning"}, status=status)


@page(Permission.EVIDENCE_RECORD_OPENING, methods=("POST",))
def end(request: HttpRequest, actor: Actor, number: int, opening_id: int) -> HttpResponse:
    """End an opening from now on; what was opened by it closes."""
    referral_for(actor, number)
    end_opening(actor, number, opening_id)
    return done(request, Deed(_("Ended. It opens nothing any more.")), _back(number))


def _back(number: int) -> str:
    return reverse("agency:report", args=[number]) + "#openings"
