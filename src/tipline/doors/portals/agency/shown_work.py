"""What the agency has done with a referral, and what it can do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.delivery.cases.queries import case_of, open_cases_for
from tipline.doors.portals.agency.forms import AddForm, CaseForm, RefuseForm
from tipline.doors.portals.agency.forms_answer import one_clicks
from tipline.doors.portals.agency.shown_morning import state_words
from tipline.doors.portals.desk.shown_papers import STANDINGS, paper_words
from tipline.doors.portals.look.parts import Fact, Moment, Words
from tipline.doors.portals.look.times import absolute
from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.reasons import Source
from tipline.ground.taxonomy.outcomes import ClosingReason, NotUsefulReason, OutcomeStatus
from tipline.ground.taxonomy.words import label
from tipline.record.evidence.papers.queries import standing_now
from tipline.record.evidence.papers.rules import State
from tipline.record.evidence.queries import files_of, openings_of
from tipline.record.outcomes.queries import answers_for

if TYPE_CHECKING:
    from django.forms.forms import BaseForm

    from tipline.delivery.routing.models import Referral
    from tipline.ground.foundation.actor import Actor
    from tipline.record.evidence.models import Opening
    from tipline.record.outcomes.models import Outcome


@dataclass(frozen=True, slots=True)
class ShownOpening:
    """A warrant, consent or exigency of this agency: its paper, its files, its end."""

    words: str
    standing: Words
    files: str
    start: datetime
    end: datetime | None
    ended: datetime | None
    url: str
    end_url: str


def work_context(
    actor: Actor, row: Referral, forms: dict[str, BaseForm] | None = None
) -> dict[str, Any]:
    """The part of the page that actions change. ``forms``: those to show with their errors."""
    case = case_of(row)
    cases = list(open_cases_for(actor)[:200]) if case is None else []
    answers = answers_for(actor, [row.report_id]).get(row.report_id, [])
    return {
        "row": row,
        "number": row.report_id,
        "state": state_words(row.state),
        "moments": _moments(row, answers),
        "case": case,
        "refuse_form": RefuseForm(),
        "case_form": CaseForm(initial={"token": random_hex()}),
        "add_form": AddForm(cases) if cases else None,
        "answers": answer_facts(answers),
        "one_clicks": one_clicks(),
        "openings": openings(actor, row),
        **(forms or {}),
    }


def _moments(row: Referral, answers: Sequence[Outcome]) -> list[Moment]:
    """The stations that concern this agency."""
    taken = _("Handed back") if row.state == "refused" else _("Accepted")
    return [
        Moment(_("Received"), row.report.opened_at),
        Moment(_("Filed"), row.report.ended_at),
        Moment(_("Made available to you"), row.made_at),
        Moment(taken, row.answered_at),
        Moment(_("Answered"), answers[0].at if answers else None),
    ]


def answer_facts(answers: Iterable[Outcome]) -> tuple[Fact, ...]:
    """The agency's own answers, the newest last; each is kept."""
    return tuple(_answer(outcome) for outcome in answers)


def _answer(outcome: Outcome) -> Fact:
    notes = [*_told(outcome), outcome.recorded_by.name]
    if outcome.released_to_sender:
        notes.append(_("the provider may learn it"))
    return Fact(absolute(outcome.at), answer_words(outcome), Source.AGENCY, " · ".join(notes))


def answer_words(outcome: Outcome) -> str:
    """The status, and why it was closed."""
    status = str(label(OutcomeStatus(outcome.status)))
    if outcome.closing_reason:
        return f"{status}: {label(ClosingReason(outcome.closing_reason))}"
    return status


def _told(outcome: Outcome) -> list[str]:
    """The other questions that were answered."""
    yes_no = (
        (_("child identified"), outcome.child_identified),
        (_("self-produced"), outcome.self_production),
        (_("information useful"), outcome.useful),
    )
    told = [
        f"{words}: {_('yes') if said else _('no')}" for words, said in yes_no if said is not None
    ]
    if outcome.additional_victims is not None:
        told.append(_("additional victims: %d") % outcome.additional_victims)
    if outcome.not_useful_reason:
        told.append(str(label(NotUsefulReason(outcome.not_useful_reason))))
    return told


def openings(actor: Actor, row: Referral) -> list[ShownOpening]:
    """What opens files of this report to this agency; what others hold is theirs."""
    names: dict[int, list[str]] = {}
    found: dict[int, Opening] = {}
    for named in openings_of(files_of(row.report_id)):
        if named.opening.holder_id == actor.organisation_id:
            found[named.opening_id] = named.opening
            names.setdefault(named.opening_id, []).append(named.file.name or named.file.file_id)
    return [_opening(row, opening, names[key]) for key, opening in found.items()]


def _opening(row: Referral, opening: Opening, names: list[str]) -> ShownOpening:
    return ShownOpening(
        words=paper_words(opening),
        standing=STANDINGS[standing_now(opening)],
        files=", ".join(names),
        start=opening.valid_from,
        end=opening.valid_until,
        ended=opening.ended_at,
        url=reverse("agency:paper", args=[row.report_id, opening.pk]),
        end_url=reverse("agency:end-opening", args=[row.report_id, opening.pk])
        if opening.state == State.GRANTED
        else "",
    )
