"""The only writer of second looks: taking one, answering it blindly, settling what differs."""

from __future__ import annotations

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.looks import queries
from tipline.insight.annotation.looks.rules import Answer, agree, answer_of, changes_to
from tipline.insight.annotation.models import LabelEvent, Look
from tipline.insight.annotation.queries import agreeing_on
from tipline.insight.annotation.rules_standing import WHOLE
from tipline.insight.annotation.rules_vocabulary import CHILD, CONTENT
from tipline.insight.annotation.services import MOST_CHILDREN
from tipline.insight.annotation.writing import append, holding, standing_of
from tipline.insight.lists.own import LABELS as LISTED
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.queries import copies_for

MOST_REASON = 1_000
LEAST_REASON = 3


def take(actor: Actor, keep_away: queries.Keep | None = None) -> Look | None:
    """The look that the person holds already, or the next one that they may have; None: none.

    ``keep_away``: which files they wish not to see; those are not offered.

    From then on, until they answer or give it back, they are shown no label of the content.
    """
    actor.require(Permission.LABELS_WRITE)
    if (row := queries.mine(actor)) is not None:
        return row
    for rows in queries.all_offered(actor, keep_away):
        for row in rows:
            if _claim(actor, row):
                return Look.objects.get(pk=row.pk)
    return None


def _claim(actor: Actor, row: Look) -> bool:
    """False when somebody was faster, or holds it anew."""
    with holding(row.sha256):
        mine = Look.objects.filter(pk=row.pk, state=Look.State.WAITING, taken_at=row.taken_at)
        if not mine.update(taken_by_id=actor.person_key, taken_at=clock.now()):
            return False
        _note(actor, row, Verb.LOOK_TAKEN)
    return True


def give_back(actor: Actor, look_id: int) -> None:
    """Somebody else may have it; the labels are shown again."""
    row = queries.look_held(actor, look_id)
    with holding(row.sha256):
        mine = Look.objects.filter(pk=row.pk, state=Look.State.WAITING, taken_by=row.taken_by_id)
        if mine.update(taken_by=None, taken_at=None):
            _note(actor, row, Verb.LOOK_GIVEN_BACK)


def answer(actor: Actor, look_id: int, said: Answer) -> Look:
    """What the second person says, without knowing the first; whoever differs waits for a senior.

    Where both say a label that feeds one of our own lists, the second stands behind it, too.
    :class:`Conflict` when the person has labelled the content meanwhile, otherwise than blind.
    """
    actor.require(Permission.LABELS_WRITE)
    row = queries.look_held(actor, look_id)
    _check(said)
    file = _file(actor, row)
    with holding(row.sha256):
        row = queries.look_held(actor, look_id)
        if LabelEvent.objects.filter(sha256=row.sha256, author=actor.person_key).exists():
            raise Conflict("You have labelled this content yourself. Give the look back.")
        now = standing_of(file)
        row.before = _in_force(answer_of(now)).as_json()
        row.answer, row.answered_at = said.as_json(), clock.now()
        agreed = agree(_in_force(answer_of(now)), said)
        row.state = Look.State.AGREED if agreed else Look.State.DISPUTED
        row.save(update_fields=["before", "answer", "answered_at", "state"])
        _note(actor, row, Verb.LOOK_ANSWERED, agreed="yes" if agreed else "no")
        _stand_behind(actor, file, said.content & now.content)
    return row


def settle(actor: Actor, look_id: int, said: Answer, reason: str) -> Look:
    """A third person says what holds, and why; it becomes new statements of theirs."""
    actor.require(Permission.JUDGEMENTS_OVERSEE)
    row = queries.dispute_for(actor, look_id)
    _check(said)
    reason = reason.strip()
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        raise Invalid(f"Say why, in {LEAST_REASON} to {MOST_REASON} characters.", field="reason")
    file = _file(actor, row)
    with holding(row.sha256):
        row = queries.dispute_for(actor, look_id)
        now = standing_of(file)
        row.settled, row.settled_by_id, row.settled_at = (
            said.as_json(), actor.person_key, clock.now(),
        )  # fmt: skip
        row.reason, row.state = reason, Look.State.SETTLED
        row.save(update_fields=["settled", "settled_by", "settled_at", "reason", "state"])
        _note(actor, row, Verb.LOOK_SETTLED)
        kept = now.content - _in_force(answer_of(now)).content
        append(actor, file, changes_to(now, Answer(said.content | kept, said.children)))
        _stand_behind(actor, file, said.content & now.content)
    return row


def _stand_behind(actor: Actor, file: EvidenceFile, codes: frozenset[str]) -> None:
    """Another person's word for labels that feed our own lists."""
    for code in sorted(codes & LISTED):
        people = agreeing_on([file.sha256], code).get(file.sha256, ())
        if people and actor.person_key not in people:
            append(actor, file, [(WHOLE, code, True)], told=False)


def _file(actor: Actor, row: Look) -> EvidenceFile:
    """A copy that the person may see; the offer asked for one."""
    file: EvidenceFile = copies_for(actor, row.sha256)[0]
    return file


def _in_force(said: Answer) -> Answer:
    """Without retired labels, which nobody can say any more."""
    live = frozenset(label.code for label in vocabulary.own().in_force)
    return Answer(said.content & live, tuple(labels & live for labels in said.children))


def _check(said: Answer) -> None:
    own = vocabulary.own()
    of_content = {label.code for label in own.about(CONTENT)}
    of_child = {label.code for label in own.about(CHILD)}
    if unknown := sorted(said.content - of_content):
        raise Invalid(f"There is no such label: {', '.join(unknown)}.", field="content")
    if len(said.children) > MOST_CHILDREN:
        raise Invalid(f"Tell at most {MOST_CHILDREN} children apart.", field="children")
    for labels in said.children:
        if unknown := sorted(labels - of_child):
            raise Invalid(f"There is no such label: {', '.join(unknown)}.", field="children")
        if any(own.rivals(code) & labels for code in labels):
            raise Invalid("Say one of these of a child, not several.", field="children")


def _note(actor: Actor, row: Look, verb: Verb, **more: str) -> None:
    detail = {"look": str(row.pk), "sha256": row.sha256, **more}
    file = copies_for(actor, row.sha256).first()
    subject = f"report:{file.report_id}" if file else f"look:{row.pk}"
    record(actor, verb, subject, detail=detail)
