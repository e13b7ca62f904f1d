"""Reads of judgements. Where no actor is named, the caller has checked its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.insight.triage.judgements import rules
from tipline.insight.triage.judgements.rules import Question, Signal, Word
from tipline.insight.triage.models import Assessment, Judgement
from tipline.record.reports.queries import reports_for


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands before somebody judges it.

    ``signals``: urgent signals that nobody has refuted. ``seen``: a short digest of these and
    of the judgements so far, for the form to carry.
    """

    words: Sequence[Word]
    signals: tuple[Signal, ...]
    ranked: bool

    @property
    def urgent(self) -> bool:
        return bool(self.signals)

    @property
    def covered(self) -> tuple[Signal, ...]:
        """What a refutation made now would cover."""
        return rules.covered_by(self.signals)

    @property
    def seen(self) -> str:
        said = [[word.id, word.seconded_by, word.withdrawn] for word in self.words]
        text = json.dumps([said, [one.as_json() for one in self.signals]], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def word_of(row: Judgement) -> Word:
    """A row as the rules see it."""
    return Word(
        id=row.pk,
        question=Question(row.question),
        answer=row.answer,
        by=row.by_id,
        at=row.at,
        signals=tuple(Signal(one["code"], one["said"]) for one in row.signals),
        needs_second=row.needs_second,
        seconded_by=row.seconded_by_id,
        withdrawn=row.withdrawn_at is not None,
    )


def words_of(number: int) -> list[Word]:
    """All judgements of a report, the oldest first."""
    return [word_of(row) for row in Judgement.objects.filter(report_id=number).order_by("pk")]


def judgements_of(number: int) -> list[Judgement]:
    """The same with the people's names, the newest first."""
    rows = Judgement.objects.select_related("by", "seconded_by", "withdrawn_by")
    return list(rows.filter(report_id=number).order_by("-pk"))


def standing_of(number: int) -> Standing:
    """What stands now: by the assessment in force, and the judgements so far."""
    result = (
        Assessment.objects.filter(report_id=number)
        .order_by("-pk")
        .values_list("result", flat=True)
        .first()
    )
    return Standing(
        words=words_of(number),
        signals=rules.standing_in(result["signals"]) if result else (),
        ranked=result is not None,
    )


def judgement_in(number: int, judgement_id: int) -> Judgement:
    """One judgement of this report; :class:`NotVisible` when it is of another."""
    row = Judgement.objects.filter(report_id=number, pk=judgement_id).first()
    if row is None:
        raise NotVisible("There is no such judgement.")
    return row


def waiting_for(actor: Actor) -> QuerySet[Judgement]:
    """Refutations that wait for a second person, the oldest first; the actor's own are among
    them. One that a newer word on the same report has overtaken waits no longer.
    """
    if not actor.may(Permission.DISPOSITION_OVERRIDE):
        return Judgement.objects.none()
    newer = Judgement.objects.filter(
        report=OuterRef("report"),
        question=OuterRef("question"),
        withdrawn_at__isnull=True,
        pk__gt=OuterRef("pk"),
    )
    rows = Judgement.objects.filter(
        ~Exists(newer),
        Exists(reports_for(actor).filter(pk=OuterRef("report"))),
        needs_second=True,
        seconded_at__isnull=True,
        withdrawn_at__isnull=True,
    )
    return rows.select_related("by", "report__sender").order_by("at", "pk")
