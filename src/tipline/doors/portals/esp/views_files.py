"""A report by hand, steps 2 and 3: its files one by one, then finish or retract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from tipline.doors.portals.esp.filing import as_warnings, read_details_again
from tipline.doors.portals.esp.forms_file import FileForm, said_before
from tipline.doors.portals.esp.receiver import receive
from tipline.doors.portals.esp.shell import done, show
from tipline.doors.portals.esp.shown import shown_files
from tipline.doors.portals.esp.upload_token import make_token, one_time_key
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible, TiplineError
from tipline.record.evidence import vault
from tipline.record.evidence.queries import details_of, file_in, files_of
from tipline.record.intake import services as intake
from tipline.record.reports.errors import AlreadyFinished, AlreadyRetracted, NoSuchReport
from tipline.record.reports.queries import report_for
from tipline.record.reports.rules import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from tipline.record.evidence.models import EvidenceFile
    from tipline.record.reports.models import Report


def _open_report(actor: Actor, number: int) -> Report:
    """The actor's own report, while it can still be changed."""
    row = report_for(actor, number)
    if row.state != State.OPEN.value:
        raise Conflict(_("This report is no longer open; nothing was changed."))
    return row


def _or_conflict[T](change: Callable[[], T]) -> T:
    return change()


@page(Permission.REPORTS_READ_OWN)
def files(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The files so far, one more, and the end."""
    return _files(request, actor, _open_report(actor, number))


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
    return _("%(files)s, %(size)s in all") % {
        "files": said,
        "size": filesizeformat(sum(file.size for file in found)),
    }
