"""The triage policy: in force, proposed, tried on history, published, taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.desk import policy_desk
from tipline.doors.portals.desk.exports import csv_response
from tipline.doors.portals.desk.policy_desk import PolicyDesk
from tipline.doors.portals.desk.shown_policy import sections
from tipline.doors.portals.desk.shown_trial import mover_cells, shown_learning, shown_trial
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.triage.publication import queries
from tipline.insight.triage.publication.rules_diff import changes
from tipline.insight.triage.publication.services import PUBLICATION
from tipline.pipeline.under_policy import progress

_READ = (Permission.POLICY_PROPOSE, Permission.POLICY_PUBLISH)


def _version(row: Any, in_force: Any, policy: Any) -> dict[str, Any]:
    learned = row.trial.get("learned")
    return {
        "sections": sections(changes(in_force, policy)) if policy else [],
        "trial": shown_trial(row.trial),
        "learning": shown_learning(learned) if learned else None,
    }


DESK = PolicyDesk(
    name="desk:policy",
    publication=PUBLICATION,
    say={
        "title": _("Policy"),
        "heading": _("Triage policy"),
        "about": _(
            "Which report comes first, and why: points, bands and tests, changed by two people "
            "and tried on history first."
        ),
        "propose": _(
            "Nothing changes by proposing. The version is tried on history, and another "
            "supervisor publishes it. Directions are fixed in the program: a file that turns one "
            "round is refused."
        ),
        "back": _(
            "One act of one supervisor: the policy that was in force before comes back, and open "
            "reports are assessed again. It needs no trial."
        ),
        "untried": _(
            "Not tried yet. A trial assesses every report again from the facts that are kept, "
            "under both policies, and changes nothing."
        ),
        "unit": _("reports"),
        "taken_back": _("The policy before is back. Open reports are being assessed again."),
        "published": _("Published. Open reports are being assessed again."),
    },
    found="desk/policy_trial_found.html",
    again=progress,
    version=_version,
)


@page(*_READ)
def policy_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is in force, how far open reports are under it, versions and acts."""
    return policy_desk.overview(request, actor, DESK)


@page(Permission.POLICY_PUBLISH, methods=("POST",))
def take_back(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Bring the policy before back."""
    return policy_desk.take_back(request, actor, DESK)


@page(Permission.POLICY_PROPOSE, methods=("GET", "HEAD", "POST"))
def propose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The file in force to begin with; all that is wrong with another one beside it."""
    return policy_desk.propose(request, actor, DESK)


@page(*_READ)
def version(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    """One version: what it changes, its trial, and the form that publishes it."""
    return policy_desk.version(request, actor, DESK, version_id)


@page(Permission.POLICY_PROPOSE, methods=("POST",))
def try_on_history(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    return policy_desk.try_on_history(request, actor, DESK, version_id)


@page(Permission.POLICY_PUBLISH, methods=("POST",))
def publish(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    return policy_desk.publish(request, actor, DESK, version_id)


@page(*_READ)
def movers_csv(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The reports that a version would move most, as its trial found them."""
    row = queries.version_for(actor, version_id)
    return csv_response(f"policy-{row.pk}-movers.csv", mover_cells(row.trial))
