"""A list as a file: taken in with all that is wrong with it, and written out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_lists import ImportForm
from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.desk.shown_listed import list_name
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.insight.lists.files import services
from tipline.insight.lists.files.services import Checked, Wanted, WrongFile
from tipline.insight.lists.queries import list_for

_TYPES = {"vics": "application/json", "csv": "text/csv; charset=utf-8"}
_ENDINGS = {"vics": "vics.json", "csv": "csv"}


@page(Permission.LISTS_MANAGE, methods=("GET", "HEAD", "POST"))
def import_page(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """``Check it`` tells what is wrong and writes nothing; ``Import`` takes all or nothing."""
    hash_list = list_for(actor, slug)
    sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if sent else ImportForm()
    checked: Checked | None = None
    if sent and form.is_valid():
        wanted = _wanted(form)
        opener = _opener(form.cleaned_data["file"])
        try:
            if "check" in request.POST:
                checked = services.check_file(opener, wanted)
            else:
                _found, written = services.import_file(actor, hash_list, opener, wanted)
                words = _imported(written.made, written.changed, written.removed, written.same)
                return done(request, Deed(words), reverse("desk:list", args=[slug]))
        except WrongFile as error:
            checked = error.checked
            form.add_error("file", _("Nothing was taken: see below what is wrong."))
        except Invalid as error:
            add_refusal(form, error)
    context: dict[str, Any] = {
        "current": "lists",
        "list": hash_list,
        "name": list_name(hash_list),
        "form": form,
        "checked": checked,
        "checked_words": _checked(checked) if checked else "",
    }
    status = 422 if form.errors else 200
    return show(request, actor, "desk/list_import.html", context, status=status)


def _wanted(form: ImportForm) -> Wanted:
    said = form.cleaned_data
    return Wanted(form.form_of_file(), remove=said["remove"], skip_wrong=said["skip_wrong"])


def _opener(file: UploadedFile[Any]) -> services.Opener:
    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        assert isinstance(file.file, io.BytesIO)  # small files stay in memory
        file.file.seek(0)
        yield file.file

    return opened


def _imported(made: int, changed: int, removed: int, same: int) -> str:
    return _(
        "Imported: %(made)d new, %(changed)d changed, %(removed)d taken off, %(same)d as before."
    ) % {"made": made, "changed": changed, "removed": removed, "same": same}


def _checked(checked: Checked) -> str:
    entries = ngettext("%d entry", "%d entries", checked.rows) % checked.rows
    if not checked.wrong:
        return _("%s, and nothing wrong with any. Choose the file again to import it.") % entries
    wrong = ngettext("%d is wrong", "%d are wrong", checked.wrong) % checked.wrong
    return f"{entries}, {wrong}."


@page(Permission.LISTS_MANAGE)
def export(
    request: HttpRequest,  # noqa: ARG001 - a view's signature
    actor: Actor,
    slug: str,
    *,
    form: str,
) -> HttpResponse:
    """The live entries as a file; the ledger says who took it."""
    hash_list = list_for(actor, slug)
    pieces = services.export(actor, hash_list, form)
    response = StreamingHttpResponse(pieces, content_type=_TYPES[form])
    name = f"{hash_list.slug}.{_ENDINGS[form]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    # The frame's views answer HttpResponse; a stream is its sibling, and nothing here differs.
    return cast("HttpResponse", response)
