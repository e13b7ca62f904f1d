"""The only writer of looks, wishes, limits and breaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tipline.ground.accounts.queries import hold_person, lookers_of
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid, NotVisible
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.annotation import vocabulary
from tipline.insight.care.errors import LimitReached
from tipline.insight.care.models import Break, Limit, Look
from tipline.insight.care.models import Wishes as WishesRow
from tipline.insight.care.policy import MOST_LOOKS
from tipline.insight.care.queries import may_look, policy, wishes_of
from tipline.insight.care.rules import Limits, Stopped
from tipline.insight.care.rules_wishes import Wishes
from tipline.record.evidence.gate import GateDecision
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.passes import make_pass
from tipline.record.evidence.rules_passes import Kind
from tipline.record.evidence.services import note_preview

#: A picture that was left open is not looked at for longer than this.
MOST_SECONDS = 900
_VERBS = {Kind.PREVIEW: Verb.FILE_PREVIEWED, Kind.REVEAL: Verb.FILE_REVEALED}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to look at: which kind of picture, why, and which frame of a video.

    ``decision``: what the gate said, to be kept with the look.
    """

    kind: Kind
    purpose: str
    at_ms: int | None = None
    decision: GateDecision | None = None


def look(actor: Actor, file: EvidenceFile, wanted: Wanted) -> str:
    """One look: counted, on the ledger with its purpose, and a pass for the picture.

    The caller has asked the gate. :class:`LimitReached` where it would be one too many.
    """
    actor.require(Permission.EVIDENCE_OPEN)
    with write_tx():
        hold_person(actor.person_key)  # two windows at once: one after the other
        found = may_look(actor, wanted.kind)
        if isinstance(found, Stopped):
            raise LimitReached(found)
        _count(actor, file, wanted)
        return make_pass(actor, file, wanted.kind, at_ms=wanted.at_ms)


def looked(actor: Actor, file: EvidenceFile, kind: Kind, purpose: str) -> None:
    """Count a look for the one who looked, and put it with its purpose on the ledger."""
    with write_tx():
        _count(actor, file, Wanted(Kind(kind), purpose))


def _count(actor: Actor, file: EvidenceFile, wanted: Wanted) -> None:
    Look.objects.create(
        person_id=actor.person_key,
        file=file,
        kind=wanted.kind,
        at_ms=wanted.at_ms,
        at=clock.now(),
    )
    verb, decision = _VERBS[wanted.kind], wanted.decision
    note_preview(actor, file, verb, decision=decision, purpose=wanted.purpose)


def closed(actor: Actor, file: EvidenceFile) -> None:
    """The person has closed the picture of this file: that says how long they looked."""
    last = Look.objects.filter(person_id=actor.person_key).order_by("-at", "-pk").first()
    if last is None or last.file_id != file.pk or last.seconds is not None:
        return
    seconds = int((clock.now() - last.at).total_seconds())
    with write_tx():
        told = Look.objects.filter(pk=last.pk, seconds__isnull=True)
        told.update(seconds=min(max(seconds, 0), MOST_SECONDS))


def wish(actor: Actor, wishes: Wishes) -> None:
    """Keep what this person wishes for their own work; the same again changes nothing."""
    actor.require(Permission.EVIDENCE_OPEN)
    if unknown := sorted(wishes.off - vocabulary.own().by_code.keys()):
        raise Invalid(f"There is no such label: {', '.join(unknown)}.", field="off")
    _check(Limits(looks=wishes.looks))
    if wishes == wishes_of(actor):
        return
    with write_tx():
        WishesRow.objects.create(
            person_id=actor.person_key, content=wishes.as_json(), at=clock.now()
        )


def set_limit(actor: Actor, person_id: int | None, limits: Limits, why: str) -> Limit:
    """Set what a person of the actor's team may look at in any 24 hours; without one the team."""
    actor.require(Permission.CARE_LIMITS_SET)
    if not 3 <= len(why.strip()) <= 300:
        raise Invalid("Say why in 3 to 300 characters.", field="why")
    _check(limits)
    people = {person.pk for person in lookers_of(actor.organisation_key)}
    if person_id is not None and person_id not in people:
        raise NotVisible("There is no such person in your team.")
    with write_tx():
        row = Limit.objects.create(
            organisation_id=actor.organisation_key,
            person_id=person_id,
            looks=limits.looks,
            reveals=limits.reveals,
            why=why.strip(),
            set_by_id=actor.person_key,
            set_at=clock.now(),
        )
        whose = f"person:{person_id}" if person_id else f"organisation:{actor.organisation_key}"
        record(actor, Verb.CARE_LIMIT_SET, whose, detail={"limit": row.pk})
    return row


def _check(limits: Limits) -> None:
    for name in ("looks", "reveals"):
        value = getattr(limits, name)
        if value is not None and not 0 <= value <= MOST_LOOKS:
            raise Invalid(f"Give a whole number from 0 to {MOST_LOOKS}, or nothing.", field=name)
    if limits.looks is not None and limits.reveals is not None and limits.reveals > limits.looks:
        raise Invalid("A reveal is a look, too: give at most as many as looks.", field="reveals")


def take_break(actor: Actor) -> datetime:
    """Begin a break; when it is over. It may be ended at any time by looking again."""
    actor.require(Permission.EVIDENCE_OPEN)
    now = clock.now()
    ends = now + policy().breaks.lasts
    with write_tx():
        Break.objects.create(person_id=actor.person_key, at=now, taken=True, ends_at=ends)
    return ends


def put_off_break(actor: Actor) -> None:
    """Later: it is offered again after some more looks."""
    actor.require(Permission.EVIDENCE_OPEN)
    with write_tx():
        Break.objects.create(person_id=actor.person_key, at=clock.now(), taken=False)
