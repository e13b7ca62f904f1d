"""Recording what opens files: a warrant, a consent, an exigency, file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms import OpeningForm, add_refusal
from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.desk.shown_files import name_of
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.record.evidence.queries import details_of, files_of
from tipline.record.evidence.services import OpeningTerms, record_opening
from tipline.record.reports.queries import report_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tipline.record.evidence.models import EvidenceFile


@page(Permission.EVIDENCE_RECORD_OPENING, methods=("GET", "HEAD", "POST"))
def opening(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The form that names the paper and the files; opens them to our organisation only."""
    report = report_for(actor, number)
    files = files_of(number)
    details = details_of(files)
    choices = [
        (file.file_id, f"{name_of(file, details.get(file.pk, {}))} ({file.sha256[:12]})")
        for file in files
    ]
    form = OpeningForm(choices, request.POST or None)
    if request.method == "POST" and form.is_valid() and _recorded(actor, form, files):
        back = reverse("desk:report", args=[number]) + "#openings"
        return done(request, Deed(_("Recorded. The gate reads it from now on.")), back)
    context = {"report": report, "form": form, "files": files}
    status = 422 if form.errors else 200
    return show(request, actor, "desk/opening.html", context, status=status)


def _recorded(actor: Actor, form: OpeningForm, files: Sequence[EvidenceFile]) -> bool:
    said = form.cleaned_data
    terms = OpeningTerms(
        kind=said["kind"],
        reference=said["reference"],
        issuer=said["issuer"],
        valid_from=said["valid_from"],
        valid_until=said["valid_until"],
        approved_by=said["approved_by"],
    )
    named = [file for file in files if file.file_id in said["named"]]
    try:
        record_opening(actor, named, terms)
    except Invalid as error:
        add_refusal(form, error)
        return False
    return True
