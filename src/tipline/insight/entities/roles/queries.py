"""Reads of role conflicts. Where no actor is named, the caller has checked its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import NotVisible
from tipline.insight.entities.forms.rules import Origin, Reading
from tipline.insight.entities.models import Identifier, RoleAnswer, RoleConflict, VictimValue
from tipline.insight.entities.roles.rules import Side, key_of, side_of
from tipline.record.reports.facts import IdentifierKind, Role
from tipline.record.reports.models import Report
from tipline.record.reports.queries import of_same_kind, reports_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: So many identifiers of one value are read to find a suspect, and to show who has it.
MOST_READ = 100


def victims(number: int, keys: Collection[str]) -> tuple[list[str], dict[str, int]]:
    """(keys of the report's own victims, by key the earliest other report that has it)."""
    asked = Q(report=number) | Q(key__in=list(keys))
    rows = list(VictimValue.objects.filter(asked).values_list("key", "report_id"))
    own = [key for key, report in rows if report == number]
    elsewhere: dict[str, int] = {}
    for key, report in rows:
        if report != number and key in keys:
            elsewhere[key] = min(report, elsewhere.get(key, report))
    return own, elsewhere


def full(keys: Collection[str], most: int) -> frozenset[str]:
    """Keys that so many reports have already."""
    rows = VictimValue.objects.filter(key__in=list(keys)).values("key").order_by()
    counted = rows.annotate(n=Count("pk")).filter(n__gte=most)
    return frozenset(counted.values_list("key", flat=True))


def earliest_suspect(report: Report, reading: Reading) -> int | None:
    """The earliest report in which a victim's value is a suspect's, of the first that have it."""
    rows = _with_value(report, reading.kind.value, reading.scope, reading.value)
    return next((row.report_id for row in rows if _side(row) is Side.SUSPECT), None)


def _with_value(report: Report, kind: str, scope: str, normal: str) -> list[Identifier]:
    rows = Identifier.objects.filter(of_same_kind(report), kind=kind, scope=scope, normal=normal)
    return list(rows.order_by("report_id", "pk")[:MOST_READ])


def _side(row: Identifier) -> Side | None:
    if row.origin != Origin.ASSERTED:
        return None
    return side_of(IdentifierKind(row.kind), row.scope, Role(row.role))


@dataclass(frozen=True, slots=True)
class Told:
    """A value on both sides, as somebody who may see it is told.

    ``value``: the identifier as one report of the suspect's side has it. ``suspects``,
    ``victims``: numbers of the reports, of the first that have the value. ``answers``: the oldest
    first.
    """

    conflict: RoleConflict
    value: Identifier
    suspects: tuple[int, ...]
    victims: tuple[int, ...]
    answers: tuple[RoleAnswer, ...]


def conflicts_of(report: Report, identifiers: Iterable[Identifier]) -> list[RoleConflict]:
    """Those of a report, by its identifiers. The caller has checked its actor."""
    keys = [
        key_of(row.kind, row.scope, row.normal, is_test=report.is_test)
        for row in identifiers
        if row.normal and _side(row) is not None
    ]
    if not keys:
        return []
    return list(RoleConflict.objects.filter(key__in=keys).order_by("pk"))


def answers_of(conflicts: Iterable[RoleConflict]) -> Mapping[int, list[RoleAnswer]]:
    """By conflict what seniors said, the oldest first; those without an answer are absent."""
    found: dict[int, list[RoleAnswer]] = {}
    rows = RoleAnswer.objects.select_related("author")
    for row in rows.filter(conflict__in=[one.pk for one in conflicts]).order_by("pk"):
        found.setdefault(row.conflict_id, []).append(row)
    return found


def conflicts_for(actor: Actor, *, answered: bool = False) -> QuerySet[RoleConflict]:
    """What waits for a senior, the oldest first; or what was answered, the newest first."""
    rows = RoleConflict.objects.select_related("suspect__sender", "victim__sender")
    if not actor.may(Permission.JUDGEMENTS_OVERSEE):
        return rows.none()
    seen = reports_for(actor)
    rows = rows.filter(
        Exists(seen.filter(pk=OuterRef("suspect"))), Exists(seen.filter(pk=OuterRef("victim")))
    )
    said = Exists(RoleAnswer.objects.filter(conflict=OuterRef("pk")))
    return rows.filter(said).order_by("-pk") if answered else rows.filter(~said).order_by("pk")


def conflict_for(actor: Actor, conflict_id: int, *, lock: bool = False) -> RoleConflict:
    """One that this senior may answer; :class:`NotVisible` for everybody else."""
    if not actor.may(Permission.JUDGEMENTS_OVERSEE):
        raise NotVisible("There is no such conflict.")
    rows = RoleConflict.objects.select_related("suspect__sender", "victim__sender")
    if lock:
        rows = RoleConflict.objects.select_for_update()
    row = rows.filter(pk=conflict_id).first()
    seen = {row.suspect_id, row.victim_id} if row is not None else set()
    if row is None or reports_for(actor).filter(pk__in=seen).count() != len(seen):
        raise NotVisible("There is no such conflict.")
    return row


def told(conflict: RoleConflict) -> Told | None:
    """The conflict with its value and the reports of both sides; None when it is no longer so.

    Identifiers are read again when their forms change: a value may have gone since.
    """
    suspect = conflict.suspect
    for row in Identifier.objects.filter(report=suspect, kind=conflict.kind).order_by("pk"):
        if key_of(row.kind, row.scope, row.normal, is_test=suspect.is_test) == conflict.key:
            return _told(conflict, row)
    return None


def _told(conflict: RoleConflict, value: Identifier) -> Told | None:
    rows = _with_value(conflict.suspect, value.kind, value.scope, value.normal)
    sides = {
        side: tuple(sorted({row.report_id for row in rows if _side(row) is side})) for side in Side
    }
    if not all(sides.values()):
        return None
    said = answers_of([conflict]).get(conflict.pk, [])
    return Told(conflict, value, sides[Side.SUSPECT], sides[Side.VICTIM], tuple(said))
