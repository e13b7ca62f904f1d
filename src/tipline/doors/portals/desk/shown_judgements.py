"""What people judged of a report: by whom, when, why, and what still waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.reasons import Reason, words
from tipline.insight.triage.judgements import rules
from tipline.insight.triage.judgements.queries import judgements_of, standing_of, word_of
from tipline.insight.triage.judgements.rules import REFUTED
from tipline.insight.triage.judgements.services import asks_why

if TYPE_CHECKING:
    from tipline.insight.triage.models import Judgement


@dataclass(frozen=True, slots=True)
class ShownJudgement:
    """One judgement. ``state``: ``in force``, ``waits``, ``overtaken``, ``withdrawn`` or
    ``declined``; the addresses are empty where this reader may not.
    """

    id: int
    number: int
    words: str
    who: str
    at: datetime
    reason: str
    signals: list[Reason]
    state: str
    seconded_by: str
    seconded_at: datetime | None
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawn_why: str
    second_url: str
    decline_url: str
    withdraw_url: str
    asks_why: bool

    @property
    def waits(self) -> bool:
        return self.state == "waits"


def verdict_words(question: str, answer: str, *, two_people: bool = False) -> str:
    """An answer in words; of a refutation that it takes two people, where it does."""
    said = words(Reason(f"triage.judged.{question}.{answer}"))
    if answer == REFUTED and two_people:
        return _("%(said)s (a second person must agree)") % {"said": said}
    return said


def shown_judgements(actor: Actor, rows: Sequence[Judgement]) -> list[ShownJudgement]:
    """All judgements of one report, in the order given."""
    said = [word_of(row) for row in rows]
    in_force, waiting = rules.effective(said), rules.waiting(said)
    return [_shown(actor, row, _state(row, in_force, waiting)) for row in rows]


def waiting_ones(actor: Actor, rows: Sequence[Judgement]) -> list[ShownJudgement]:
    """Judgements of several reports, all of which wait."""
    return [_shown(actor, row, "waits") for row in rows]


def _state(row: Judgement, in_force: frozenset[int], waiting: rules.Word | None) -> str:
    if row.withdrawn_at is not None:
        declined = row.needs_second and row.seconded_at is None and row.withdrawn_by_id != row.by_id
        return "declined" if declined else "withdrawn"
    if waiting is not None and waiting.id == row.pk:
        return "waits"
    return "in force" if row.pk in in_force else "overtaken"


def _shown(actor: Actor, row: Judgement, state: str) -> ShownJudgement:
    me = actor.person_id
    own = me in (row.by_id, row.seconded_by_id)
    withdrawable = row.withdrawn_at is None and (own or actor.may(Permission.JUDGEMENTS_OVERSEE))
    mine_to_second = state == "waits" and row.by_id != me

    def url(name: str, *, offered: bool) -> str:
        return reverse(f"desk:judgement-{name}", args=[row.report_id, row.pk]) if offered else ""

    return ShownJudgement(
        id=row.pk,
        number=row.report_id,
        words=verdict_words(row.question, row.answer),
        who=row.by.name,
        at=row.at,
        reason=row.reason,
        signals=[Reason(f"triage.{one['code']}", one["said"]) for one in row.signals],
        state=state,
        seconded_by=row.seconded_by.name if row.seconded_by else "",
        seconded_at=row.seconded_at,
        withdrawn_by=row.withdrawn_by.name if row.withdrawn_by else "",
        withdrawn_at=row.withdrawn_at,
        withdrawn_why=row.withdrawn_why,
        second_url=url("second", offered=mine_to_second),
        decline_url=url("decline", offered=mine_to_second),
        withdraw_url=url("withdraw", offered=withdrawable),
        asks_why=asks_why(row, own=own),
    )


def judge_context(actor: Actor, number: int) -> dict[str, Any]:
    """The panel: what was judged, what waits, and what stands to be judged."""
    shown = shown_judgements(actor, judgements_of(number))
    standing = standing_of(number)
    waiting = next((one for one in shown if one.waits), None)
    return {
        "judge_url": reverse("desk:judgement-make", args=[number]),
        "judgements": shown,
        "waiting": waiting,
        "signals": [Reason(f"triage.{one.code}", one.said) for one in standing.covered],
        "judge_choices": {
            "refutable": standing.urgent and waiting is None,
            "two_people": rules.needs_two(standing.covered),
        },
        "seen": standing.seen,
    }
