"""The only writer of judgements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.jobs import URGENT
from tipline.ground.foundation.transactions import write_tx
from tipline.ground.taxonomy.levels import Level
from tipline.insight.triage.events import Judged
from tipline.insight.triage.judgements import rules
from tipline.insight.triage.judgements.queries import (
    Standing,
    judgement_in,
    standing_of,
    word_of,
    words_of,
)
from tipline.insight.triage.judgements.rules import REFUTED, Question, Signal, Word
from tipline.insight.triage.models import Judgement
from tipline.insight.triage.services import assess
from tipline.record.reports.doors import Door
from tipline.record.reports.models import Report
from tipline.record.reports.services import hold

MOST_REASON = 2_000
#: How long one may take back one's own "urgent" without saying why.
UNDO = timedelta(minutes=30)
_CHANGED = "Something has changed since this page was loaded: look again before you judge."


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says. ``seen``: :attr:`Standing.seen` of the page that they judged from."""

    question: Question
    answer: str
    reason: str
    seen: str


def judge(actor: Actor, report: Report, said: Said) -> Judgement:
    """Keep a person's word; the report is assessed again at once, the pipeline follows.

    Sent twice it has one effect. :class:`Conflict` when something else came meanwhile.
    """
    actor.require(Permission.DISPOSITION_OVERRIDE)
    reason = _checked(report, said)
    with write_tx():
        hold(report)
        standing = standing_of(report.pk)
        covered = standing.covered if said.answer == REFUTED else ()
        if again := _same_again(actor, report, standing, said, covered):
            return again
        _stop_when_overtaken(standing, said)
        row = _added(actor, report, said, reason, covered)
    assess(report)
    return row


def _same_again(
    actor: Actor, report: Report, standing: Standing, said: Said, covered: tuple[Signal, ...]
) -> Judgement | None:
    """What the same form, sent before, has made; another reason is another word."""
    last = rules.same_again(standing.words, said.question, said.answer, actor.person_key, covered)
    row = judgement_in(report.pk, last.id) if last is not None else None
    return row if row is not None and row.reason == said.reason.strip() else None


def _checked(report: Report, said: Said) -> str:
    """The reason, when question, answer and reason may be kept; :class:`Invalid` says the fix."""
    if said.answer not in rules.ANSWERS[said.question]:
        choices = ", ".join(rules.ANSWERS[said.question])
        raise Invalid(f"Choose one of: {choices}.", field="answer")
    if (said.question, said.answer) == (Question.LEVEL, Level.ESP) and not by_esp(report):
        raise Invalid("Level E is for reports that an ESP sent.", field="answer")
    raises = Word(0, said.question, said.answer, 0, clock.now()).raises
    return _written(said.reason, field="reason", needed=not raises)


def by_esp(report: Report) -> bool:
    """Whether a registered ESP sent it: only then can its level be E."""
    return report.door in (Door.ISPWS, Door.ESP_DESK)


def _written(text: str, *, field: str, needed: bool) -> str:
    text = text.strip()
    if needed and not text:
        raise Invalid("Say why.", field=field)
    if len(text) > MOST_REASON:
        raise Invalid(f"Write at most {MOST_REASON} characters.", field=field)
    return text


def _stop_when_overtaken(standing: Standing, said: Said) -> None:
    """Nobody refutes what they have not seen, or what is not there."""
    if said.answer == REFUTED and not standing.urgent:
        raise Conflict("Nothing urgent stands that could be refuted.")
    if said.seen != standing.seen:
        raise Conflict(_CHANGED)


def _added(
    actor: Actor, report: Report, said: Said, reason: str, covered: tuple[Signal, ...]
) -> Judgement:
    row = Judgement.objects.create(
        report=report,
        question=said.question.value,
        answer=said.answer,
        signals=[signal.as_json() for signal in covered],
        reason=reason,
        by_id=actor.person_key,
        at=clock.now(),
        needs_second=rules.needs_two(covered),
    )
    _told(actor, Verb.JUDGEMENT_MADE, row, waits=row.needs_second)
    return row


def _told(actor: Actor, verb: Verb, row: Judgement, **more: bool) -> None:
    """On the ledger, without the reason: it may hold personal values."""
    detail = {"judgement": row.pk, "question": row.question, "answer": row.answer}
    said = {name: value for name, value in more.items() if value}
    record(actor, verb, f"report:{row.report_id}", detail={**detail, **said})
    # Urgent ones first: whichever way it went, somebody may be in danger.
    announce(Judged(row.report_id), lane="again", dedup_key=str(row.report_id), priority=URGENT)


def second(actor: Actor, report: Report, judgement_id: int) -> Judgement:
    """Another person agrees: from now on the judgement counts."""
    actor.require(Permission.DISPOSITION_OVERRIDE)
    with write_tx():
        hold(report)
        row = judgement_in(report.pk, judgement_id)
        if row.seconded_by_id == actor.person_key and row.withdrawn_at is None:
            return row
        if row.by_id == actor.person_key:
            raise NotAllowed("Whoever judged cannot be the second person, too.")
        _stop_unless_waiting(row)
        Judgement.objects.filter(pk=row.pk, seconded_at__isnull=True).update(
            seconded_by_id=actor.person_key, seconded_at=clock.now()
        )
        _told(actor, Verb.JUDGEMENT_SECONDED, row)
    assess(report)
    row.refresh_from_db()
    return row


def _stop_unless_waiting(row: Judgement) -> None:
    waits = rules.waiting(words_of(row.report_id))
    if waits is None or waits.id != row.pk:
        raise Conflict("This judgement does not wait for a second person any more.")


def decline(actor: Actor, report: Report, judgement_id: int, why: str) -> Judgement:
    """Another person does not agree, and says why: the report stays as urgent as it was."""
    actor.require(Permission.DISPOSITION_OVERRIDE)
    why = _written(why, field="why", needed=True)
    with write_tx():
        hold(report)
        row = judgement_in(report.pk, judgement_id)
        if row.withdrawn_by_id == actor.person_key:
            return row
        if row.by_id == actor.person_key:
            raise NotAllowed("Whoever judged takes it back instead.")
        _stop_unless_waiting(row)
        _taken_back(actor, row, why, declined=True)
    row.refresh_from_db()
    return row


def withdraw(actor: Actor, report: Report, judgement_id: int, why: str = "") -> Judgement:
    """Take a judgement back: its author, who seconded it, or a supervisor with a reason.

    What was in force before is in force again.
    """
    actor.require(Permission.DISPOSITION_OVERRIDE)
    with write_tx():
        hold(report)
        row = judgement_in(report.pk, judgement_id)
        own = actor.person_key in (row.by_id, row.seconded_by_id)
        if not own and not actor.may(Permission.JUDGEMENTS_OVERSEE):
            raise NotAllowed("Only who judged, or a supervisor, takes a judgement back.")
        if row.withdrawn_at is not None:
            return row
        _taken_back(actor, row, _written(why, field="why", needed=asks_why(row, own=own)))
    assess(report)
    row.refresh_from_db()
    return row


def asks_why(row: Judgement, *, own: bool) -> bool:
    """An undo asks nothing; another's word, or an older "urgent", does not go without a reason."""
    return not own or (word_of(row).raises and clock.now() - row.at > UNDO)


def _taken_back(actor: Actor, row: Judgement, why: str, *, declined: bool = False) -> None:
    Judgement.objects.filter(pk=row.pk, withdrawn_at__isnull=True).update(
        withdrawn_by_id=actor.person_key, withdrawn_at=clock.now(), withdrawn_why=why
    )
    _told(actor, Verb.JUDGEMENT_WITHDRAWN, row, declined=declined)
