"""The shipped policy with the points that `./tipline policy learn` would make of some months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.triage.months import Seen
from tipline.insight.triage.learning.rules import Case, enough, signs_of
from tipline.insight.triage.learning.rules_fit import data_of, fit, whole
from tipline.insight.triage.learning.solver import minimise_with_scipy
from tipline.insight.triage.policy import TriagePolicy


def learned(policy: TriagePolicy, reports: Sequence[Seen]) -> TriagePolicy:
    """From too few findings nothing is learned: the same policy then, as the command proposes none.

    Raises Unavailable where scipy is not installed.
    """
    minimise = minimise_with_scipy()
    danger, limits = policy.rules.danger, policy.rules.limits
    cases = [
        Case(number, signs_of(seen.features, limits), seen.endangered)
        for number, seen in enumerate(reports)
    ]
    if enough(cases).sentence:
        return policy
    present = danger.points
    found = whole(fit(data_of(cases, present), present, minimise).points, present)
    points = {**present, **found}
    return replace(policy, rules=replace(policy.rules, danger=replace(danger, points=points)))
