"""What two reports say of their reported people, one beside the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_identifiers import kind_words, times_of, written_of
from tipline.insight.entities.queries import identifiers_of
from tipline.insight.entities.rules_reported import LINKING_ROLES

if TYPE_CHECKING:
    from tipline.insight.entities.models import Identifier

#: Values of one report that are shown of one kind.
_MOST = 10


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """The values of one kind: of the lower report, of the higher; ``same``: one is on both."""

    kind: str
    low: tuple[str, ...]
    high: tuple[str, ...]
    same: bool


def subject_rows(low: int, high: int) -> list[SubjectRow]:
    """Kind by kind what both say of the reported person and of accounts tied to them."""
    sides = [_by_kind(identifiers_of(number)) for number in (low, high)]
    kinds = list(sides[0] | sides[1])
    return [
        SubjectRow(
            kind_words(kind),
            _told(sides[0].get(kind, [])),
            _told(sides[1].get(kind, [])),
            bool(_values(sides[0].get(kind, [])) & _values(sides[1].get(kind, []))),
        )
        for kind in kinds
    ]


def _by_kind(rows: Iterable[Identifier]) -> dict[str, list[Identifier]]:
    found: dict[str, list[Identifier]] = {}
    for row in rows:
        if row.role in LINKING_ROLES:
            found.setdefault(row.kind, []).append(row)
    return found


def _values(rows: Iterable[Identifier]) -> set[tuple[str, str]]:
    return {(row.scope, row.normal) for row in rows if row.normal}


def _told(rows: Sequence[Identifier]) -> tuple[str, ...]:
    shown = tuple(_one(row) for row in rows[:_MOST])
    more = len(rows) - _MOST
    return (*shown, _("and %(n)s more") % {"n": more}) if more > 0 else shown


def _one(row: Identifier) -> str:
    written = ", ".join(written_of(row)) or row.normal
    seen = "; ".join(times_of(row))
    where = f" ({row.scope})" if row.scope else ""
    return f"{written}{where}" + (f" · {seen}" if seen else "")
