"""Judging a report: urgency, disposition, level; the second person; taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_judge import JudgeForm, WhyForm, judge_form
from tipline.doors.portals.desk.shell import Deed, back_to, done, show, wants_fragment
from tipline.doors.portals.desk.shown_judgements import (
    judge_context,
    verdict_words,
    waiting_ones,
)
from tipline.doors.portals.desk.shown_report import blind_to, side, summarised
from tipline.doors.portals.desk.shown_seconds import other_waits
from tipline.doors.portals.desk.views_report import report_again
from tipline.doors.portals.frame import page
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.insight.triage.judgements import services
from tipline.insight.triage.judgements.queries import waiting_for
from tipline.insight.triage.queue import entry_of
from tipline.record.reports.queries import report_for

if TYPE_CHECKING:
    from tipline.doors.portals.desk.shell import Fragment
    from tipline.insight.triage.models import Judgement
    from tipline.record.reports.models import Report

PER_PAGE = 50


@page(Permission.DISPOSITION_OVERRIDE, methods=("POST",))
def make(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One person's word, in force at once; a refutation may wait for a second person."""
    report = report_for(actor, number)
    form = judge_form(report, judge_context(actor, number), request.POST)
    try:
        if not form.is_valid():
            return _judge_again(request, actor, report, form, 422)
        row = services.judge(actor, report, form.said())
    except Invalid as error:
        field = "verdict" if error.field == "answer" else error.field
        add_refusal(form, Invalid(error.message, field=field))
        return _judge_again(request, actor, report, form, 422)
    except Conflict as error:
        form.add_error(None, error.message)
        return _judge_again(request, actor, report, form, 409)
    undo = reverse("desk:judgement-withdraw", args=[number, row.pk])
    return done(request, Deed(_judged(row), undo), _panel(number), _changed(actor, report))


def _judged(row: Judgement) -> str:
    said = verdict_words(row.question, row.answer)
    if row.needs_second and row.seconded_at is None:
        return _("%(said)s: waits for a second person.") % {"said": said}
    return _("Judged: %(said)s.") % {"said": said}


def _panel(number: int) -> str:
    return reverse("desk:report", args=[number]) + "#judge"


def _judge_again(
    request: HttpRequest, actor: Actor, report: Report, form: JudgeForm, status: int
) -> HttpResponse:
    """The form with what is wrong, over the report as it stands now."""
    context = judge_context(actor, report.pk)
    # Whoever sends it again has seen how it stands now.
    form.data = {**request.POST.dict(), "seen": context["seen"]}
    shown = {**context, "judge_form": form}
    if not wants_fragment(request):
        return report_again(request, actor, report, shown, status=status)
    more = {"report": report, "now": clock.now(), **shown}
    return render(request, "desk/report_judge.html", more, status=422)  # htmx shows no other


def _changed(actor: Actor, report: Report) -> Fragment:
    """The panel, and with it the head and the scores: all may have moved."""

    def parts() -> tuple[str, dict[str, Any]]:
        context = judge_context(actor, report.pk)
        return "desk/judge_answer.html", {
            "report": report,
            **summarised(report, entry_of(report.pk), actor, clock.now()),
            **context,
            "judge_form": judge_form(report, context),
            **side(report.pk, blind=blind_to(actor, report.pk)),
        }

    return parts


@page(Permission.DISPOSITION_OVERRIDE, methods=("POST",))
def second(request: HttpRequest, actor: Actor, number: int, judgement_id: int) -> HttpResponse:
    report = report_for(actor, number)
    row = services.second(actor, report, judgement_id)
    words = _("You agreed: %(said)s.") % {"said": verdict_words(row.question, row.answer)}
    return _answered(request, actor, report, words)


@page(Permission.DISPOSITION_OVERRIDE, methods=("POST",))
def decline(request: HttpRequest, actor: Actor, number: int, judgement_id: int) -> HttpResponse:
    report = report_for(actor, number)
    why = _why(request)
    try:
        services.decline(actor, report, judgement_id, why)
    except Invalid as error:
        return _why_again(request, actor, report, judgement_id, error)
    return _answered(request, actor, report, _("You did not agree: the report stays urgent."))


@page(Permission.DISPOSITION_OVERRIDE, methods=("POST",))
def withdraw(request: HttpRequest, actor: Actor, number: int, judgement_id: int) -> HttpResponse:
    report = report_for(actor, number)
    try:
        row = services.withdraw(actor, report, judgement_id, _why(request))
    except Invalid as error:
        return _why_again(request, actor, report, judgement_id, error)
    words = _("Taken back: %(said)s.") % {"said": verdict_words(row.question, row.answer)}
    return _answered(request, actor, report, words)


def _why(request: HttpRequest) -> str:
    """The reason as typed; one that is too long goes on, for the service to refuse."""
    return str(request.POST.get("why", ""))


def _why_again(
    request: HttpRequest, actor: Actor, report: Report, judgement_id: int, error: Invalid
) -> HttpResponse:
    """The panel with the reason that is missing asked for, whatever page it came from."""
    form = WhyForm({"why": _why(request)})
    form.full_clean()
    form.add_error("why", error.message)
    context = judge_context(actor, report.pk)
    shown = {
        **context,
        "judge_form": judge_form(report, context),
        "why_form": form,
        "why_of": judgement_id,
    }
    if not wants_fragment(request) or "list" in request.POST:
        return report_again(request, actor, report, shown, status=422)
    more = {"report": report, "now": clock.now(), **shown}
    return render(request, "desk/report_judge.html", more, status=422)


def _answered(request: HttpRequest, actor: Actor, report: Report, words: str) -> HttpResponse:
    """To the list of what waits when it came from there, else to the report's panel."""
    if "list" in request.POST:
        return done(request, Deed(words), back_to(request, reverse("desk:judgements")))
    return done(request, Deed(words), _panel(report.pk), _changed(actor, report))


@page(Permission.DISPOSITION_OVERRIDE)
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for a second person, the oldest first."""
    shown = Paginator(waiting_for(actor), PER_PAGE).get_page(request.GET.get("page"))
    count = shown.paginator.count
    context = {
        "current": "judgements",
        "page": shown,
        "rows": waiting_ones(actor, list(shown)),
        "others": other_waits(actor),
        "count": count,
        "noun": ngettext(
            "judgement waits for a second person", "judgements wait for a second person", count
        ),
    }
    return show(request, actor, "desk/judgements.html", context)
