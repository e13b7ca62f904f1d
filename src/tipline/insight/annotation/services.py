"""The only writer of labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM, Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.annotation import rules
from tipline.insight.annotation.events import ContentLabelled
from tipline.insight.annotation.models import LabelEvent
from tipline.insight.annotation.queries import agreeing_on, labels_of, said_by_enough
from tipline.insight.annotation.vocabulary import CODES, VOCABULARY
from tipline.insight.lists.own import LABELS as LISTED
from tipline.insight.lists.own import follow, listed_under
from tipline.record.evidence.models import EvidenceFile


def set_labels(actor: Actor, file: EvidenceFile, wanted: Iterable[str]) -> list[LabelEvent]:
    """Make these the labels of the file's bytes, in every report that has them.

    Only differences are written: a label set or withdrawn is one new event. The same form
    sent twice changes nothing the second time. A form that others may have filled in
    meanwhile withdraws what it has not seen: for one label use :func:`set_label`.
    """
    codes = frozenset(wanted)
    return _write(actor, file, {code: code in codes for code in codes | CODES})


def set_label(actor: Actor, file: EvidenceFile, code: str, *, present: bool) -> list[LabelEvent]:
    """Set one label on the file's bytes, or withdraw it; all others stay as they are."""
    return _write(actor, file, {code: present})


def confirm_label(actor: Actor, file: EvidenceFile, code: str) -> bool:
    """Another person stands behind a label of these bytes; True when this call said so.

    Only a label that feeds one of our own lists, and only where it is set: once enough people
    stand behind it, the bytes are on that list. :class:`Conflict` when somebody has withdrawn it
    meanwhile.
    """
    actor.require(Permission.LABELS_WRITE)
    if code not in LISTED:
        raise Invalid("This label puts nothing on a list.", field="labels")
    with write_tx():
        _hold(file.sha256)
        people = agreeing_on([file.sha256], code).get(file.sha256, ())
        if not people:
            raise Conflict("Nobody stands behind this label any more.")
        if actor.person_key in people:
            return False
        _keep(actor, file, [_event(actor, file, code, present=True)])
        if _follow(actor, file.sha256, code):
            announce(ContentLabelled(file.sha256), dedup_key=file.sha256)
    return True


def lists_follow() -> int:
    """Put on our own lists, or take off, what the statements say; how many changed.

    They follow with each statement anyway: this is for statements that were made before there
    was a list of their label.
    """
    changed = 0
    for code in sorted(LISTED):
        for sha256 in sorted(said_by_enough(code) ^ listed_under(code)):
            with write_tx():
                _hold(sha256)
                if _follow(SYSTEM, sha256, code):
                    changed += 1
                    announce(ContentLabelled(sha256), dedup_key=sha256)
    return changed


def _follow(actor: Actor, sha256: str, code: str) -> bool:
    people = agreeing_on([sha256], code).get(sha256, ())
    return follow(actor, code, sha256, agreed=len(people) >= rules.PEOPLE_NEEDED)


def _write(actor: Actor, file: EvidenceFile, wanted: Mapping[str, bool]) -> list[LabelEvent]:
    actor.require(Permission.LABELS_WRITE)
    if unknown := sorted(wanted.keys() - CODES):
        raise Invalid(f"There is no such label: {', '.join(unknown)}.", field="labels")
    with write_tx():
        _hold(file.sha256)
        now = labels_of([file.sha256]).get(file.sha256, frozenset())
        events = [
            _event(actor, file, code, present=present)
            for code, present in sorted(wanted.items())
            if present != (code in now)
        ]
        _keep(actor, file, events)
        for event in events:
            _follow(actor, file.sha256, event.code)
        if events:
            announce(ContentLabelled(file.sha256), dedup_key=file.sha256)
    return events


def _hold(sha256: str) -> None:
    """Let nobody else change the labels of these bytes until the caller's transaction ends."""
    LabelEvent.objects.select_for_update().filter(sha256=sha256).order_by("pk").first()


def _keep(actor: Actor, file: EvidenceFile, events: Iterable[LabelEvent]) -> None:
    for event in LabelEvent.objects.bulk_create(events):
        verb = Verb.LABEL_SET if event.present else Verb.LABEL_WITHDRAWN
        detail = {"file": file.file_id, "sha256": file.sha256, "label": event.code}
        record(actor, verb, f"report:{file.report_id}", detail=detail)


def _event(actor: Actor, file: EvidenceFile, code: str, *, present: bool) -> LabelEvent:
    return LabelEvent(
        sha256=file.sha256,
        vocabulary=VOCABULARY,
        code=code,
        present=present,
        author_id=actor.person_key,
        at=clock.now(),
    )
