"""Which value of one subject stands beside which of the other, and how near the two are. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product, zip_longest
from typing import Any, Final

from tipline.insight.entities.scoring import rules_levels as ladders
from tipline.insight.entities.scoring.rules_levels import ELSE, LADDERS, MOST_VALUES
from tipline.insight.entities.scoring.rules_subject import Seen, handle, mail, seen
from tipline.insight.entities.scoring.rules_subject import phone as number
from tipline.record.reports.facts import IdentifierKind

Kind = IdentifierKind


@dataclass(frozen=True, slots=True)
class Told:
    """A value as it is kept, in normal form. ``sightings``: see ``forms.rules.Reading``."""

    key: int
    kind: Kind
    scope: str
    value: str
    sightings: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Two values beside each other, or one that stands alone.

    ``comparison``: as in the ladders. ``level``: ``else`` of two that are not alike, empty where
    one side has nothing to compare.
    """

    comparison: str
    level: str
    left: Told | None
    right: Told | None

    @property
    def alike(self) -> bool:
        return self.level not in ("", ELSE)


def side_by_side(left: Sequence[Told], right: Sequence[Told]) -> list[Row]:
    """Every value of both once, kinds in the ladders' order, the nearest pairs of each first.

    Of a kind no more than :data:`MOST_VALUES` of each side are compared, as the scorer does.
    """
    left, right = _few(left), _few(right)
    pairs = sorted(_pairs(left, right), key=lambda pair: pair[:4])
    used: set[tuple[bool, int]] = set()
    rows = []
    for _comparison, _rank, at, other, hit in pairs:
        if (True, at) in used or (False, other) in used:
            continue
        used |= {(True, at), (False, other)}
        rows.append(Row(*hit, left[at], right[other]))
    alone = [one for at, one in enumerate(left) if (True, at) not in used]
    others = [one for at, one in enumerate(right) if (False, at) not in used]
    return sorted([*rows, *_rest(alone, others)], key=_place)


def compared(a: Told, b: Told) -> tuple[str, str]:
    """The comparison of two values and the level that they reach; empty where none fits them."""
    compare = _COMPARE.get((a.kind, b.kind))
    if compare is None:
        return "", ELSE
    comparison, level = compare
    return comparison, level(a, b)


def _few(values: Sequence[Told]) -> list[Told]:
    of_kind: dict[Kind, list[Told]] = defaultdict(list)
    for one in values:
        if one.kind in _COMPARISON_OF and len(of_kind[one.kind]) < MOST_VALUES:
            of_kind[one.kind].append(one)
    return [one for kind in _COMPARISON_OF for one in of_kind.get(kind, ())]


def _pairs(
    left: Sequence[Told], right: Sequence[Told]
) -> Iterable[tuple[bool, int, int, int, tuple[str, str]]]:
    """Those that are alike: of one kind before those across kinds, the nearest level first."""
    for (at, a), (other, b) in product(enumerate(left), enumerate(right)):
        comparison, level = compared(a, b)
        if level != ELSE:
            yield a.kind is not b.kind, _rank(comparison, level), at, other, (comparison, level)


def _rank(comparison: str, level: str) -> int:
    return [one.name for one in LADDERS[comparison]].index(level)


def _rest(left: Sequence[Told], right: Sequence[Told]) -> Iterable[Row]:
    """What is like nothing: beside each other where both have such a value, else alone.

    Files stand alone: that two reports have several is no difference between their subjects.
    """
    for kind, comparison in _COMPARISON_OF.items():
        ours = [one for one in left if one.kind is kind]
        theirs = [one for one in right if one.kind is kind]
        if kind is Kind.FILE_DIGEST:
            yield from (Row(comparison, "", one, None) for one in _of_bytes(ours))
            yield from (Row(comparison, "", None, one) for one in _of_bytes(theirs))
            continue
        for a, b in zip_longest(ours, theirs):
            yield Row(comparison, ELSE if a and b else "", a, b)


def _of_bytes(digests: Sequence[Told]) -> Sequence[Told]:
    """One digest for each file where its bytes are here; all where they are only declared."""
    return [one for one in digests if one.scope == "sha256"] or digests


def _place(row: Row) -> tuple[int, bool, int]:
    level = _rank(row.comparison, row.level) if row.level else len(LADDERS[row.comparison])
    return list(LADDERS).index(row.comparison), not row.alike, level


def _both(make: Callable[[Told], Any], compare: Callable[[Any, Any], ladders.Hit]) -> _Level:
    return lambda a, b: compare(make(a), make(b)).level


def _aliases(a: Told, b: Told) -> str:
    if a.kind is Kind.SCREEN_NAME:
        a, b = b, a
    return ladders.alias(mail(a.value), handle(b.value, b.scope)).level


def _addresses(a: Told, b: Told) -> str:
    """The nearest that any two sightings of them are."""
    levels = {
        ladders.addresses_seen(ours, theirs).level for ours in _seen(a) for theirs in _seen(b)
    }
    return min(levels, key=lambda level: _rank("ip", level), default=ELSE)


def _seen(one: Told) -> list[Seen]:
    found = []
    for each in one.sightings[:MOST_VALUES]:
        instant = each.get("time", {}).get("instant")
        at = datetime.fromisoformat(instant) if instant else None
        found.append(seen(one.value, at, each.get("port")))
    return found or [seen(one.value)]


_Level = Callable[[Told, Told], str]
_VALUE: Final[_Level] = _both(lambda one: one.value, ladders.same)
_SCOPED: Final[_Level] = _both(lambda one: (one.scope, one.value), ladders.same)
#: The comparison of each kind with itself, in the order in which people read them.
_COMPARISON_OF: Final[Mapping[Kind, str]] = {
    Kind.ESP_USER_ID: "account",
    Kind.SCREEN_NAME: "screen_name",
    Kind.EMAIL: "email",
    Kind.PHONE: "phone",
    Kind.IP: "ip",
    Kind.NAME: "name",
    Kind.DATE_OF_BIRTH: "date_of_birth",
    Kind.DEVICE_ID: "device",
    Kind.ADDRESS: "address",
    Kind.PROFILE_URL: "page",
    Kind.PAYMENT: "payment",
    Kind.FILE_DIGEST: "file",
}
_LEVEL_OF: Final[Mapping[Kind, _Level]] = {
    Kind.ESP_USER_ID: _SCOPED,
    Kind.SCREEN_NAME: _both(lambda one: handle(one.value, one.scope), ladders.screen_names),
    Kind.EMAIL: _both(lambda one: mail(one.value), ladders.emails),
    Kind.PHONE: _both(lambda one: number(one.value), ladders.phones),
    Kind.IP: _addresses,
    Kind.NAME: _both(lambda one: one.value, ladders.names),
    Kind.DATE_OF_BIRTH: _both(lambda one: one.value, ladders.births),
    Kind.DEVICE_ID: _VALUE,
    Kind.ADDRESS: _VALUE,
    Kind.PROFILE_URL: _VALUE,
    Kind.PAYMENT: _SCOPED,
    Kind.FILE_DIGEST: _VALUE,
}
_COMPARE: Final[Mapping[tuple[Kind, Kind], tuple[str, _Level]]] = {
    **{(kind, kind): (_COMPARISON_OF[kind], level) for kind, level in _LEVEL_OF.items()},
    (Kind.EMAIL, Kind.SCREEN_NAME): ("alias", _aliases),
    (Kind.SCREEN_NAME, Kind.EMAIL): ("alias", _aliases),
}
