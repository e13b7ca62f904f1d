"""From derived places to the evidence that routing ranks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from tipline.delivery.routing.policy import EvidenceKind, RoutingPolicy, default_policy
from tipline.delivery.routing.rules_evidence import LocationEvidence
from tipline.ground.foundation.reasons import Source
from tipline.insight.enrichment.rules import PlaceEvidence

_READ_BY_US = frozenset({"ip", "phone_prefix", "verified_phone"})


@lru_cache(maxsize=1)
def policy() -> RoutingPolicy:
    return default_policy()


def location_evidence(places: Iterable[PlaceEvidence]) -> list[LocationEvidence]:
    """The same pieces as routing knows them. What we derived is asserted by the system."""
    return [
        LocationEvidence(
            kind=EvidenceKind(piece.kind),
            role=piece.role,
            place=piece.place,
            subject=piece.party,
            time=piece.time,
            source=Source.SYSTEM if piece.kind in _READ_BY_US else Source.REPORTER,
            ref=piece.path,
        )
        for piece in places
    ]
