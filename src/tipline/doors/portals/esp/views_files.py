"""A report by hand, steps 2 and 3: its files one by one, then finish or retract."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from tipline.doors.portals.esp.filing import as_warnings, read_details_again
from tipline.doors.portals.esp.forms_file import FileForm, said_before
from tipline.doors.portals.esp.receiver import Received, receive
from tipline.doors.portals.esp.shell import done, show
from tipline.doors.portals.esp.shown import shown_files
from tipline.doors.portals.esp.upload_token import make_token, one_time_key
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.record.evidence.queries import details_of, file_in, files_of
from tipline.record.intake import services as intake
from tipline.record.reports.errors import AlreadyFinished, AlreadyRetracted, NoSuchReport
from tipline.record.reports.queries import report_for
from tipline.record.reports.rules import State

if TYPE_CHECKING:
    from tipline.record.evidence.models import EvidenceFile
    from tipline.record.reports.models import Report


@contextmanager
def _while_open() -> Iterator[None]:
    """Say in this desk's words that a report has moved on meanwhile."""
    try:
        yield
    except (AlreadyFinished, AlreadyRetracted, NoSuchReport) as error:
        raise Conflict(_("This report is no longer open; nothing was changed.")) from error


def _is_open(row: Report) -> bool:
    return row.state == State.OPEN.value


@page(Permission.REPORTS_READ_OWN)
def files(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The files so far, one more, and the end; a report that is not open has its own page."""
    row = report_for(actor, number)
    return _files(request, actor, row) if _is_open(row) else redirect("esp:report", number)


def _files(
    request: HttpRequest, actor: Actor, row: Report, error: str = "", status: int = 200
) -> HttpResponse:
    found = files_of(row.pk)
    context = {
        "report": row,
        "files": shown_files(found),
        "progress": _progress(found),
        "upload_url": reverse("esp:upload", args=[row.pk, make_token(request, actor, row.pk)]),
        "error": error,
        "current": "new",
    }
    return show(request, "esp/files.html", context, status=status)


def _progress(found: list[EvidenceFile]) -> str:
    count = len(found)
    said = ngettext("%d file", "%d files", count) % count
    size = filesizeformat(sum(file.size for file in found))
    return _("%(files)s, %(size)s in all") % {"files": said, "size": size}


@csrf_exempt  # the token in the address is checked instead: see upload_token
@page(Permission.REPORTS_READ_OWN, methods=("POST",))
def upload(request: HttpRequest, actor: Actor, number: int, token: str) -> HttpResponse:
    """One file, streamed into the vault; then what is to be said of it."""
    row = report_for(actor, number)
    key = one_time_key(request, actor, number, token)
    if not _is_open(row):
        raise Conflict(_("This report is no longer open; nothing was changed."))
    try:
        file = _take_in(actor, row, receive(request), key)
    except Invalid as error:
        return _files(request, actor, row, error.message, 422)
    words = _("%(name)s is safe: %(size)s, MD5 %(md5)s. %(progress)s.") % {
        "name": file.name,
        "size": filesizeformat(file.size),
        "md5": file.md5,
        "progress": _progress(files_of(number)),
    }
    return done(request, words, reverse("esp:file", args=[number, file.file_id]))


def _take_in(actor: Actor, row: Report, received: Received, key: str) -> EvidenceFile:
    incoming, deposited = received
    with _while_open():
        try:
            return intake.receive_file(actor, row, incoming, deposited, key)
        except Conflict as error:
            raise Invalid(
                _("This form took another file before. Choose the file again.")
            ) from error


@page(Permission.REPORTS_READ_OWN, methods=("GET", "HEAD", "POST"))
def file_details(request: HttpRequest, actor: Actor, number: int, file_id: str) -> HttpResponse:
    """What the ESP says of one file."""
    row = report_for(actor, number)
    file = file_in(number, file_id)
    if file is None:
        raise NotVisible("There is no such file.")
    if not _is_open(row):
        return redirect("esp:report", number)
    before = details_of([file]).get(file.pk, {})
    if request.method != "POST":
        form = FileForm(initial=said_before(before, file.name))
        return _details_page(request, row, file, form)
    form = FileForm(request.POST)
    if not form.is_valid() or not _kept(actor, row, file, form):
        return _details_page(request, row, file, form, status=422)
    words = _("Kept what you say of %s.") % (file.name or file.file_id)
    return done(request, words, reverse("esp:files", args=[number]))


def _kept(actor: Actor, row: Report, file: EvidenceFile, form: FileForm) -> bool:
    before = details_of([file]).get(file.pk, {})
    reading = read_details_again(form.document(row.pk, file.file_id, before))
    for problem in reading.problems:
        form.add_error(None, f"{problem.message} {problem.fix}".strip())
    if reading.accepted:
        with _while_open():
            warnings = as_warnings(reading.warnings)
            intake.file_details(actor, row, file.file_id, reading.document, warnings)
    return reading.accepted


def _details_page(
    request: HttpRequest, row: Report, file: EvidenceFile, form: FileForm, *, status: int = 200
) -> HttpResponse:
    context = {"report": row, "file": file, "form": form, "current": "new"}
    return show(request, "esp/file.html", context, status=status)


@page(Permission.REPORTS_READ_OWN, methods=("POST",))
def finish(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """File the report: from now on nobody can change it."""
    row = report_for(actor, number)
    with _while_open():
        count = len(intake.finish(actor, row))
    said = ngettext("%d file", "%d files", count) % count
    words = _("Report %(number)s is filed, with %(files)s.") % {"number": number, "files": said}
    return done(request, words, reverse("esp:report", args=[number]))


@page(Permission.REPORTS_READ_OWN, methods=("POST",))
def retract(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Cancel the report: what was sent of it is destroyed."""
    row = report_for(actor, number)
    with _while_open():
        intake.retract(actor, row)
    words = _("Report %d is retracted; what you sent of it is destroyed.") % number
    return done(request, words, reverse("esp:report", args=[number]))
