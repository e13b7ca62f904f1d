"""Working the queue of contents: take, judge, leave, take back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.annotation.queries import label_history, labels_of
from tipline.insight.annotation.services import set_label
from tipline.insight.annotation.vocabulary import CODES
from tipline.insight.review import rules
from tipline.insight.review.errors import ClosedMeanwhile, SaidMeanwhile
from tipline.insight.review.keeping import look_again
from tipline.insight.review.models import Content, Review
from tipline.insight.review.queries import (
    CONTENT_TYPES,
    free_for,
    held,
    waiting,
    with_files,
)
from tipline.insight.review.rules import Ending, How
from tipline.record.evidence.access import decisions
from tipline.record.evidence.services import note_preview

#: So often another one is tried when somebody was faster, or when it is known meanwhile.
TRIES = 50


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a content. ``labels``: all that hold, by their codes.

    ``seen``: the newest statement on it that the person saw, see :func:`newest_statement`.
    """

    labels: frozenset[str]
    seen: int


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
        first = with_files(waiting(actor, closed=closed)).first()
        if first is None:
            return None
        if _still(actor, first, closed=closed) and _hold(actor, first):
            return with_files(Content.objects.filter(pk=first.pk)).get()
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


def newest_statement(sha256: str) -> int:
    """The key of the newest label event on these bytes; 0 before the first."""
    history = label_history([sha256])
    return history[-1].pk if history else 0


def judge(actor: Actor, row: Content, said: Said) -> Review:
    """Make these the labels of the content: a content type and what goes with it.

    :class:`Invalid` without a content type; :class:`SaidMeanwhile` when somebody else has
    changed its labels since ``said.seen``; :class:`ClosedMeanwhile` when the gate has closed
    it; :class:`Conflict` when somebody else holds it. Nothing is changed then.
    """
    actor.require(Permission.LABELS_WRITE)
    _check(said.labels)
    _stop_at_the_gate(actor, row)
    with write_tx():
        row = _locked(actor, row)
        _nothing_said_since(actor, row, said.seen)
        before = _labels(row)
        for code in sorted(before ^ said.labels):
            set_label(actor, row.file, code, present=code in said.labels)
        made = _made(actor, row, How.LABELLED, before, said.labels)
        _end(row, Ending.LABELLED)
    return made


def _check(labels: frozenset[str]) -> None:
    if unknown := sorted(labels - CODES):
        raise Invalid(f"There is no such label: {', '.join(unknown)}.", field="labels")
    if not rules.judged(labels, CONTENT_TYPES):
        raise Invalid("Say what it is: one label of the group Content.", field="labels")


def _stop_at_the_gate(actor: Actor, row: Content) -> None:
    """Labels from a look need the gate open still; the refusal is on the ledger."""
    decision = decisions(actor, [row.file])[row.file_id]
    if decision.open and row.file.destroyed_at is None:
        return
    note_preview(actor, row.file, Verb.FILE_BLOCKED, purpose=f"rule {decision.rule}")
    Content.objects.filter(pk=row.pk).update(open=False)
    raise ClosedMeanwhile(
        f"The gate has closed this file meanwhile, by rule {decision.rule}. Nothing was changed;"
        " what you chose is kept on the page. You may judge it by its metadata."
    )


def _locked(actor: Actor, row: Content) -> Content:
    """The row, held by nobody else, while the caller's transaction lasts."""
    rows = Content.objects.select_for_update(of=("self",)).select_related("file__report__key")
    found = rows.filter(free_for(actor, clock.now()), pk=row.pk).first()
    if found is None:
        raise Conflict("Somebody else has this content now. Nothing was changed.")
    return found


def _nothing_said_since(actor: Actor, row: Content, seen: int) -> None:
    history = label_history([row.sha256])
    others = [e for e in history if e.pk > seen and e.author_id != actor.person_key]
    if others:
        raise SaidMeanwhile(
            f"{others[-1].author.name} has labelled this meanwhile. Nothing was changed; your"
            " labels are kept on the page beside theirs: keep yours, or skip."
        )


def _labels(row: Content) -> frozenset[str]:
    return labels_of([row.sha256]).get(row.sha256, frozenset())


def judge_closed(actor: Actor, row: Content, how: How) -> Review:
    """Judge by its metadata what the gate closes: ask for a paper that opens it, or leave it."""
    actor.require(Permission.LABELS_WRITE)
    if how not in rules.BY_METADATA:
        raise Invalid("Choose one of the two answers.", field="how")
    with write_tx():
        row = _locked(actor, row)
        if row.open:
            raise Conflict("The gate opens this file now. Look at it, or leave it to others.")
        made = _made(actor, row, how, (), ())
        _end(row, Ending.JUDGED_CLOSED)
    return made


def skip(actor: Actor, row: Content) -> Review:
    """Leave it to others, without a reason; it is not offered to this person for a while."""
    actor.require(Permission.LABELS_WRITE)
    with write_tx():
        row = _locked(actor, row)
        made = _made(actor, row, How.SKIPPED, (), ())
        Content.objects.filter(pk=row.pk).update(held_by=None, held_until=None)
    return made


def _made(
    actor: Actor, row: Content, how: How, before: Iterable[str], after: Iterable[str]
) -> Review:
    now = clock.now()
    begun = (row.held_until or now + rules.LEASE) - rules.LEASE
    made = Review.objects.create(
        content=row,
        file=row.file,
        by_id=actor.person_key,
        how=how,
        before=sorted(before),
        after=sorted(after),
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

    A label that somebody else has set or withdrawn since stays as they left it.
    :class:`Conflict` when somebody else holds the content now.
    """
    actor.require(Permission.LABELS_WRITE)
    if review.by_id != actor.person_key:
        raise NotVisible("There is no such review.")
    now = clock.now()
    with write_tx():
        row = _locked(actor, review.content)
        if not Review.objects.filter(pk=review.pk, taken_back_at__isnull=True).update(
            taken_back_at=now
        ):
            return row
        for code in _own_still(actor, review):
            set_label(actor, row.file, code, present=code in review.before)
        Content.objects.filter(pk=row.pk).update(
            held_by_id=actor.person_key, held_until=now + rules.LEASE
        )
        look_again(row)
        detail = {"review": review.pk, "file": row.file.file_id}
        record(actor, Verb.CONTENT_REVIEW_TAKEN_BACK, f"report:{row.file.report_id}", detail=detail)
    return with_files(Content.objects.filter(pk=row.pk)).get()


def _own_still(actor: Actor, review: Review) -> Sequence[str]:
    """The codes that the review changed and nobody else has touched since."""
    changed = set(review.before) ^ set(review.after)
    last = {event.code: event.author_id for event in label_history([review.content.sha256])}
    return [code for code in sorted(changed) if last.get(code) == actor.person_key]
