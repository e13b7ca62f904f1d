"""The gate's decision table: in force, proposed, tried on history, published, taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.desk import policy_desk
from tipline.doors.portals.desk.exports import csv_response
from tipline.doors.portals.desk.policy_desk import PolicyDesk
from tipline.doors.portals.desk.shown_gate import mover_cells, shown_changes, shown_trial
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.pipeline.gate_policies import PUBLICATION
from tipline.record.evidence.publication.rules import changes

_READ = (Permission.GATE_PROPOSE, Permission.GATE_PUBLISH)


def _version(row: Any, in_force: Any, policy: Any) -> dict[str, Any]:
    return {
        "sections": shown_changes(changes(in_force, policy)) if policy else [],
        "trial": shown_trial(row.trial),
    }


DESK = PolicyDesk(
    name="desk:gate-policy",
    publication=PUBLICATION,
    say={
        "title": _("Gate"),
        "heading": _("The gate's table"),
        "about": _(
            "Who may see a file, by which row: changed by two people and tried on history first. "
            "What no row opens stays closed; no table can change that."
        ),
        "propose": _(
            "Nothing changes by proposing. The table is tried on history, and another supervisor "
            "publishes it. A table that opens by a match without the agency's counsel, by what "
            "nobody said, or EXIF data that nobody may see is refused."
        ),
        "back": _(
            "One act of one supervisor: the table that was in force before comes back at once, "
            "and reports with files are looked at again. It needs no trial."
        ),
        "untried": _(
            "Not tried yet. A trial asks both tables for every file, for the house and for each "
            "agency that has its report, with the facts of today. It changes nothing."
        ),
        "unit": _("files"),
        "taken_back": _("The table before is back. Reports with files are being looked at again."),
        "published": _("Published. It holds from now on; reports are being looked at again."),
    },
    found="desk/gate_trial_found.html",
    again=lambda _actor: None,
    version=_version,
)


@page(*_READ)
def policy_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is in force, versions and acts."""
    return policy_desk.overview(request, actor, DESK)


@page(Permission.GATE_PUBLISH, methods=("POST",))
def take_back(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Bring the table before back."""
    return policy_desk.take_back(request, actor, DESK)


@page(Permission.GATE_PROPOSE, methods=("GET", "HEAD", "POST"))
def propose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The table in force to begin with; all that is wrong with another one beside it."""
    return policy_desk.propose(request, actor, DESK)


@page(*_READ)
def version(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    """One table: what it changes, its trial, and the form that publishes it."""
    return policy_desk.version(request, actor, DESK, version_id)


@page(Permission.GATE_PROPOSE, methods=("POST",))
def try_on_history(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    return policy_desk.try_on_history(request, actor, DESK, version_id)


@page(Permission.GATE_PUBLISH, methods=("POST",))
def publish(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    return policy_desk.publish(request, actor, DESK, version_id)


@page(*_READ)
def movers_csv(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The files that a table would open or close, and for whom, as its trial found them."""
    row = PUBLICATION.reading.version_for(actor, version_id)
    return csv_response(f"gate-policy-{row.pk}-files.csv", mover_cells(row.trial))
