"""Labels of files: of the content, of each child in it, and open classification; all undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms_labels import SeenForm, ValueForm
from tipline.doors.portals.desk.shell import Deed, show, wants_fragment
from tipline.doors.portals.desk.shown_labels import changes_words, label_words
from tipline.doors.portals.desk.shown_look import card_context
from tipline.doors.portals.desk.views_files import answered, file_for
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.insight.annotation import services, vocabulary
from tipline.insight.annotation.errors import ChangedMeanwhile
from tipline.insight.annotation.queries import events_after
from tipline.insight.annotation.values import set_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tipline.insight.annotation.models import LabelEvent
    from tipline.record.evidence.models import EvidenceFile

    Act = Callable[[int | None], Sequence[LabelEvent]]


@page(Permission.LABELS_WRITE, methods=("POST",))
def label(  # noqa: PLR0917 - what the address names
    request: HttpRequest,
    actor: Actor,
    number: int,
    file_id: str,
    code: str,
    child: int | None = None,
    *,
    deed: str,
) -> HttpResponse:
    """Set or withdraw one label on the file's bytes or a child in them, in every report."""
    file = file_for(actor, number, file_id)
    if code not in vocabulary.own().by_code:
        raise NotVisible("There is no such label.")
    said = _("Label set: %s.") if deed == "set" else _("Label withdrawn: %s.")

    def act(seen: int | None) -> Sequence[LabelEvent]:
        present = deed == "set"
        return services.set_label(actor, file, code, present=present, child=child, seen=seen)

    return _done(request, actor, file, act, said % label_words(code))


@page(Permission.LABELS_WRITE, methods=("POST",))
def child(
    request: HttpRequest, actor: Actor, number: int, file_id: str, child: int, *, deed: str
) -> HttpResponse:
    """Add a depicted child to what the file shows, or take it out with its labels."""
    file = file_for(actor, number, file_id)
    said = _("Child %d is added.") if deed == "add" else _("Child %d is taken out.")

    def act(seen: int | None) -> Sequence[LabelEvent]:
        if deed == "add":
            return services.add_child(actor, file, child, seen=seen)
        return services.remove_child(actor, file, child, seen=seen)

    return _done(request, actor, file, act, said % child)


@page(Permission.LABELS_WRITE, methods=("POST",))
def undo(request: HttpRequest, actor: Actor, number: int, file_id: str, act: str) -> HttpResponse:
    """Take back what this person did in one go."""
    file = file_for(actor, number, file_id)
    words = _("Taken back.")
    return _done(request, actor, file, lambda _seen: services.undo(actor, file, act), words)


def _done(
    request: HttpRequest, actor: Actor, file: EvidenceFile, act: Act, words: str
) -> HttpResponse:
    """Answer with the card; what others have changed meanwhile is said, or refuses the act."""
    form = SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else None
    try:
        events = act(seen)
    except ChangedMeanwhile as error:
        notice = _("Nothing was changed: somebody was faster. %s Look at it and say it again.")
        return _refused(request, actor, file, notice % changes_words(error.changes), 409)
    except (Invalid, Conflict) as error:
        return _refused(request, actor, file, error.message, 422)
    if seen and (others := events_after(file.sha256, seen, actor.person_key)):
        words = _("%(done)s Meanwhile: %(others)s") % {
            "done": words,
            "others": changes_words(others),
        }
    return answered(request, actor, file, Deed(words, _undo_url(file, events)))


def _undo_url(file: EvidenceFile, events: Sequence[LabelEvent]) -> str:
    if not events:
        return ""
    return reverse("desk:label-undo", args=[file.report_id, file.file_id, events[0].act])


def _refused(  # noqa: PLR0917 - the card again, with what is wrong
    request: HttpRequest,
    actor: Actor,
    file: EvidenceFile,
    notice: str,
    status: int,
    form: ValueForm | None = None,
) -> HttpResponse:
    context = card_context(actor, file, value_form=form, notice=notice)
    if wants_fragment(request):  # the page's script swaps a 422 and no other refusal
        return render(request, "desk/file.html", context, status=422)
    return show(request, actor, "desk/file_page.html", context, status=status)


@page(Permission.LABELS_WRITE, methods=("POST",))
def value(request: HttpRequest, actor: Actor, number: int, file_id: str) -> HttpResponse:
    """Write a value under a free key; an empty one withdraws it."""
    file = file_for(actor, number, file_id)
    form = ValueForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            changed = set_value(actor, file, said["block"], said["key"], said["value"])
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            words = _("Written: %s.") if changed else _("It stood there already: %s.")
            return answered(request, actor, file, Deed(words % said["key"]))
    return _refused(request, actor, file, "", 422, form)
