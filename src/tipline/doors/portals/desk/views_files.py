"""Files: the card that an act answers with, and where else the same bytes stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.desk.shown_listed import agreed_words, may_see_votes
from tipline.doors.portals.desk.shown_look import card_context
from tipline.doors.portals.frame import page
from tipline.doors.portals.look.parts import Fact
from tipline.ground.accounts.queries import names_of
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.reasons import Source
from tipline.insight.annotation.queries import agreeing_on
from tipline.insight.lists.own import OWN
from tipline.record.evidence.queries import copies_for, file_in
from tipline.record.reports.queries import report_for

if TYPE_CHECKING:
    from tipline.record.evidence.models import EvidenceFile

PER_PAGE = 50


def file_for(actor: Actor, number: int, file_id: str) -> EvidenceFile:
    """A file of a report that the actor may see. Raises NotVisible."""
    report_for(actor, number)
    file = file_in(number, file_id)
    if file is None:
        raise NotVisible("There is no such file.")
    return file


def answered(request: HttpRequest, actor: Actor, file: EvidenceFile, deed: Deed) -> HttpResponse:
    """The file's card again, or back to it on the report's page."""
    back = f"{reverse('desk:report', args=[file.report_id])}#file-{file.file_id}"
    return done(request, deed, back, lambda: ("desk/file.html", card_context(actor, file)))


@page(Permission.QUEUE_WORK)
def copies(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """The reports that have the very same bytes."""
    shown = Paginator(copies_for(actor, sha256), PER_PAGE).get_page(request.GET.get("page"))
    if not shown.paginator.count:
        raise NotVisible("There is no such file.")
    count = shown.paginator.count
    context = {
        "facts": (Fact("SHA-256", sha256, Source.SYSTEM), *_listed_facts(actor, sha256)),
        "page": shown,
        "count": count,
        "noun": ngettext("file with these bytes", "files with these bytes", count),
    }
    return show(request, actor, "desk/copies.html", context)


def _listed_facts(actor: Actor, sha256: str) -> tuple[Fact, ...]:
    """Who stands behind a label that feeds a list of ours, for those who may see the votes."""
    agreed = {one: agreeing_on([sha256], one.label).get(sha256, ()) for one in OWN}
    names = names_of({person for people in agreed.values() for person in people})
    return tuple(
        Fact(
            _("List: %s") % one.words,
            agreed_words(one.label, len(people)),
            Source.ANALYST,
            ", ".join(names[person] for person in people),
        )
        for one, people in agreed.items()
        if people and may_see_votes(actor, people)
    )
