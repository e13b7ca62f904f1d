"""What opens files: a warrant, a consent, an exigency, file by file, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_papers import MoveForm, OpeningForm
from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.desk.shown_files import name_of
from tipline.doors.portals.desk.shown_papers import RECORDED, paper_context
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.record.evidence.papers.queries import paper_for, standing_now
from tipline.record.evidence.papers.services import move_opening, named_files, record_opening
from tipline.record.evidence.queries import details_of, files_of
from tipline.record.reports.queries import report_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tipline.record.evidence.models import EvidenceFile, Opening


@page(Permission.EVIDENCE_RECORD_OPENING, methods=("GET", "HEAD", "POST"))
def opening(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The form that names the paper and the files; opens them to our organisation only."""
    report = report_for(actor, number)
    files = files_of(number)
    form = OpeningForm(choices(files), request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: recorded(actor, form, files))
        if made is not None:
            return done(request, Deed(str(RECORDED[standing_now(made)])), _back(number))
    context = {"report": report, "form": form, "files": files}
    status = 422 if form.errors else 200
    return show(request, actor, "desk/opening.html", context, status=status)


@page(Permission.EVIDENCE_RECORD_OPENING, methods=("GET", "HEAD", "POST"))
def paper(request: HttpRequest, actor: Actor, number: int, opening_id: int) -> HttpResponse:
    """One paper of the house: what became of it, and the form that says what has now."""
    report_for(actor, number)
    found = paper_for(actor, number, opening_id)
    form = MoveForm(found, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made = tried(form, lambda: move_opening(actor, number, opening_id, form.move()))
        if made is not None:
            return done(request, Deed(str(RECORDED[standing_now(made)])), _back(number))
    context = paper_context(found, form, reverse("desk:report", args=[number]))
    status = 422 if form.errors else 200
    return show(request, actor, "desk/paper.html", context, status=status)


def choices(files: Sequence[EvidenceFile]) -> list[tuple[str, str]]:
    """The files of a report as a form names them."""
    details = details_of(files)
    return [
        (file.file_id, f"{name_of(file, details.get(file.pk, {}))} ({file.sha256[:12]})")
        for file in files
    ]


def recorded(actor: Actor, form: OpeningForm, files: Sequence[EvidenceFile]) -> Opening:
    """The paper of a valid form, over those of the files that it names."""
    return record_opening(actor, named_files(files, form.cleaned_data["named"]), form.terms())


def tried(form: OpeningForm | MoveForm, act: Callable[[], Opening]) -> Opening | None:
    """What the act made; None when it was refused, which then stands beside its field."""
    try:
        return act()
    except Invalid as error:
        add_refusal(form, error)
        return None


def _back(number: int) -> str:
    return reverse("desk:report", args=[number]) + "#openings"
