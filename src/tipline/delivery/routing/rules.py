"""Where the people of a report are, and which agencies that makes responsible.

Pure: evidence and areas in, an ordered explanation out (reference page "domain", section
6). Each person routes by their own best evidence; people in different places send the
report to all the agencies concerned, the victim's first. Places that cannot be found go to
the home country's federal queue, never nowhere without saying so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from tipline.delivery.routing.policy import EvidenceKind, RoutingPolicy
from tipline.delivery.routing.rules_evidence import (
    AgencyArea,
    LocationEvidence,
    Place,
    Ranked,
    rank_evidence,
)
from tipline.ground.foundation.reasons import Reason, Source
from tipline.record.reports.facts import Role

__all__ = [
    "AgencyArea",
    "Delivery",
    "EvidenceKind",
    "LocationEvidence",
    "Place",
    "Ranked",
    "Route",
    "rank_evidence",
    "route",
]
