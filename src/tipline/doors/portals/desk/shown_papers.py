"""Papers in words: which one, what it is worth now, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tipline.doors.portals.desk.shown_files import name_of
from tipline.doors.portals.look.parts import Words
from tipline.record.evidence.papers.rules import Standing, State
from tipline.record.evidence.queries import details_of

if TYPE_CHECKING:
    from tipline.doors.portals.desk.forms_papers import MoveForm
    from tipline.record.evidence.models import Opening
    from tipline.record.evidence.papers.queries import Paper

KINDS: Mapping[str, Words] = {
    "warrant": gettext_lazy("Warrant"),
    "consent": gettext_lazy("Consent"),
    "exigency": gettext_lazy("Exigency"),
}
STATES: Mapping[State, Words] = {
    State.APPLIED: gettext_lazy("Applied for"),
    State.GRANTED: gettext_lazy("Granted"),
    State.DENIED: gettext_lazy("Denied"),
    State.REVOKED: gettext_lazy("Revoked by who issued it"),
    State.ENDED: gettext_lazy("Ended or withdrawn by us"),
}
STANDINGS: Mapping[Standing, Words] = {
    Standing.IN_FORCE: gettext_lazy("in force"),
    Standing.BEGINS_LATER: gettext_lazy("granted, and holds later"),
    Standing.RUN_OUT: gettext_lazy("has run out"),
    Standing.APPLIED: gettext_lazy("applied for, opens nothing yet"),
    Standing.DENIED: gettext_lazy("denied, opens nothing"),
    Standing.REVOKED: gettext_lazy("revoked, opens nothing"),
    Standing.ENDED: gettext_lazy("ended, opens nothing"),
}
RECORDED: Mapping[Standing, Words] = {
    Standing.IN_FORCE: gettext_lazy("Recorded. It opens the files that it names, from now on."),
    Standing.BEGINS_LATER: gettext_lazy("Recorded. It opens nothing before its start."),
    Standing.RUN_OUT: gettext_lazy("Recorded. It has run out already and opens nothing."),
    Standing.APPLIED: gettext_lazy("Recorded. It opens nothing before it is granted."),
    Standing.DENIED: gettext_lazy("Recorded as denied. It opens nothing."),
    Standing.REVOKED: gettext_lazy("Recorded as revoked. It opens nothing any more."),
    Standing.ENDED: gettext_lazy("Ended. It opens nothing any more."),
}


def paper_words(opening: Opening) -> str:
    """Its kind, its number and who issued it."""
    return _("%(kind)s %(reference)s of %(issuer)s") % {
        "kind": KINDS[opening.kind],
        "reference": opening.reference,
        "issuer": opening.issuer,
    }


@dataclass(frozen=True, slots=True)
class ShownStep:
    state: Words
    at: datetime
    by: str
    reason: str
    start: datetime
    end: datetime | None


def shown_steps(paper: Paper) -> list[ShownStep]:
    """What became of it, the oldest first."""
    return [
        ShownStep(
            STATES[State(step.state)],
            step.at,
            step.by.name,
            step.reason,
            step.valid_from,
            step.valid_until,
        )
        for step in paper.steps
    ]


def paper_context(paper: Paper, form: MoveForm, back: str) -> dict[str, Any]:
    """What the page of a paper shows."""
    details = details_of(paper.files)
    return {
        "words": paper_words(paper.row),
        "standing": STANDINGS[paper.standing],
        "holder": paper.row.holder.name,
        "names": [name_of(file, details.get(file.pk, {})) for file in paper.files],
        "steps": shown_steps(paper),
        "recorded_at": paper.row.recorded_at,
        "form": form if paper.may_become else None,
        "back": back,
    }
