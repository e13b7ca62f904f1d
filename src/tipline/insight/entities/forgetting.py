"""A report was destroyed: nothing stays that identified anybody, and who judged what does."""

from __future__ import annotations

from tipline.ground.foundation import forgetting
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.entities.linking import link
from tipline.insight.entities.models import (
    BlockingKey,
    Identifier,
    Judgement,
    Passage,
    RoleAnswer,
    RoleConflict,
    VictimValue,
)
from tipline.record.reports.models import Report
from tipline.record.reports.services import hold


def report_gone(number: int) -> None:
    """Forget the identifiers of a destroyed report, their keys, and the links that they made.

    A judged link and its ledger stay as a tombstone: who said what, when, by which kinds of
    evidence. What was written in words goes, as it may name somebody. Safe to repeat.
    """
    report = Report.objects.select_related("sender").get(pk=number)
    with write_tx():
        hold(report)
        for model in (Identifier, BlockingKey, Passage, VictimValue):
            model.objects.filter(report=report).delete()
        for side in ("low", "high"):
            Judgement.objects.filter(**{f"link__{side}": report}).without_words()
        for side in ("suspect", "victim"):
            _forget_conflicts(side, report)
    link(report)
    forgetting.ask()


def _forget_conflicts(side: str, report: Report) -> None:
    """Conflicts of roles that nobody answered go; of the others the value's digest does."""
    answers = RoleAnswer.objects.filter(**{f"conflict__{side}": report})
    answers.without_words()
    answered = set(answers.values_list("conflict_id", flat=True))
    found = RoleConflict.objects.filter(**{side: report})
    found.exclude(pk__in=answered).delete()
    for row in found.filter(pk__in=answered):
        RoleConflict.objects.filter(pk=row.pk).update(key=f"gone:{row.pk}")
