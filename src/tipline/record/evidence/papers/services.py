"""The only writer of openings, of the files that they name, and of their states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.record.evidence.events import OpeningRecorded
from tipline.record.evidence.models import EvidenceFile, Opening, OpeningFile, OpeningStep
from tipline.record.evidence.papers.rules import FIRST, NEXT, State, state_of

LONGEST_REASON = 500
_LONGEST = {"reference": 100, "issuer": 200, "approved_by": 200}
_VERBS = {
    State.GRANTED: Verb.OPENING_GRANTED,
    State.DENIED: Verb.OPENING_DENIED,
    State.REVOKED: Verb.OPENING_REVOKED,
    State.ENDED: Verb.OPENING_ENDED,
}


@dataclass(frozen=True, slots=True)
class OpeningTerms:
    """What a warrant, consent or exigency says: kind, its number, who issued it, from, until.

    ``approved_by``: the named supervisor, for an exigency. ``state``: granted, or only applied
    for, which opens nothing. All times aware.
    """

    kind: str
    reference: str
    issuer: str
    valid_from: datetime
    valid_until: datetime | None = None
    approved_by: str = ""
    state: str = State.GRANTED.value


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of a paper. ``reason``: in the words of who says so.

    ``valid_from``, ``valid_until``, ``approved_by``: what was granted, where a paper that was
    applied for is granted; else nothing.
    """

    to: State
    reason: str
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    approved_by: str = ""


def named_files(files: Sequence[EvidenceFile], ids: Iterable[str]) -> list[EvidenceFile]:
    """The files of one report that a paper names. Raises Invalid for any that are not of it."""
    wanted = list(dict.fromkeys(ids))
    known = {file.file_id: file for file in files}
    if strange := [one for one in wanted if one not in known]:
        raise Invalid(
            f"{len(strange)} of the files named are not of this report. A paper is recorded on "
            "the page of each report whose files it names.",
            field="named",
        )
    return [known[one] for one in wanted]


def record_opening(actor: Actor, files: Sequence[EvidenceFile], terms: OpeningTerms) -> Opening:
    """Record what opens these files to the actor's organisation, and to nobody else."""
    actor.require(Permission.EVIDENCE_RECORD_OPENING)
    files = list({file.pk: file for file in files}.values())
    _check(terms, files)
    with write_tx():
        opening = Opening.objects.create(
            kind=terms.kind,
            state=terms.state,
            holder_id=actor.organisation_key,
            reference=terms.reference.strip(),
            issuer=terms.issuer.strip(),
            approved_by=terms.approved_by.strip(),
            valid_from=terms.valid_from,
            valid_until=terms.valid_until,
            recorded_by_id=actor.person_key,
            recorded_at=clock.now(),
        )
        OpeningFile.objects.bulk_create(OpeningFile(opening=opening, file=f) for f in files)
        _step(actor, opening, "")
        detail = {"kind": terms.kind, "state": terms.state, "files": len(files)}
        _tell(actor, Verb.OPENING_RECORDED, opening.pk, detail)
    return opening


def end_opening(actor: Actor, number: int, opening_id: int) -> None:
    """End an opening of the actor's organisation, from now on: recorded wrongly, or withdrawn."""
    opening = _mine(actor, number, opening_id)
    if State.ENDED not in NEXT[state_of(opening.state, opening.ended_at is not None)]:
        raise NotVisible("There is no such opening in force.")
    move_opening(actor, number, opening_id, Move(State.ENDED, "Ended by its holder."))


def move_opening(actor: Actor, number: int, opening_id: int, move: Move) -> Opening:
    """Record what became of a paper of the actor's organisation; what it opens follows at once.

    ``number``: a report of which it names a file. Conflict where its state does not lead there,
    as when somebody else was faster; the same move again is the same move.
    """
    opening = _mine(actor, number, opening_id)
    reason = _reason(move.reason)
    before = state_of(opening.state, opening.ended_at is not None)
    if before is move.to:
        return opening
    if move.to not in NEXT[before]:
        raise Conflict(_NO_WAY[before])
    changed = _granted(opening, move) if move.to is State.GRANTED else {}
    if move.to in {State.ENDED, State.REVOKED}:
        changed = {"ended_at": clock.now()}
    with write_tx():
        unmoved = Opening.objects.filter(pk=opening.pk, state=before, ended_at=None)
        if not unmoved.update(state=move.to, **changed):
            raise Conflict("Somebody else has changed this paper meanwhile. Look again.")
        opening.refresh_from_db()
        _step(actor, opening, reason)
        _tell(actor, _VERBS[move.to], opening.pk, {"from": before.value})
    return opening


_NO_WAY = {
    State.APPLIED: "It is applied for: it can be granted, denied or withdrawn.",
    State.GRANTED: "It is granted: it can be revoked or ended.",
    State.DENIED: "It was denied, and that is final. Record a new paper when there is one.",
    State.REVOKED: "It was revoked, and that is final. Record a new paper when there is one.",
    State.ENDED: "It was ended, and that is final. Record a new paper when there is one.",
}


def _mine(actor: Actor, number: int, opening_id: int) -> Opening:
    """A paper of the actor's organisation that names a file of this report; else NotVisible."""
    actor.require(Permission.EVIDENCE_RECORD_OPENING)
    named = OpeningFile.objects.filter(opening_id=opening_id, file__report_id=number)
    rows = Opening.objects.filter(pk__in=named.values("opening_id"))
    opening = rows.filter(holder_id=actor.organisation_key).first()
    if opening is None:
        raise NotVisible("There is no such opening in force.")
    return opening


def _granted(opening: Opening, move: Move) -> dict[str, object]:
    """What the grant says, checked as if it were recorded now; else what was applied for."""
    terms = OpeningTerms(
        opening.kind,
        opening.reference,
        opening.issuer,
        move.valid_from or opening.valid_from,
        move.valid_until if move.valid_from else opening.valid_until,
        move.approved_by.strip() or opening.approved_by,
    )
    _check_terms(terms)
    return {
        "valid_from": terms.valid_from,
        "valid_until": terms.valid_until,
        "approved_by": terms.approved_by,
    }


def _step(actor: Actor, opening: Opening, reason: str) -> None:
    OpeningStep.objects.create(
        opening=opening,
        state=opening.state,
        valid_from=opening.valid_from,
        valid_until=opening.valid_until,
        reason=reason,
        by_id=actor.person_key,
        at=clock.now(),
    )


def _tell(actor: Actor, verb: Verb, opening_id: int, detail: dict[str, object]) -> None:
    """On the ledger of every report of which it names a file, and to what derives from them."""
    rows = OpeningFile.objects.filter(opening_id=opening_id)
    for number in sorted(set(rows.values_list("file__report_id", flat=True))):
        record(actor, verb, f"report:{number}", detail={"opening": opening_id, **detail})
        announce(OpeningRecorded(number), dedup_key=str(number))


def _reason(text: str) -> str:
    said = text.replace("\x00", "").strip()
    if not said:
        raise Invalid("Say why.", field="reason")
    if len(said) > LONGEST_REASON:
        raise Invalid(f"Write at most {LONGEST_REASON} characters.", field="reason")
    return said


def _check(terms: OpeningTerms, files: Sequence[EvidenceFile]) -> None:
    if terms.kind not in {kind for kind, _words in Opening.KINDS}:
        raise Invalid("Choose warrant, consent or exigency.", field="kind")
    if terms.state not in FIRST:
        raise Invalid("A paper is granted or applied for when it is recorded.", field="state")
    if not files:
        raise Invalid("Name at least one file.", field="files")
    for name, longest in _LONGEST.items():
        if len(getattr(terms, name).strip()) > longest:
            raise Invalid(f"Write at most {longest} characters.", field=name)
    if not terms.reference.strip():
        raise Invalid("Give the number of the paper.", field="reference")
    if not terms.issuer.strip():
        raise Invalid("Say who issued it.", field="issuer")
    if terms.state == State.GRANTED:
        _check_terms(terms)


def _check_terms(terms: OpeningTerms) -> None:
    if len(terms.approved_by) > _LONGEST["approved_by"]:
        raise Invalid(f"Write at most {_LONGEST['approved_by']} characters.", field="approved_by")
    if terms.kind != "warrant" and terms.valid_until is None:
        raise Invalid("Consent and exigency need an end.", field="valid_until")
    if terms.kind == "exigency" and not terms.approved_by.strip():
        raise Invalid("Name the supervisor who approved it.", field="approved_by")
    if terms.valid_until is not None and terms.valid_until <= terms.valid_from:
        raise Invalid("The end must be after the start.", field="valid_until")
