"""The only writer of labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.annotation import rules
from tipline.insight.annotation.events import ContentLabelled
from tipline.insight.annotation.models import LabelEvent
from tipline.insight.annotation.queries import agreeing_on, labels_of
from tipline.insight.annotation.vocabulary import CODES, VIRAL, VOCABULARY
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


def confirm_viral(actor: Actor, file: EvidenceFile) -> bool:
    """Another person says that these bytes are widely spread; True when this call said so.

    Only where the label is set: once enough people stand behind it, the bytes are on our own
    viral list. :class:`Conflict` when somebody has withdrawn it meanwhile.
    """
    actor.require(Permission.LABELS_WRITE)
    with write_tx():
        _hold(file.sha256)
        people = agreeing_on([file.sha256]).get(file.sha256, ())
        if not people:
            raise Conflict("Nobody calls these bytes widely spread any more.")
        if actor.person_key in people:
            return False
        _keep(actor, file, [_event(actor, file, VIRAL, present=True)])
        if len(people) + 1 == rules.PEOPLE_NEEDED:
            announce(ContentLabelled(file.sha256), dedup_key=file.sha256)
    return True


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
