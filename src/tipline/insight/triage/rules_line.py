"""What would move danger over the next line: the smallest facts that alone would do. Pure.

Each candidate is tried, as in :mod:`.rules_help`: danger is asked again with the fact filled
in, so that caps and bounds count. It says what to look for, and is never advice to a sender.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tipline.ground.foundation.reasons import Reason
from tipline.insight.triage.features import Features, Label
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.rules_score import danger
from tipline.insight.triage.rules_signs import Limits, find
from tipline.insight.triage.rules_types import Band

MOST = 3
"""As with what would help: people read two or three."""

Fill = Callable[[Features, Limits], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """The next band, the points to it, and facts that would each reach it alone.

    ``facts``: reasons ``triage.line.*``, points 0, params ``gain`` (and ``years``).
    """

    band: Band
    missing: int
    facts: tuple[Reason, ...]


def _labelled(label: Label) -> Fill:
    return lambda f, _: {"labels": f.labels | {label}}


def _set(**values: Any) -> Fill:
    return lambda _f, _limits: values


_FACTS: Mapping[str, Fill] = {
    "linked_reports": _set(linked_reports=1),
    "several_esps": _set(linked_reports=1, linked_esps=2),
    "prior_reports": _set(prior_reports=True),
    "victim": _set(victim_present=True),
    "young_victim": lambda _, limits: {
        "victim_present": True,
        "victim_age": limits.young_victim_years - 1,
    },
    "several_children": _set(victim_present=True, several_children=True),
    "access_to_children": _set(access_to_children=True),
    "convicted": _set(convicted=True),
    "infant": _labelled(Label.INFANT_TODDLER),
    "violence": _labelled(Label.VIOLENCE),
    "live_streaming": _labelled(Label.LIVE_STREAMING),
    "grooming": _labelled(Label.GROOMING),
    "production": _labelled(Label.PRODUCTION),
    "planned_meeting": _labelled(Label.PLANNED_MEETING),
    "suicidal_victim": _labelled(Label.SUICIDAL_VICTIM),
    "imminent_danger": _labelled(Label.IMMINENT_DANGER),
    "escalated": _set(escalated=True),
}
FACTS = tuple(_FACTS)
"""Codes of everything that is tried, as in the reasons ``triage.line.<code>``."""

_ABOVE = {Band.LOW: Band.MEDIUM, Band.MEDIUM: Band.HIGH, Band.HIGH: Band.URGENT}
_RANK = {Band.LOW: 0, Band.MEDIUM: 1, Band.HIGH: 2, Band.URGENT: 3}


def next_line(features: Features, policy: TriagePolicy) -> Line | None:
    """What stands between the report and the next band; None in the highest."""
    now = danger(features, policy)
    above = _ABOVE.get(now.band)
    if above is None:
        return None
    bands = policy.rules.danger.bands
    lowest = {Band.MEDIUM: bands.medium, Band.HIGH: bands.high, Band.URGENT: bands.urgent}[above]
    missing = (policy.rules.danger.highest if lowest is None else lowest) - now.value
    tried = sorted(_tried(features, policy, above), key=lambda one: one[0])
    return Line(above, missing, tuple(reason for _, reason in tried[:MOST]))


def _tried(
    features: Features, policy: TriagePolicy, above: Band
) -> Iterator[tuple[tuple[int, int], Reason]]:
    """Facts that are not there and would reach the band: the least that suffices comes first."""
    now, limits = danger(features, policy).value, policy.rules.limits
    for place, (code, fill) in enumerate(_FACTS.items()):
        if find(code, features, limits) is not None:
            continue
        after = danger(replace(features, **fill(features, limits)), policy)
        if _RANK[after.band] < _RANK[above]:
            continue
        params = {"gain": after.value - now, "years": limits.young_victim_years}
        yield (after.value, place), Reason(f"triage.line.{code}", params, version=policy.stamp)
