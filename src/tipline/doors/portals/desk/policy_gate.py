"""The gate's decision table: in force, proposed, tried on history, published, taken back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.desk.policy_desk import PolicyDesk
from tipline.doors.portals.desk.shown_gate import mover_cells, shown_changes, shown_trial
from tipline.pipeline.gate_policies import PUBLICATION
from tipline.record.evidence.publication.rules import changes


def _version(row: Any, in_force: Any, policy: Any) -> dict[str, Any]:
    return {
        "sections": shown_changes(changes(in_force, policy)) if policy else [],
        "trial": shown_trial(row.trial),
    }


DESK = PolicyDesk(
    root="gate/",
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
    movers="files.csv",
    mover_cells=mover_cells,
)
