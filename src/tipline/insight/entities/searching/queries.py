"""What stands where: the rows of a search, for reports that the actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from tipline.ground.foundation.actor import Actor
from tipline.insight.entities.models import BlockingKey, Identifier
from tipline.insight.entities.scoring.rules_levels import ELSE
from tipline.insight.entities.searching.rules import (
    ALIKE,
    ASKED_AS,
    KEPT_AS,
    SAME,
    Asked,
    likeness,
    loose_keys,
    variants,
)
from tipline.record.reports.doors import PUBLIC_DOORS
from tipline.record.reports.facts import IdentifierKind, Role
from tipline.record.reports.queries import reports_for

#: Identifiers of a search that are shown, of the same and of the alike each.
MOST_SHOWN: Final = 50
#: Identifiers that are read to find those that are alike.
MOST_READ: Final = 1000
_REPORTED: Final = (Role.SUSPECT, Role.ASSOCIATED)


@dataclass(frozen=True, slots=True)
class Hit:
    """An identifier that is what was asked for, or like it. ``level``: of the ladder."""

    identifier: Identifier
    comparison: str
    level: str


@dataclass(frozen=True, slots=True)
class Found:
    """``same`` and ``alike``: newest reports first. ``more``: there are others, not shown."""

    same: tuple[Hit, ...] = ()
    alike: tuple[Hit, ...] = ()
    more: bool = False

    @property
    def reports(self) -> frozenset[int]:
        """The numbers of all reports with a hit."""
        return frozenset(hit.identifier.report_id for hit in (*self.same, *self.alike))


def find(actor: Actor, one: Asked, *, near: bool) -> Found:
    """What reports hold of it. ``near``: what is alike, too. Bounded, however often it stands.

    Nothing where it has no normal form.
    """
    if not one.form.value:
        return Found()
    same = _hits(one, _same(actor, one))
    alike = [hit for hit in _hits(one, _like(actor, one)) if hit.level != SAME] if near else []
    more = len(same) > MOST_SHOWN or len(alike) > MOST_SHOWN
    return Found(tuple(same[:MOST_SHOWN]), tuple(alike[:MOST_SHOWN]), more)


def identifier_for(actor: Actor, key: int) -> Identifier | None:
    """One identifier of a report that the actor may see."""
    return _visible(actor).filter(pk=key, kind__in=list(ASKED_AS)).first()


def _visible(actor: Actor) -> QuerySet[Identifier]:
    """Whoever reported from the public is sealed: never found, whatever an older row says."""
    sealed = Q(role=Role.REPORTER, report__door__in=PUBLIC_DOORS)
    rows = Identifier.objects.select_related("report__sender").exclude(sealed)
    # One look at each row's report: a list of all that may be seen would be read whole.
    return rows.filter(Exists(reports_for(actor).filter(pk=OuterRef("report_id"))))


def _same(actor: Actor, one: Asked) -> Iterable[Identifier]:
    """In the order of their index, backwards, a statement for each kind: no more are read than
    are shown, though a value stand on every report.
    """
    for kind in KEPT_AS[one.kind]:
        rows = _of_scope(_visible(actor).filter(kind=kind, normal=one.form.value), one)
        yield from rows.order_by("-scope", "-report_id")[: MOST_SHOWN + 1]


def _of_scope(rows: QuerySet[Identifier], one: Asked) -> QuerySet[Identifier]:
    """A digest of one algorithm, and a handle in one network, is none of another."""
    telling = (IdentifierKind.FILE_DIGEST, IdentifierKind.PAYMENT)
    return rows.filter(scope=one.form.scope) if one.kind in telling else rows


def _like(actor: Actor, one: Asked) -> Iterable[Identifier]:
    """Those whose value is one of the variants, and those of reports that share a loose key.

    Reported persons' only have such keys: nobody else's names are looked for by likeness.
    """
    values = sorted(variants(one))
    for kind in KEPT_AS[one.kind] if values else ():
        yield from _visible(actor).filter(kind=kind, normal__in=values)[:MOST_READ]
    if keys := loose_keys(one):
        rows = BlockingKey.objects.filter(key__in=keys).values_list("report_id", flat=True)
        numbers = set(rows[:MOST_READ])
        kinds = [kept for asked in ALIKE[one.kind] for kept in KEPT_AS[asked]]
        alike = _visible(actor).filter(report__in=numbers, kind__in=kinds, role__in=_REPORTED)
        yield from alike.exclude(normal="").exclude(normal__in=values)[:MOST_READ]


def _hits(one: Asked, rows: Iterable[Identifier]) -> list[Hit]:
    """Those that the ladder calls alike, newest report first."""
    found = {row.pk: Hit(row, *likeness(one, IdentifierKind(row.kind), row.normal)) for row in rows}
    kept = [hit for hit in found.values() if hit.level != ELSE]
    return sorted(kept, key=lambda hit: (-hit.identifier.report_id, hit.identifier.pk))
