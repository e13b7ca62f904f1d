"""Reads of papers for a named actor, who has been found to see the report."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.errors import NotVisible
from tipline.record.evidence.models import EvidenceFile, Opening, OpeningFile, OpeningStep
from tipline.record.evidence.papers.rules import NEXT, Standing, State, standing, state_of


def standing_now(opening: Opening) -> Standing:
    """What the paper is worth at this instant."""
    state = state_of(opening.state, opening.ended_at is not None)
    return standing(state, opening.valid_from, opening.valid_until, clock.now())


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: what it names of one report, where it stands, what became of it, and may."""

    row: Opening
    files: tuple[EvidenceFile, ...]
    standing: Standing
    steps: tuple[OpeningStep, ...]
    may_become: tuple[State, ...]


def paper_for(actor: Actor, number: int, opening_id: int) -> Paper:
    """A paper of the actor's organisation that names a file of this report; else NotVisible."""
    named = OpeningFile.objects.select_related("opening__holder", "file").filter(
        opening_id=opening_id,
        file__report_id=number,
        opening__holder_id=actor.organisation_id,
    )
    rows = list(named.order_by("pk"))
    if not rows:
        raise NotVisible("There is no such report.")
    opening = rows[0].opening
    steps = OpeningStep.objects.select_related("by").filter(opening=opening).order_by("pk")
    return Paper(
        opening,
        tuple(row.file for row in rows),
        standing_now(opening),
        tuple(steps),
        NEXT[state_of(opening.state, opening.ended_at is not None)],
    )
