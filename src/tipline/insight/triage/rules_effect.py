"""What a yes to a proposed link would move: danger, disposition, the way to an agency. Pure.

It orders proposals and nothing else: no score, no route looks at it. What it is worth follows the
order in which people would be missed: a report that rises by a band, one that becomes a referral,
one that no agency has while the other is at one, two agencies that work on one person unknowingly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from tipline.ground.taxonomy.levels import Disposition
from tipline.insight.triage import rules
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.rules_types import Band

#: For each of the two reports that rises, by band.
BAND: Final = 1_000
#: For each of the two that becomes a referral.
REFERRAL: Final = 100
#: Only one of the two is at an agency: the yes says where the other may belong.
ROUTE: Final = 60
#: Both are at agencies, and at no common one.
TWO_AGENCIES: Final = 30
#: A point of danger, up to so many: less than anything above.
MOST_POINTS: Final = 19
_RANK: Final = {band: rank for rank, band in enumerate(reversed(Band))}


@dataclass(frozen=True, slots=True)
class Side:
    """One of two reports. ``features``: None before it is assessed. ``agencies``: who have it."""

    features: Features | None
    sender: int | None
    agencies: frozenset[int]


class Move(StrEnum):
    """What a yes would move, the gravest first."""

    BAND = "band"
    REFERRAL = "referral"
    ROUTE = "route"
    TWO_AGENCIES = "two_agencies"
    POINTS = "points"


def moves(effect: int) -> tuple[Move, ...]:
    """What an effect consists of; empty of 0, and of less: what comes after all others."""
    if effect <= 0:
        return ()
    rest = effect % REFERRAL
    found = (
        (Move.BAND, effect >= BAND),
        (Move.REFERRAL, effect % BAND >= REFERRAL),
        (Move.ROUTE, rest >= ROUTE),
        (Move.TWO_AGENCIES, TWO_AGENCIES <= rest < ROUTE),
        (Move.POINTS, rest % TWO_AGENCIES > 0),
    )
    return tuple(move for move, is_one in found if is_one)


def effect(one: Side, other: Side, policy: TriagePolicy) -> int:
    """How much a yes would move, larger is more; 0: nothing. The order of the two is no matter.

    Whether the two hold the same file of one sender, which makes the other no independent word, is
    not looked at: then the yes moves less than is said here.
    """
    several = None not in (one.sender, other.sender) and one.sender != other.sender
    moved = sum(_moved(side.features, policy, several=several) for side in (one, other))
    return moved + _route(one.agencies, other.agencies)


def _moved(features: Features | None, policy: TriagePolicy, *, several: bool) -> int:
    if features is None:
        return 0
    joined = _joined(features, several=several)
    before, after = rules.danger(features, policy), rules.danger(joined, policy)
    bands = _RANK[after.band] - _RANK[before.band]
    points = min(max(after.value - before.value, 0), MOST_POINTS // 2)
    now = rules.disposition(features, policy).code
    then = rules.disposition(joined, policy).code
    referred = now is not Disposition.REFERRAL and then is Disposition.REFERRAL
    return BAND * max(bands, 0) + REFERRAL * referred + points


def _joined(features: Features, *, several: bool) -> Features:
    """As it would be with one more link that counts. ``several``: of two senders."""
    esps = features.linked_esps or 0
    return replace(
        features,
        linked_reports=(features.linked_reports or 0) + 1,
        linked_esps=max(esps, 2) if several else features.linked_esps,
    )


def _route(one: frozenset[int], other: frozenset[int]) -> int:
    if bool(one) != bool(other):
        return ROUTE
    return TWO_AGENCIES if one and not one & other else 0
