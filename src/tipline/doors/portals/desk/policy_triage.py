"""The triage policy: in force, proposed, tried on history, published, taken back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.desk.policy_desk import PolicyDesk
from tipline.doors.portals.desk.shown_policy import sections
from tipline.doors.portals.desk.shown_trial import mover_cells, shown_learning, shown_trial
from tipline.insight.triage.publication.rules_diff import changes
from tipline.insight.triage.publication.services import PUBLICATION
from tipline.pipeline.under_policy import progress


def _version(row: Any, in_force: Any, policy: Any) -> dict[str, Any]:
    learned = row.trial.get("learned")
    return {
        "sections": sections(changes(in_force, policy)) if policy else [],
        "trial": shown_trial(row.trial),
        "learning": shown_learning(learned) if learned else None,
    }


DESK = PolicyDesk(
    root="policy/",
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
    movers="movers.csv",
    mover_cells=mover_cells,
)
