"""The orders that are compared: the shipped policy, what desks do today, and an oracle."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from benchmarks.triage.desk import Key, Order
from benchmarks.triage.months import Judged, Month, Seen, judged
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.rules_score import step
from tipline.insight.triage.rules_types import STEP, Band

OURS, ORACLE = "tipline", "informed oracle"
#: The same judgements in other orders, measured and not shipped (docs/decisions/0019).
REFERRALS, BANDS = "tipline, referrals first", "tipline, bands alone"
STEPS = "tipline, low in steps too"
#: The shipped order by points learned from what a desk looked at, and from all truth.
LEARNED, TAUGHT = "tipline, learned from some", "tipline, learned from all"
BASELINES = (
    "first in, first out",
    "ESP flag first",
    "levels E/1/2/3",
    "most duplicates first",
    "regression, some truth",
    "regression, all truth",
)
FIFO, FLAG, LEVEL, DUPLICATES, LOOKED, LOGISTIC = BASELINES

#: As models.BAND_RANK, which needs a database to be read; a test holds them equal.
BAND_RANK = {"urgent": 0, "high": 1, "medium": 2, "low": 3}
_NOW = datetime(2026, 1, 1, tzinfo=UTC)  # no order depends on it
_GRAVE = frozenset(
    {
        IncidentType.ENTICEMENT,
        IncidentType.TRAFFICKING,
        IncidentType.TOURISM,
        IncidentType.MOLESTATION,
    }
)


def today() -> dict[str, Order]:
    """What is done without any judgement of ours; each first in, first out within its steps."""
    return {
        FIFO: lambda seen, _: (seen.at,),
        FLAG: lambda seen, _: (0 if seen.features.escalated else 1, seen.at),
        LEVEL: lambda seen, _: (_level(seen), seen.at),
        DUPLICATES: lambda seen, _: (-(seen.features.duplicates or 0), seen.at),
    }


def _level(seen: Seen) -> int:
    """Level 1, 2, 3, then E. Criteria of 2 and 3 are not published; ours: a grave type, with a
    named child or without. E is what providers' reports start with.
    """
    if seen.features.escalated:
        return 1
    if seen.features.incident_type in _GRAVE:
        return 2 if seen.features.victim_present else 3
    return 4


def oracle(seen: Seen, _: float) -> Key:
    """By how likely danger is, known from the simulator's own model."""
    return (-seen.likely, seen.at)


def queue(month: Month, policy: TriagePolicy) -> Order:
    """The queue's order under a policy: danger in steps, then deadline."""
    found = _judged(month, policy)
    return lambda seen, hour: (*place(found[id(seen)]), _deadline(seen, hour))


def _judged(month: Month, policy: TriagePolicy) -> dict[int, Judged]:
    return {id(seen): judged(seen, policy, _NOW) for seen in month.reports}


def shipped(month: Month, policy: TriagePolicy) -> dict[str, Order]:
    """The queue's order, and three others of the same judgements.

    ``REFERRALS``: within a step, informational reports after the others. ``BANDS``: without
    the steps. ``STEPS``: with steps in the low band as well.
    """
    found = _judged(month, policy)

    def referrals(seen: Seen, hour: float) -> Key:
        one = found[id(seen)]
        return (*place(one), one.informational, _deadline(seen, hour))

    def bands(seen: Seen, hour: float) -> Key:
        return (BAND_RANK[found[id(seen)].band], _deadline(seen, hour))

    def steps(seen: Seen, hour: float) -> Key:
        one = found[id(seen)]
        return (BAND_RANK[one.band], -(one.danger // STEP), _deadline(seen, hour))

    return {OURS: queue(month, policy), REFERRALS: referrals, BANDS: bands, STEPS: steps}


def place(one: Judged) -> tuple[int, int]:
    """The danger band's rank and the step inside it."""
    return BAND_RANK[one.band], step(one.danger, Band(one.band))


def _deadline(seen: Seen, hour: float) -> float:
    """The first clock that still runs, as the queue stores it."""
    return next((end for end in seen.ends if end > hour), math.inf)


def by_likelihood(likely: Mapping[int, float]) -> Order:
    """By a number for each report, keyed by its identity, largest first."""
    return lambda seen, _: (-likely[id(seen)], seen.at)
