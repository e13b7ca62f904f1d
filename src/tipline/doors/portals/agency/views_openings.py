"""What opens files to this agency: a warrant, a consent, an exigency, file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.delivery.routing.queries import referral_for
from tipline.doors.portals.agency.shell import done, show
from tipline.doors.portals.agency.views_report import try_or_say
from tipline.doors.portals.desk.forms import OpeningForm
from tipline.doors.portals.desk.shell import Deed
from tipline.doors.portals.desk.shown_files import name_of
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.record.evidence.queries import details_of, files_of
from tipline.record.evidence.services import OpeningTerms, end_opening, record_opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tipline.record.evidence.models import EvidenceFile


@page(Permission.EVIDENCE_RECORD_OPENING, methods=("GET", "HEAD", "POST"))
def opening(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The form that names the paper and the files; it opens them to this agency only."""
    row = referral_for(actor, number)
    files = files_of(number)
    details = details_of(files)
    choices = [
        (file.file_id, f"{name_of(file, details.get(file.pk, {}))} ({file.sha256[:12]})")
        for file in files
    ]
    form = OpeningForm(choices, request.POST or None)
    if request.method == "POST" and form.is_valid():
        named = [file for file in files if file.file_id in form.cleaned_data["named"]]
        if try_or_say(form, lambda: _record(actor, form, named)):
            words = _("Recorded. It opens the files that it names, to your agency.")
            return done(request, Deed(words), _back(number))
    context = {"row": row, "number": number, "form": form, "files": files, "current": "morning"}
    return show(request, "agency/opening.html", context, status=422 if form.errors else 200)


def _record(actor: Actor, form: OpeningForm, files: Sequence[EvidenceFile]) -> None:
    said = form.cleaned_data
    terms = OpeningTerms(
        kind=said["kind"],
        reference=said["reference"],
        issuer=said["issuer"],
        valid_from=said["valid_from"],
        valid_until=said["valid_until"],
        approved_by=said["approved_by"],
    )
    record_opening(actor, files, terms)


@page(Permission.EVIDENCE_RECORD_OPENING, methods=("POST",))
def end(request: HttpRequest, actor: Actor, number: int, opening_id: int) -> HttpResponse:
    """End an opening from now on; what was opened by it closes."""
    referral_for(actor, number)
    end_opening(actor, number, opening_id)
    return done(request, Deed(_("Ended. It opens nothing any more.")), _back(number))


def _back(number: int) -> str:
    return reverse("agency:report", args=[number]) + "#openings"
