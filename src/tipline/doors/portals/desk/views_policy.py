"""The triage policy: in force, proposed, tried on history, published, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.exports import csv_response
from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_policy import ProposeForm, PublishForm, TakeBackForm
from tipline.doors.portals.desk.shell import Deed, done, show, wants_fragment
from tipline.doors.portals.desk.shown_policy import sections, shown_acts, shown_versions
from tipline.doors.portals.desk.shown_trial import mover_cells, shown_learning, shown_trial
from tipline.doors.portals.frame import page
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.policy import PolicyError
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.publication import queries, services, trials
from tipline.insight.triage.publication.rules_diff import changes
from tipline.pipeline.under_policy import progress

if TYPE_CHECKING:
    from tipline.insight.triage.models import PolicyVersion

_READ = (Permission.POLICY_PROPOSE, Permission.POLICY_PUBLISH)


@page(*_READ)
def policy_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is in force, how far open reports are under it, versions and acts."""
    if wants_fragment(request):
        context = {"again": progress(actor), "now": clock.now()}
        return render(request, "desk/policy_again.html", context)
    return _overview(request, actor, None)


def _overview(request: HttpRequest, actor: Actor, form: TakeBackForm | None) -> HttpResponse:
    standing = queries.standing(actor)
    shipped = default_policy().stamp
    acts = shown_acts(queries.acts_for(actor), shipped)
    back = TakeBackForm(initial={"seen": standing.act_id}) if standing.back else None
    context = {
        "current": "policy",
        "standing": standing,
        "shipped": shipped,
        "acts": acts,
        "again": progress(actor),
        "versions": shown_versions(queries.versions_for(actor), standing.policy.digest),
        "back_form": form or back,
    }
    status = 422 if form is not None else 200
    return show(request, actor, "desk/policy.html", context, status=status)


@page(Permission.POLICY_PUBLISH, methods=("POST",))
def take_back(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Bring the policy before back."""
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _overview(request, actor, form)
    said = form.cleaned_data
    try:
        services.take_back(actor, said["reason"], seen=said["seen"])
    except Invalid as error:
        add_refusal(form, error)
        return _overview(request, actor, form)
    words = _("The policy before is back. Open reports are being assessed again.")
    return done(request, Deed(words), reverse("desk:policy"))


@page(Permission.POLICY_PROPOSE, methods=("GET", "HEAD", "POST"))
def propose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The file in force to begin with; all that is wrong with another one beside it."""
    if request.method != "POST":
        form = ProposeForm(initial={"content": queries.text_in_force()})
        return _propose_page(request, actor, form)
    form = ProposeForm(request.POST, request.FILES)
    if form.is_valid() and (row := _proposed(actor, form)) is not None:
        words = _("Proposed. Try it on history; another supervisor publishes it.")
        return done(request, Deed(words), reverse("desk:policy-version", args=[row.pk]))
    return _propose_page(request, actor, form)


def _propose_page(request: HttpRequest, actor: Actor, form: ProposeForm) -> HttpResponse:
    context = {"current": "policy", "form": form}
    status = 422 if form.errors else 200
    return show(request, actor, "desk/policy_propose.html", context, status=status)


def _proposed(actor: Actor, form: ProposeForm) -> PolicyVersion | None:
    try:
        return services.propose(actor, form.said(), form.cleaned_data["note"])
    except PolicyError as error:
        form.blame(error)
    except Invalid as error:
        add_refusal(form, error)
    return None


@page(*_READ)
def version(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    """One version: what it changes, its trial, and the form that publishes it."""
    row = queries.version_for(actor, version_id)
    context = _version_context(actor, row, PublishForm())
    if wants_fragment(request):
        return render(request, "desk/policy_trial.html", {**context, "now": clock.now()})
    return show(request, actor, "desk/policy_version.html", context)


def _version_context(actor: Actor, row: PolicyVersion, form: PublishForm) -> dict[str, Any]:
    standing = queries.standing(actor)
    policy, problems = queries.policy_or_problems(row)
    learned = row.trial.get("learned")
    return {
        "current": "policy",
        "row": row,
        "stamp": f"{row.name}@{row.version}",
        "standing": standing,
        "in_force": row.digest == standing.policy.digest,
        "problems": problems,
        "sections": sections(changes(standing.policy, policy)) if policy else [],
        "state": row.trial.get("state", ""),
        "trial": shown_trial(row.trial),
        "stopped": trials.stopped(row),
        "holds": policy is not None and trials.holds(row),
        "own": row.proposed_by_id in {None, actor.person_id},
        "learning": shown_learning(learned) if learned else None,
        "form": form,
    }


@page(Permission.POLICY_PROPOSE, methods=("POST",))
def try_on_history(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    row = trials.start(actor, version_id)
    words = _("It is being tried on history.")
    return done(request, Deed(words), reverse("desk:policy-version", args=[row.pk]) + "#trial")


@page(Permission.POLICY_PUBLISH, methods=("POST",))
def publish(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    row = queries.version_for(actor, version_id)
    form = PublishForm(request.POST)
    if form.is_valid() and _published(actor, row, form):
        words = _("Published. Open reports are being assessed again.")
        return done(request, Deed(words), reverse("desk:policy"))
    context = _version_context(actor, row, form)
    return show(request, actor, "desk/policy_version.html", context, status=422)


def _published(actor: Actor, row: PolicyVersion, form: PublishForm) -> bool:
    try:
        services.publish(actor, row.pk, form.cleaned_data["reason"])
    except Invalid as error:
        add_refusal(form, error)
        return False
    return True


@page(*_READ)
def movers_csv(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The reports that a version would move most, as its trial found them."""
    row = queries.version_for(actor, version_id)
    return csv_response(f"policy-{row.pk}-movers.csv", mover_cells(row.trial))
