"""Writing label events: the only place that does. Callers have asked whether the actor may."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.errors import NotVisible
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.annotation import rules, vocabulary
from tipline.insight.annotation.errors import ChangedMeanwhile
from tipline.insight.annotation.events import ContentLabelled
from tipline.insight.annotation.looks import asking
from tipline.insight.annotation.models import LabelEvent
from tipline.insight.annotation.queries import agreeing_on, event_rows, events_on
from tipline.insight.annotation.rules_standing import (
    CHILD_EVENT,
    WHOLE,
    Standing,
    Wanted,
    differences,
    meanwhile,
    reversing,
    standing,
)
from tipline.insight.lists.own import follow
from tipline.record.evidence.models import EvidenceFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tipline.insight.annotation.rules_standing import Event


@contextmanager
def holding(sha256: str) -> Iterator[None]:
    """Let nobody else change what is said of these bytes until this transaction ends."""
    with write_tx():
        rows = EvidenceFile.objects.select_for_update(no_key=True).filter(sha256=sha256)
        rows.order_by("pk").values_list("pk", flat=True).first()
        yield


def write(
    actor: Actor, file: EvidenceFile, wanted: Sequence[Wanted], seen: int | None = None
) -> list[LabelEvent]:
    """Write those changes that change something, as one act.

    ``seen``: the position that the actor's form has seen; :class:`ChangedMeanwhile` when others
    have changed the same things since. Without it nothing is compared.
    """
    with holding(file.sha256):
        events = events_on(file.sha256)
        if seen is not None:
            _refuse_unseen(events, wanted, seen, actor.person_key)
        return append(actor, file, differences(standing(events), wanted))


def take_back(actor: Actor, file: EvidenceFile, act: str) -> list[LabelEvent]:
    """Reverse an act of the actor; :class:`ChangedMeanwhile` when somebody has said so anew."""
    with holding(file.sha256):
        events = events_on(file.sha256)
        if not any(one.act == act and one.author == actor.person_key for one in events):
            raise NotVisible("There is no such act.")
        wanted, against = reversing(events, act, actor.person_key)
        if against:
            raise ChangedMeanwhile(event_rows(event.id for event in against))
        return append(actor, file, wanted)


def _refuse_unseen(
    events: Sequence[Event], wanted: Sequence[Wanted], seen: int, author: int
) -> None:
    rivals = [
        (child, rival, True)
        for child, code, _present in wanted
        for rival in vocabulary.own().rivals(code)
    ]
    found = meanwhile(events, [*wanted, *rivals], seen, author)
    if found:
        raise ChangedMeanwhile(event_rows(event.id for event in found))


def append(
    actor: Actor, file: EvidenceFile, wanted: Iterable[Wanted], *, told: bool = True
) -> list[LabelEvent]:
    """Add these events in the caller's transaction; our own lists follow in it.

    ``told``: false for words that change no label; they are announced when a list changed.
    """
    act, now = random_hex(), clock.now()
    events = [
        LabelEvent(
            sha256=file.sha256,
            vocabulary=vocabulary.own().stamp,
            code=code,
            child=child,
            present=present,
            act=act,
            author_id=actor.person_key,
            at=now,
        )
        for child, code, present in wanted
    ]
    keep(actor, file, events)
    listed = [follow_list(actor, file.sha256, event.code) for event in events]
    asking.ask(file.sha256, events)
    if events and (told or any(listed)):
        announce(ContentLabelled(file.sha256), dedup_key=file.sha256)
    return events


def keep(actor: Actor, file: EvidenceFile, events: Sequence[LabelEvent]) -> None:
    """Store the events and put them on the ledger."""
    for event in LabelEvent.objects.bulk_create(events):
        detail = {"file": file.file_id, "sha256": file.sha256, "label": event.code}
        if event.child != WHOLE:
            detail["child"] = str(event.child)
        record(actor, _verb(event), f"report:{file.report_id}", detail=detail)


def _verb(event: LabelEvent) -> Verb:
    if event.code == CHILD_EVENT:
        return Verb.LABEL_CHILD_ADDED if event.present else Verb.LABEL_CHILD_REMOVED
    return Verb.LABEL_SET if event.present else Verb.LABEL_WITHDRAWN


def follow_list(actor: Actor, sha256: str, code: str) -> bool:
    """Put the bytes on the list that the label feeds, or take them off; True when changed."""
    people = agreeing_on([sha256], code).get(sha256, ())
    return follow(actor, code, sha256, agreed=len(people) >= rules.PEOPLE_NEEDED)


def standing_of(file: EvidenceFile) -> Standing:
    """What holds of the file's bytes now."""
    return standing(events_on(file.sha256))
