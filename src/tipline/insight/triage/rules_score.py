"""Scores: the points of the signs found, held within caps and bounds by further reasons."""

from __future__ import annotations

from collections.abc import Mapping

from tipline.ground.foundation.reasons import Reason, total
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import Bands, ScoreRules, TriagePolicy
from tipline.insight.triage.rules_signs import find, guards
from tipline.insight.triage.rules_terms import ACTIONABILITY, DANGER, Term
from tipline.insight.triage.rules_types import STEP, STEPS, Band, Score
from tipline.insight.triage.rules_urgency import urgency


def danger(features: Features, policy: TriagePolicy) -> Score:
    """How great the danger to a child is, whatever the report is worth as evidence.

    A report with an urgent signal is never below the urgent band, one without never in
    it: machines may rank, only a signal or a person says "urgent".
    """
    rules = policy.rules.danger
    reasons = _terms(features, policy, rules, DANGER)
    urgent = rules.bands.urgent if rules.bands.urgent is not None else rules.highest
    if urgency(features, policy).urgent:
        reasons += _at_least(reasons, urgent, "triage.bound.urgent", policy.stamp)
    else:
        reasons += _at_most(reasons, urgent - 1, "triage.bound.not_urgent", policy.stamp)
    return _bounded(reasons, rules, policy.stamp)


def actionability(features: Features, policy: TriagePolicy) -> Score:
    """How much somebody could do with the report as it is."""
    rules = policy.rules.actionability
    return _bounded(_terms(features, policy, rules, ACTIONABILITY), rules, policy.stamp)


def band(value: int, bands: Bands) -> Band:
    """The band of a value."""
    if bands.urgent is not None and value >= bands.urgent:
        return Band.URGENT
    if value >= bands.high:
        return Band.HIGH
    return Band.MEDIUM if value >= bands.medium else Band.LOW


def step(value: int, found: Band) -> int:
    """Where a report stands inside its danger band: the smallest comes first.

    Above the low band those with more points come first, in steps, so that among the like the
    deadline decides; in the low band only the deadline does.
    """
    return 0 if found is Band.LOW else min(0, max(STEPS[0], -(value // STEP)))


def _terms(
    features: Features, policy: TriagePolicy, rules: ScoreRules, terms: Mapping[str, Term]
) -> list[Reason]:
    guarded = bool(guards(features, policy.rules.limits))
    reasons: list[Reason] = []
    for group in dict.fromkeys(term.group for term in terms.values()):
        found = _group(features, policy, rules, _members(terms, group, guarded=guarded))
        if group in rules.caps:
            found += _at_most(found, rules.caps[group], f"triage.cap.{group}", policy.stamp)
        reasons += found
    return reasons


def _members(terms: Mapping[str, Term], group: str, *, guarded: bool) -> list[str]:
    return [
        sign
        for sign, term in terms.items()
        if term.group == group and not (term.guarded and guarded)
    ]


def _group(
    features: Features, policy: TriagePolicy, rules: ScoreRules, signs: list[str]
) -> list[Reason]:
    found = ((sign, find(sign, features, policy.rules.limits)) for sign in signs)
    return [
        finding.reason(sign, rules.points[sign], policy.stamp)
        for sign, finding in found
        if finding and rules.points[sign]
    ]


def _bounded(reasons: list[Reason], rules: ScoreRules, stamp: str) -> Score:
    reasons = reasons + _at_least(reasons, rules.lowest, "triage.bound.lowest", stamp)
    reasons = reasons + _at_most(reasons, rules.highest, "triage.bound.highest", stamp)
    value = total(reasons)
    return Score(value, band(value, rules.bands), tuple(reasons))


def _at_most(reasons: list[Reason], limit: int, code: str, stamp: str) -> list[Reason]:
    over = total(reasons) - limit
    return [Reason(code, {"limit": limit}, -over, version=stamp)] if over > 0 else []


def _at_least(reasons: list[Reason], limit: int, code: str, stamp: str) -> list[Reason]:
    under = limit - total(reasons)
    return [Reason(code, {"limit": limit}, under, version=stamp)] if under > 0 else []
