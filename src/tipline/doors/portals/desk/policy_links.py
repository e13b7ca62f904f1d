"""The link model: in force, proposed, tried on history, published, taken back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.desk.policy_desk import PolicyDesk
from tipline.doors.portals.desk.shown_link_model import (
    mover_cells,
    shown_history,
    shown_levels,
    shown_sections,
    shown_trial,
)
from tipline.insight.entities.publication.services import PUBLICATION


def _version(row: Any, in_force: Any, policy: Any) -> dict[str, Any]:
    return {
        "sections": shown_sections(in_force.rules, policy.rules) if policy else [],
        "shifts": shown_levels(in_force.rules, policy.rules) if policy else [],
        "trial": shown_trial(row.trial),
    }


DESK = PolicyDesk(
    root="link-model/",
    name="desk:link-model",
    publication=PUBLICATION,
    say={
        "title": _("Link model"),
        "heading": _("Link model"),
        "about": _(
            "What it is worth when two reports have a value in common, in bits: set by hand or "
            "learned from this store, changed by two people and tried on history first."
        ),
        "propose": _(
            "Nothing changes by proposing. A learned model comes from `./tipline links train`. It "
            "is tried on history, and another supervisor publishes it. A file in which a nearer "
            "level is worth less than a farther one is refused."
        ),
        "back": _(
            "One act of one supervisor: the model that was in force before comes back at once for "
            "new links. It needs no trial."
        ),
        "untried": _(
            "Not tried yet. A trial weighs the newest links that wait or were judged under both "
            "models, and looks among those whom the newest reports meet for new proposals. It "
            "changes nothing."
        ),
        "unit": _("links and reports"),
        "taken_back": _(
            "The model before is back for new links. Those that are there stay as they are until "
            "history is linked again (./tipline links again)."
        ),
        "published": _(
            "Published. New links are made by it. Those that are there stay as they are until "
            "history is linked again (./tipline links again)."
        ),
    },
    found="desk/link_model_trial_found.html",
    again=lambda _actor: None,
    version=_version,
    movers="pairs.csv",
    mover_cells=mover_cells,
    news=shown_history,
)
