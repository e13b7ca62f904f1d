"""Files: previews behind the gate, and where else the same bytes stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.forms import PreviewForm
from tipline.doors.portals.desk.passes import picture_of
from tipline.doors.portals.desk.shell import Deed, done, show, wants_fragment
from tipline.doors.portals.desk.shown_document import Walk
from tipline.doors.portals.desk.shown_files import decision_for, shown_files
from tipline.doors.portals.desk.shown_listed import agreed_words, may_see_votes
from tipline.doors.portals.desk.shown_reasons import sentences
from tipline.doors.portals.frame import page
from tipline.doors.portals.look.parts import Fact
from tipline.ground.accounts.queries import names_of
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotAllowed, NotVisible
from tipline.ground.foundation.reasons import Source, words
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.annotation.queries import agreeing_on
from tipline.insight.lists.own import OWN
from tipline.insight.matching.pictures import Preview, Unreadable
from tipline.insight.matching.services import picture_child
from tipline.record.evidence import vault
from tipline.record.evidence.passes import make_pass
from tipline.record.evidence.queries import copies_for, file_in
from tipline.record.evidence.rules_passes import Kind
from tipline.record.evidence.services import note_preview
from tipline.record.reports.queries import report_for

if TYPE_CHECKING:
    from tipline.record.evidence.gate import GateDecision
    from tipline.record.evidence.models import EvidenceFile

PER_PAGE = 50


def file_for(actor: Actor, number: int, file_id: str) -> EvidenceFile:
    """A file of a report that the actor may see."""
    report_for(actor, number)
    file = file_in(number, file_id)
    if file is None:
        raise NotVisible("There is no such file.")
    return file


def answered(
    request: HttpRequest, actor: Actor, file: EvidenceFile, deed: Deed, passed: str = ""
) -> HttpResponse:
    """The file's card again, or back to it on the report's page."""
    number, file_id = file.report_id, file.file_id

    def card() -> tuple[str, dict[str, object]]:
        pictures = {file_id: picture_of(passed)} if passed else {}
        shown = shown_files(actor, [file], pictures, Walk())
        return "desk/file.html", {"file": shown[0], "preview_form": PreviewForm()}

    query = f"?preview={passed}" if passed else ""
    back = f"{reverse('desk:report', args=[number])}{query}#file-{file_id}"
    return done(request, deed, back, card)


@page(Permission.EVIDENCE_OPEN, methods=("POST",))
def preview(request: HttpRequest, actor: Actor, number: int, file_id: str) -> HttpResponse:
    """Ask for a preview with a reason: the answer shows it, from the evidence origin."""
    file = file_for(actor, number, file_id)
    decision = _stop_at_the_gate(actor, file)
    return _ask(request, actor, file, decision)


def _stop_at_the_gate(actor: Actor, file: EvidenceFile) -> GateDecision:
    """Refuse what the gate does not open now, saying the rule; the refusal is on the ledger."""
    decision = decision_for(actor, file)
    if decision.open and file.destroyed_at is None:
        return decision
    blocked = f"rule {decision.rule}"
    note_preview(actor, file, Verb.FILE_BLOCKED, decision=decision, purpose=blocked)
    raise NotAllowed(
        _("This file is closed by rule %(rule)s (%(policy)s). %(why)s")
        % {
            "rule": decision.rule,
            "policy": decision.policy,
            "why": sentences(decision.reasons),
        }
    )


def _ask(
    request: HttpRequest, actor: Actor, file: EvidenceFile, decision: GateDecision
) -> HttpResponse:
    form = PreviewForm(request.POST)
    if form.is_valid() and isinstance(made := _made(file), Unreadable):
        form.add_error(None, _("No preview can be made of this. %s") % words(made.as_reason()))
    if not form.is_valid():
        return _ask_again(request, actor, file, form)
    reason = form.cleaned_data["reason"]
    with write_tx():
        note_preview(actor, file, Verb.FILE_PREVIEWED, decision=decision, purpose=reason)
        passed = make_pass(actor, file, Kind.PREVIEW)
    deed = Deed(_("A small grey preview is shown; this look is on the ledger."))
    return answered(request, actor, file, deed, passed)


def _ask_again(
    request: HttpRequest, actor: Actor, file: EvidenceFile, form: PreviewForm
) -> HttpResponse:
    context = {
        "file": shown_files(actor, [file], {}, Walk())[0],
        "preview_form": form,
        "now": clock.now(),
    }
    if wants_fragment(request):
        return render(request, "desk/file.html", context, status=422)
    return show(request, actor, "desk/file_page.html", context, status=422)


def _made(file: EvidenceFile) -> Preview | Unreadable:
    """A small, grey, blurred picture made anew by the confined child; never kept."""
    return picture_child().preview(vault.read(file), file.size)


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
