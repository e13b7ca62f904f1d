"""Practice: the studio's keys and its way of looking, on generated shapes. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

from tipline.doors.portals.desk.forms_care import PracticeForm, RevealPictureForm
from tipline.doors.portals.desk.shell import show
from tipline.doors.portals.desk.shown_practice import choices, legend, marked, picture
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.annotation import vocabulary
from tipline.insight.care.reasons import REVEAL_REASONS
from tipline.insight.care.rules_practice import MOST_EXERCISES, exercise, feedback

if TYPE_CHECKING:
    from django.http import QueryDict


@page(Permission.LABELS_WRITE, methods=("GET", "HEAD", "POST"))
def practice_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One picture: veiled, revealed for a reason as a real one is, or with what was right."""
    number = PracticeForm.number_in(request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return _shown(request, actor, number)
    if "reveal" in request.POST:
        return _reveal(request, actor, number)
    given = _said(request.POST)
    return _shown(request, actor, number, given=given, revealed=True, checked=True)


def _reveal(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    form = RevealPictureForm((), request.POST)
    if form.is_valid():
        return _shown(request, actor, number, given=_said(request.POST), revealed=True)
    return _shown(request, actor, number, given=_said(request.POST), form=form, status=422)


def _said(data: QueryDict) -> list[str]:
    """The labels that are chosen, in whatever field; what is no label of ours is nothing."""
    known = vocabulary.own().by_code
    groups = [f"label-{group}" for group in vocabulary.own().groups]
    chosen = [*data.getlist("label"), *(data.get(name, "") for name in groups)]
    return [code for code in chosen if code in known]


def _shown(
    request: HttpRequest,
    actor: Actor,
    number: int,
    *,
    given: Sequence[str] = (),
    revealed: bool = False,
    checked: bool = False,
    form: RevealPictureForm | None = None,
    status: int = 200,
) -> HttpResponse:
    one = exercise(number)
    context = {
        "current": "studio",
        "number": number,
        "next": number % MOST_EXERCISES + 1,
        "picture": picture(one, revealed=revealed),
        "revealed": revealed,
        "legend": legend(),
        "groups": choices(given),
        "marked": marked(feedback(one, given)) if checked else None,
        "reasons": tuple(REVEAL_REASONS.items()),
        "reveal_form": form,
    }
    return show(request, actor, "desk/practice.html", context, status=status)
