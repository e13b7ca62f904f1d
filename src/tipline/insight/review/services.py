"""Working the queue of contents: take, judge, leave, take back."""

from __future__ import annotations

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.queries import events_after
from tipline.insight.annotation.services import MOST_CHILDREN, undo
from tipline.insight.annotation.vocabulary import CHILD, CONTENT
from tipline.insight.annotation.writing import holding, standing_of, write
from tipline.insight.care.queries import unwished
from tipline.insight.review import rules
from tipline.insight.review.errors import ClosedMeanwhile, SaidMeanwhile
from tipline.insight.review.keeping import look_again
from tipline.insight.review.models import Content, Review
from tipline.insight.review.queries import (
    content_types,
    free_for,
    held,
    waiting,
    with_files,
)
from tipline.insight.review.rules import Ending, How, Said
from tipline.record.evidence.access import decisions
from tipline.record.evidence.services import note_preview

#: So often another one is tried when somebody was faster, or when it is known meanwhile.
TRIES = 50
#: So many are looked through for one that a person has not wished away.
AT_ONCE = 100


def take(actor: Actor, *, closed: bool = False) -> Content | None:
    """The next content for this person: what they hold already, else the first that is free.

    What looks like it is held with it. None when nothing waits. ``closed``: of those that the
    gate closes. Looked at once more before it is given out: a list or a label may know it since.
    """
    actor.require(Permission.LABELS_WRITE)
    for row in held(actor).filter(open=not closed):
        if _still(actor, row, closed=closed):
            return _renewed(actor, row)
    for _try in range(TRIES):
        first = _first(actor, closed=closed)
        if first is None:
            return None
        if _still(actor, first, closed=closed) and _hold(actor, first):
            return with_files(Content.objects.filter(pk=first.pk)).get()
    return None


def _first(actor: Actor, *, closed: bool) -> Content | None:
    """The first in the order that this person has not wished away; of those looked through."""
    for most in (1, AT_ONCE):
        rows = list(with_files(waiting(actor, closed=closed))[:most])
        wished_away = {} if closed else unwished(actor, [row.file for row in rows])
        found = next((row for row in rows if row.file_id not in wished_away), None)
        if found is not None or len(rows) < most:
            return found
    return None


def _still(actor: Actor, row: Content, *, closed: bool) -> bool:
    """Whether it waits on, in this line, for this person."""
    with write_tx():
        now = look_again(row)
        is_open = now.open and decisions(actor, [now.file])[now.file_id].open
        if now.open and not is_open:
            Content.objects.filter(pk=row.pk).update(open=False)
    return now.ended == Ending.WAITING and is_open is not closed


def _hold(actor: Actor, first: Content) -> bool:
    """Take it and what looks like it, unless somebody was faster."""
    now = clock.now()
    lease = {"held_by_id": actor.person_key, "held_until": now + rules.LEASE}
    free = waiting(actor, closed=not first.open).filter(look_alike=first.look_alike)
    with write_tx():
        if not Content.objects.filter(free_for(actor, now), pk=first.pk, ended="").update(**lease):
            return False
        others = list(free.exclude(pk=first.pk).values_list("pk", flat=True)[: rules.MOST_BESIDE])
        Content.objects.filter(free_for(actor, now), pk__in=others, ended="").update(**lease)
        detail = {"file": first.file.file_id, "with": len(others)}
        record(actor, Verb.CONTENT_TAKEN, f"report:{first.file.report_id}", detail=detail)
    return True


def _renewed(actor: Actor, row: Content) -> Content:
    """Each act lengthens the lease, and that of what is held with it."""
    mine = Content.objects.filter(held_by_id=actor.person_key, look_alike=row.look_alike)
    mine.update(held_until=clock.now() + rules.LEASE)
    return row


def give_back(actor: Actor) -> int:
    """Leave everything that this person holds to the others; how many contents."""
    actor.require(Permission.LABELS_WRITE)
    return Content.objects.filter(held_by_id=actor.person_key).update(held_by=None, held_until=None)


def judge(actor: Actor, row: Content, said: Said, seen: int) -> Review:
    """Make these the labels of the content and of the children in it, as one act.

    ``seen``: the newest statement that the person saw (:attr:`Standing.position`).
    :class:`Invalid` without a content type; :class:`SaidMeanwhile` when somebody else has said
    something of it since; :class:`ClosedMeanwhile` when the gate has closed it;
    :class:`Conflict` when somebody else holds it. Nothing is changed then.
    """
    actor.require(Permission.LABELS_WRITE)
    _check(said)
    _stop_at_the_gate(actor, row)
    with holding(row.sha256):
        row = _locked(actor, row)
        if others := events_after(row.sha256, seen, actor.person_key):
            raise SaidMeanwhile(others)
        wanted = rules.changes(standing_of(row.file), said, _may_be_set())
        events = write(actor, row.file, wanted)
        made = _made(actor, row, How.LABELLED, said, events[0].act if events else "")
        _end(row, Ending.LABELLED)
    return made


def _check(said: Said) -> None:
    """A content type, only labels in force, each of its own subject, no two that rule out."""
    own = vocabulary.own()
    subjects = [(CONTENT, said.content), *((CHILD, codes) for codes in said.children.values())]
    for subject, codes in subjects:
        if unknown := sorted(codes - {label.code for label in own.about(subject)}):
            raise Invalid(f"There is no such label: {', '.join(unknown)}.", field="labels")
        if any(own.rivals(code) & codes for code in codes):
            raise Invalid("Say one of these of a child, not several.", field="children")
    if len(said.children) > MOST_CHILDREN:
        raise Invalid(f"Tell at most {MOST_CHILDREN} children apart.", field="children")
    if not rules.judged(said.labels, content_types()):
        raise Invalid("Say what it is: one label of the group Content.", field="labels")


def _may_be_set() -> frozenset[str]:
    return frozenset(label.code for label in vocabulary.own().in_force)


def _stop_at_the_gate(actor: Actor, row: Content) -> None:
    """Labels from a look need the gate open still; the refusal is on the ledger."""
    decision = decisions(actor, [row.file])[row.file_id]
    if decision.open and row.file.destroyed_at is None:
        return
    blocked = f"rule {decision.rule}"
    note_preview(actor, row.file, Verb.FILE_BLOCKED, decision=decision, purpose=blocked)
    Content.objects.filter(pk=row.pk).update(open=False)
    raise ClosedMeanwhile(decision.rule)


def _locked(actor: Actor, row: Content) -> Content:
    """The row, held by nobody else, while the caller's transaction lasts."""
    rows = Content.objects.select_for_update(of=("self",)).select_related("file__report__key")
    found = rows.filter(free_for(actor, clock.now()), pk=row.pk).first()
    if found is None:
        raise Conflict("Somebody else has this content now. Nothing was changed.")
    return found


def judge_closed(actor: Actor, row: Content, how: How) -> Review:
    """Judge by its metadata what the gate closes: ask for a paper that opens it, or leave it."""
    actor.require(Permission.LABELS_WRITE)
    if how not in rules.BY_METADATA:
        raise Invalid("Choose one of the two answers.", field="how")
    with write_tx():
        row = _locked(actor, row)
        if row.open:
            raise Conflict("The gate opens this file now. Look at it, or leave it to others.")
        made = _made(actor, row, how)
        _end(row, Ending.JUDGED_CLOSED)
    return made


def skip(actor: Actor, row: Content) -> Review:
    """Leave it to others, without a reason; it is not offered to this person for a while."""
    actor.require(Permission.LABELS_WRITE)
    with write_tx():
        row = _locked(actor, row)
        made = _made(actor, row, How.SKIPPED)
        Content.objects.filter(pk=row.pk).update(held_by=None, held_until=None)
    return made


def _made(actor: Actor, row: Content, how: How, said: Said | None = None, act: str = "") -> Review:
    now = clock.now()
    begun = (row.held_until or now + rules.LEASE) - rules.LEASE
    made = Review.objects.create(
        content=row,
        file=row.file,
        by_id=actor.person_key,
        how=how,
        act=act,
        said=said.as_json() if said else {},
        begun_at=min(begun, now),
        at=now,
    )
    detail = {"review": made.pk, "how": str(how), "file": row.file.file_id}
    record(actor, Verb.CONTENT_REVIEWED, f"report:{row.file.report_id}", detail=detail)
    return made


def _end(row: Content, why: Ending) -> None:
    Content.objects.filter(pk=row.pk).update(
        ended=why, ended_at=clock.now(), held_by=None, held_until=None
    )


def take_back(actor: Actor, review: Review) -> Content:
    """Undo a review of this person: its labels are as before, and they hold the content again.

    What somebody else has changed since stays as they left it.
    :class:`~tipline.insight.annotation.errors.ChangedMeanwhile` when somebody has said the same
    anew, :class:`Conflict` when somebody else holds the content; nothing is changed then.
    """
    actor.require(Permission.LABELS_WRITE)
    if review.by_id != actor.person_key:
        raise NotVisible("There is no such review.")
    now = clock.now()
    with holding(review.content.sha256):
        row = _locked(actor, review.content)
        mine = Review.objects.filter(pk=review.pk, taken_back_at__isnull=True)
        if not mine.update(taken_back_at=now):
            return row
        if review.act:
            undo(actor, row.file, review.act)
        lease = {"held_by_id": actor.person_key, "held_until": now + rules.LEASE}
        Content.objects.filter(pk=row.pk).update(**lease)
        look_again(row)
        detail = {"review": review.pk, "file": row.file.file_id}
        record(actor, Verb.CONTENT_REVIEW_TAKEN_BACK, f"report:{row.file.report_id}", detail=detail)
    return with_files(Content.objects.filter(pk=row.pk)).get()
