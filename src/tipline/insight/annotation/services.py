"""The only writer of labels.

Every call returns the events that it wrote; each carries the same ``act``, by which
:func:`undo` takes all of them back. ``seen`` is the position that a form was made from
(:attr:`rules_standing.Standing.position`): with it, a form that has not seen what others changed
since is refused, with what and who, and nothing is written. Nothing is ever overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable

from tipline.ground.foundation.actor import SYSTEM, Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.errors import RetiredLabel
from tipline.insight.annotation.events import ContentLabelled
from tipline.insight.annotation.models import LabelEvent
from tipline.insight.annotation.queries import agreeing_on, said_by_enough
from tipline.insight.annotation.rules_standing import CHILD_EVENT, WHOLE, Standing, Wanted
from tipline.insight.annotation.rules_vocabulary import CHILD, LabelCode
from tipline.insight.annotation.writing import (
    append,
    follow_list,
    holding,
    standing_of,
    take_back,
    write,
)
from tipline.insight.lists.own import LABELS as LISTED
from tipline.insight.lists.own import listed_under
from tipline.record.evidence.models import EvidenceFile

#: More children than this in one content are counted, not told apart.
MOST_CHILDREN = 50


def set_labels(actor: Actor, file: EvidenceFile, wanted: Iterable[str]) -> list[LabelEvent]:
    """Make these the labels of the file's content, in every report that has the bytes.

    Only differences are written: a label set or withdrawn is one new event. The same form
    sent twice changes nothing the second time. A form that others may have filled in
    meanwhile withdraws what it has not seen: for one label use :func:`set_label`. Labels of
    children are not touched.
    """
    actor.require(Permission.LABELS_WRITE)
    own, codes = vocabulary.own(), frozenset(wanted)
    with holding(file.sha256):
        now = standing_of(file).content
        for code in codes:
            _may_stand(code, child=None, present=code not in now)
        of_content = {label.code for label in own.labels if label.subject != CHILD}
        return write(actor, file, [(WHOLE, c, c in codes) for c in sorted(of_content | now)])


def set_label(
    actor: Actor,
    file: EvidenceFile,
    code: str,
    *,
    present: bool,
    child: int | None = None,
    seen: int | None = None,
) -> list[LabelEvent]:
    """Set one label on the file's bytes, or withdraw it; all others stay as they are.

    ``child``: the number of the depicted child, for a label of children; the next free number
    adds that child in the same act. A label of a group of which one holds takes its rivals back.
    :class:`Invalid` names what is wrong, :class:`RetiredLabel` what replaced a retired label.
    """
    actor.require(Permission.LABELS_WRITE)
    label = _may_stand(code, child=child, present=present)
    with holding(file.sha256):
        now = standing_of(file)
        number = child or WHOLE
        wanted = _of_child(now, number) if present else []
        if present:
            gone = vocabulary.own().rivals(label.code) & now.of(number)
            wanted += [(number, rival, False) for rival in sorted(gone)]
        return write(actor, file, [*wanted, (number, code, present)], seen)


def add_child(
    actor: Actor, file: EvidenceFile, child: int | None = None, *, seen: int | None = None
) -> list[LabelEvent]:
    """Add a depicted child; the event's ``child`` is its number, which never changes.

    With a number, that one: one that is there already changes nothing, so a form may be sent
    twice; one that was taken out is put back with its labels.
    """
    actor.require(Permission.LABELS_WRITE)
    with holding(file.sha256):
        now = standing_of(file)
        number = now.next_child if child is None else child
        if not 0 < number <= now.next_child or number > MOST_CHILDREN:
            raise Invalid(f"The next child is number {now.next_child}.", field="child")
        return write(actor, file, [(number, CHILD_EVENT, True)], seen)


def remove_child(
    actor: Actor, file: EvidenceFile, child: int, *, seen: int | None = None
) -> list[LabelEvent]:
    """Take a child out: its number is not given again, its labels count no more."""
    actor.require(Permission.LABELS_WRITE)
    with holding(file.sha256):
        if not 0 < child < standing_of(file).next_child:
            raise Invalid("There is no such child.", field="child")
        return write(actor, file, [(child, CHILD_EVENT, False)], seen)


def undo(actor: Actor, file: EvidenceFile, act: str) -> list[LabelEvent]:
    """Take back an act of the actor by the reversing events; twice changes nothing.

    :class:`ChangedMeanwhile` when somebody else has said the same anew since.
    """
    actor.require(Permission.LABELS_WRITE)
    return take_back(actor, file, act)


def confirm_label(actor: Actor, file: EvidenceFile, code: str) -> bool:
    """Another person stands behind a label of these bytes; True when this call said so.

    Only a label that feeds one of our own lists, and only where it is set: once enough people
    stand behind it, the bytes are on that list. :class:`Conflict` when somebody has withdrawn it
    meanwhile.
    """
    actor.require(Permission.LABELS_WRITE)
    if code not in LISTED:
        raise Invalid("This label puts nothing on a list.", field="labels")
    with holding(file.sha256):
        people = agreeing_on([file.sha256], code).get(file.sha256, ())
        if not people:
            raise Conflict("Nobody stands behind this label any more.")
        if actor.person_key in people:
            return False
        append(actor, file, [(WHOLE, code, True)], told=False)
    return True


def lists_follow() -> int:
    """Put on our own lists, or take off, what the statements say; how many changed.

    They follow with each statement anyway: this is for statements that were made before there
    was a list of their label.
    """
    changed = 0
    for code in sorted(LISTED):
        for sha256 in sorted(said_by_enough(code) ^ listed_under(code)):
            with write_tx(), holding(sha256):
                if follow_list(SYSTEM, sha256, code):
                    changed += 1
                    announce(ContentLabelled(sha256), dedup_key=sha256)
    return changed


def _may_stand(code: str, *, child: int | None, present: bool) -> LabelCode:
    """The label, if it may be said of this subject. What was said once may be withdrawn."""
    label = vocabulary.own().by_code.get(code)
    if label is None:
        raise Invalid(f"There is no such label: {code}.", field="labels")
    if present and label.retired:
        raise RetiredLabel(_retired(label), label.successors)
    if label.subject == CHILD and child is None:
        raise Invalid(f"Say of which child: {label.words}.", field="child")
    if child is not None and child < 1:
        raise Invalid("Children are numbered from 1.", field="child")
    if label.subject != CHILD and child is not None:
        raise Invalid(f"This is said of the whole content: {label.words}.", field="child")
    return label


def _retired(label: LabelCode) -> str:
    own = vocabulary.own()
    instead = ", ".join(str(own.words(code)) for code in label.successors) or "nothing"
    said = f"The label {label.words} is retired since version {label.retired}."
    return f"{said} Set instead, of the child that is meant: {instead}."


def _of_child(now: Standing, number: int) -> list[Wanted]:
    """The child must be there; the next one is added by what is said of it first."""
    if now.has(number):
        return []
    if number == now.next_child and number <= MOST_CHILDREN:
        return [(number, CHILD_EVENT, True)]
    if 0 < number < now.next_child:
        raise Conflict(f"Child {number} has been taken out. Put it back first.")
    raise Invalid(f"There is no child {number}; the next is {now.next_child}.", field="child")
