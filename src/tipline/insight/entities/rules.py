"""What two reports may be linked by. Pure.

Roles never merge: only what belongs to a reported person (or an account tied to one) links,
and a victim's or recipient's identifier links nothing by itself. Scoped account ids and
verified contacts link automatically; every other value in common is a proposal. Points are
a coarse order of how rarely two people share such a value, until a trained model replaces
them; they are not probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tipline.ground.foundation.reasons import Reason, Source, total
from tipline.record.reports.facts import IdentifierKind, Role

VERSION = "exact-2"
#: A value on more reports than this is shared by many people (carrier NAT, a class-room
#: mail address): it links nobody.
MOST_SHARED = 25
#: Proposals need at least this many points together; an address alone has fewer.
LEAST_POINTS = 6

LINKING_ROLES = frozenset({Role.SUSPECT, Role.ASSOCIATED})

_POINTS: Mapping[IdentifierKind, int] = {
    IdentifierKind.ESP_USER_ID: 20,
    IdentifierKind.DEVICE_ID: 14,
    IdentifierKind.EMAIL: 14,
    IdentifierKind.PHONE: 14,
    IdentifierKind.PROFILE_URL: 14,
    IdentifierKind.SCREEN_NAME: 8,
    IdentifierKind.IP: 4,
}
#: Kinds that link when they are the same; the others are kept, and compared by no rule yet.
LINKING_KINDS = frozenset(_POINTS)


@dataclass(frozen=True, slots=True)
class Shared:
    """A value that two reports have in common, and on how many reports it stands in all.

    ``same_sender``: one ESP sent both reports.
    """

    kind: IdentifierKind
    scope: str
    verified_on_both: bool
    roles: tuple[Role, Role]
    reports: int
    same_sender: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whether two reports should be linked. ``automatic``: policy allows it without a person."""

    automatic: bool
    reasons: tuple[Reason, ...]


def propose(shared: Sequence[Shared]) -> Proposal | None:
    """What the values in common make of a pair, or None when they say too little.

    A value of too many reports counts nothing, and says so.
    """
    reasons: list[Reason] = []
    automatic = False
    for value in shared:
        if not set(value.roles) <= LINKING_ROLES or value.kind not in _POINTS:
            continue
        params = {"kind": value.kind.value, "scope": value.scope, "reports": value.reports}
        if value.reports > MOST_SHARED:
            reasons.append(Reason("link.shared_by_many", params, 0, Source.SYSTEM, VERSION))
            continue
        points = _POINTS[value.kind]
        reasons.append(Reason("link.same_value", params, points, Source.SYSTEM, VERSION))
        automatic = automatic or _links_by_itself(value)
    if total(reasons) < LEAST_POINTS:
        return None
    return Proposal(automatic, tuple(reasons))


def _links_by_itself(value: Shared) -> bool:
    if set(value.roles) != {Role.SUSPECT}:
        return False
    if value.kind is IdentifierKind.ESP_USER_ID:
        # Two ESPs may call a service alike, and anybody may name an account of another's.
        return bool(value.scope) and value.same_sender
    contact = value.kind in (IdentifierKind.EMAIL, IdentifierKind.PHONE)
    return contact and not value.scope and value.verified_on_both
