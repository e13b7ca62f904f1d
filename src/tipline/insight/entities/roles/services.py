"""The only writer of role conflicts and of what seniors answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.ground.foundation.transactions import derived_tx, write_tx
from tipline.insight.entities.forms.rules import Origin, Reading
from tipline.insight.entities.models import RoleAnswer, RoleConflict, VictimValue
from tipline.insight.entities.roles import queries
from tipline.insight.entities.roles.rules import Answer, Side, key_of, side_of
from tipline.record.reports.models import Report

#: So many reports are kept for one value of a victim: a value of more is anybody's.
MOST_PER_VALUE = 25
LEAST_NOTE = 3
MOST_NOTE = 1_000


def watch(report: Report, readings: Iterable[Reading]) -> None:
    """Tell which asserted values of a report stand on the other side elsewhere, or in itself.

    Idempotent. One statement for a report without victims' values; four more where it has any, and
    one for each of these. No more is read for a value that many reports have.
    """
    by_side = _by_side(report, readings)
    if not by_side[Side.SUSPECT] and not by_side[Side.VICTIM]:
        return
    stored, elsewhere = queries.victims(report.pk, by_side[Side.SUSPECT])
    # Committed before the suspects are looked for: of two reports that are read at once, the one
    # that commits last sees the other.
    _keep(report, by_side[Side.VICTIM], stored)
    own = {key: report.pk for key in by_side[Side.SUSPECT] if key in by_side[Side.VICTIM]}
    found = [_conflict(by_side[Side.SUSPECT][key], key, report.pk, other)
             for key, other in {**elsewhere, **own}.items()]  # fmt: skip
    for key, reading in by_side[Side.VICTIM].items():
        suspect = queries.earliest_suspect(report, reading)
        if suspect is not None:
            found.append(_conflict(reading, key, suspect, report.pk))
    if found:
        with derived_tx():
            RoleConflict.objects.bulk_create(found, ignore_conflicts=True)


def _by_side(report: Report, readings: Iterable[Reading]) -> Mapping[Side, dict[str, Reading]]:
    found: dict[Side, dict[str, Reading]] = {side: {} for side in Side}
    for one in readings:
        side = side_of(one.kind, one.scope, one.role)
        if side is not None and one.value and one.origin is Origin.ASSERTED:
            key = key_of(one.kind.value, one.scope, one.value, is_test=report.is_test)
            found[side].setdefault(key, one)
    return found


def _keep(report: Report, wanted: Mapping[str, Reading], stored: Sequence[str]) -> None:
    """Make these the victims' values of the report, each on a few reports only."""
    gone = [key for key in stored if key not in wanted]
    new = [key for key in wanted if key not in stored]
    if gone or new:
        full = queries.full(new, MOST_PER_VALUE)
        rows = [VictimValue(report=report, key=key) for key in new if key not in full]
        with derived_tx():
            VictimValue.objects.filter(report=report, key__in=gone).delete()
            VictimValue.objects.bulk_create(rows, ignore_conflicts=True)


def _conflict(reading: Reading, key: str, suspect: int, victim: int) -> RoleConflict:
    return RoleConflict(
        key=key,
        kind=reading.kind.value,
        suspect_id=suspect,
        victim_id=victim,
        at=clock.now(),
    )


def answer_conflict(
    actor: Actor, conflict_id: int, answer: str, note: str, *, seen: int | None = None
) -> RoleAnswer:
    """A senior says whether the value is one person's on both sides, and why; the newest holds.

    ``seen``: the key of the newest answer on the page, 0 for none; :class:`Conflict` when there
    is a newer one. The same form sent twice has one effect. Roles stay apart whatever is said.
    """
    actor.require(Permission.JUDGEMENTS_OVERSEE)
    if answer not in set(Answer):
        raise Invalid("Say whether it is the same person: yes, no or unsure.", field="answer")
    note = note.strip()
    if not LEAST_NOTE <= len(note) <= MOST_NOTE:
        raise Invalid(f"Say why, in {LEAST_NOTE} to {MOST_NOTE} characters.", field="note")
    with write_tx():
        row = queries.conflict_for(actor, conflict_id, lock=True)
        last: RoleAnswer | None = RoleAnswer.objects.filter(conflict=row).order_by("-pk").first()
        said = (actor.person_key, answer, note)
        if last is not None and (last.author_id, last.answer, last.note) == said:
            return last
        if seen is not None and seen != (last.pk if last else 0):
            raise Conflict("Somebody has answered meanwhile: look again.")
        made: RoleAnswer = RoleAnswer.objects.create(
            conflict=row, answer=answer, note=note, author_id=actor.person_key, at=clock.now()
        )
        for number in sorted({row.suspect_id, row.victim_id}):
            detail = {"conflict": row.pk, "answer": answer}
            record(actor, Verb.ROLE_CONFLICT_ANSWERED, f"report:{number}", detail=detail)
    return made
