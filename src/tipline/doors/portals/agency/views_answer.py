"""Answering a referral: one page of radio buttons, or one click."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tipline.delivery.cases import services as cases
from tipline.delivery.routing.queries import referral_for
from tipline.doors.portals.agency.forms_answer import SECTIONS, AnswerForm
from tipline.doors.portals.agency.shell import show
from tipline.doors.portals.agency.shown_work import answer_facts
from tipline.doors.portals.agency.views_report import answered
from tipline.doors.portals.desk.shell import Deed
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.ids import random_hex
from tipline.ground.taxonomy.outcomes import OutcomeStatus
from tipline.ground.taxonomy.words import label
from tipline.record.outcomes.queries import answers_for


@page(Permission.OUTCOMES_RECORD, methods=("GET", "HEAD", "POST"))
def answer(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The form, or what a button sent; a newer answer stands beside the older ones."""
    row = referral_for(actor, number)
    if request.method != "POST":
        return _page(request, actor, number, AnswerForm(initial={"token": random_hex()}))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, number, form, status=422)
    said = form.cleaned_data
    outcome = cases.answer(
        actor, row, form.answers(), release=said["release"], retry_key=said["token"]
    )
    words = _("Answered: %s.") % label(OutcomeStatus(outcome.status))
    return answered(request, actor, number, Deed(words))


def _page(
    request: HttpRequest, actor: Actor, number: int, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    earlier = answers_for(actor, [number]).get(number, ())
    context = {
        "number": number,
        "form": form,
        "sections": [(heading, [form[name] for name in names]) for heading, names in SECTIONS],
        "answers": answer_facts(earlier),
        "current": "morning",
    }
    return show(request, "agency/answer.html", context, status=status)
