"""Sections C and D: what analysts added, and the agencies that have the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_labels import statement_words
from tipline.doors.portals.desk.shown_papers import KINDS, STANDINGS, paper_words
from tipline.doors.portals.desk.shown_queue import disposition_words, failing_words
from tipline.doors.portals.desk.shown_reasons import reasons_of
from tipline.doors.portals.desk.shown_reporter import ShownRelease
from tipline.doors.portals.look.parts import Fact, Words
from tipline.doors.portals.look.times import absolute
from tipline.ground.foundation.reasons import Reason, Source
from tipline.ground.taxonomy.outcomes import ClosingReason, OutcomeStatus
from tipline.ground.taxonomy.words import label
from tipline.record.evidence.papers.queries import standing_now

if TYPE_CHECKING:
    from tipline.delivery.routing.models import Referral
    from tipline.insight.annotation.models import LabelEvent
    from tipline.insight.triage.models import Assessment
    from tipline.record.evidence.models import OpeningFile
    from tipline.record.outcomes.models import Outcome
    from tipline.record.reports.models import Note


def note_facts(notes: Sequence[Note]) -> tuple[Fact, ...]:
    """Notes with author and time."""
    return tuple(
        Fact(note.author.name, note.text, Source.ANALYST, absolute(note.at)) for note in notes
    )


def label_facts(events: Sequence[LabelEvent], names: Mapping[str, str]) -> tuple[Fact, ...]:
    """Who set which label on which content, and who withdrew it: nothing is forgotten.

    ``names``: of the files, by digest.
    """
    return tuple(
        Fact(
            names.get(event.sha256, event.sha256[:12]),
            statement_words(event),
            Source.ANALYST,
            (
                _("set by %(who)s, %(when)s")
                if event.present
                else _("withdrawn by %(who)s, %(when)s")
            )
            % {"who": event.author.name, "when": absolute(event.at)},
        )
        for event in events
    )


def disposition_facts(assessments: Sequence[Assessment]) -> tuple[Fact, ...]:
    """The dispositions so far, the newest first; assessments that kept it are one line."""
    facts: list[Fact] = []
    for row in assessments:
        result = row.result
        fact = Fact(
            disposition_words(result["disposition"]),
            failing_words(result) or _("No test failed."),
            Source.SYSTEM,
            _("since %(when)s, policy %(policy)s")
            % {"when": absolute(row.at), "policy": row.policy},
        )
        same = facts and (facts[-1].label, facts[-1].value) == (fact.label, fact.value)
        if same:
            facts[-1] = fact
        else:
            facts.append(fact)
    return tuple(facts)


def opening_facts(rows: Sequence[OpeningFile], names: Mapping[str, str]) -> tuple[Fact, ...]:
    """What opens which file, to whom, until when. ``names``: of the files, by digest."""
    return tuple(
        Fact(
            KINDS[row.opening.kind],
            _("%(reference)s of %(issuer)s, names %(file)s")
            % {
                "reference": row.opening.reference,
                "issuer": row.opening.issuer,
                "file": names.get(row.file.sha256, row.file.file_id),
            },
            Source.ANALYST,
            _("%(standing)s; held by %(holder)s, %(start)s to %(end)s")
            % {
                "standing": STANDINGS[standing_now(row.opening)],
                "holder": row.opening.holder.name,
                "start": absolute(row.opening.valid_from),
                "end": absolute(row.opening.valid_until)
                if row.opening.valid_until
                else _("without end"),
            },
        )
        for row in rows
    )


def own_papers(rows: Sequence[OpeningFile], organisation: int | None) -> list[tuple[str, int]]:
    """The papers of this organisation in words, with their keys: it says what becomes of them."""
    mine = {row.opening_id: row.opening for row in rows if row.opening.holder_id == organisation}
    return [(paper_words(opening), key) for key, opening in mine.items()]


@dataclass(frozen=True, slots=True)
class ShownReferral:
    """One hand-over: to whom, in which state, why, and what came back."""

    agency: str
    source: Source
    made_at: datetime
    raised_at: datetime | None
    state: Words
    refusal: str
    disposition: Words
    reasons: list[Reason]
    outcomes: tuple[Fact, ...]
    reporter: ShownRelease


def referral_state(state: str) -> str:
    """What the agency has done with a referral."""
    known = {
        "available": _("made available, not answered yet"),
        "accepted": _("accepted"),
        "refused": _("handed back"),
    }
    return known.get(state, state)


def shown_referrals(
    referrals: Sequence[Referral],
    outcomes: Sequence[Outcome],
    releases: Mapping[int, ShownRelease],
) -> list[ShownReferral]:
    """Section D, in the order of the hand-overs. ``releases``: of each referral, by its key."""
    return [
        ShownReferral(
            agency=row.agency.name,
            source=Source(row.source),
            made_at=row.made_at,
            raised_at=row.raised_at,
            state=referral_state(row.state),
            refusal=row.refusal,
            disposition=disposition_words(row.disposition),
            reasons=reasons_of(row.reasons),
            outcomes=tuple(
                _outcome(outcome) for outcome in outcomes if outcome.agency_id == row.agency_id
            ),
            reporter=releases[row.pk],
        )
        for row in referrals
    ]


def _outcome(outcome: Outcome) -> Fact:
    status = label(OutcomeStatus(outcome.status))
    notes = [absolute(outcome.at)]
    if outcome.closing_reason:
        notes.insert(0, str(label(ClosingReason(outcome.closing_reason))))
    if outcome.useful is not None:
        notes.append(_("of use: %s") % (_("yes") if outcome.useful else _("no")))
    return Fact(_("Outcome"), status, Source.AGENCY, " · ".join(notes))
