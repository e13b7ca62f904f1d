"""Urgency: is a child believed to be in imminent danger, and has a person judged it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tipline.ground.foundation.reasons import Reason, Source
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.rules_signs import find
from tipline.insight.triage.rules_terms import ALWAYS_URGENT
from tipline.insight.triage.rules_types import Urgency, UrgencyResult


def urgency(features: Features, policy: TriagePolicy) -> UrgencyResult:
    """Unconfirmed urgent is urgent until a person has judged each of its signals.

    A judgement covers the signals that were there when it was made
    (``features.urgent_refuted``); one that comes later makes the report urgent again.
    """
    signals = _signals(features, policy)
    return UrgencyResult(_state(signals), tuple(signals))


def _signals(features: Features, policy: TriagePolicy) -> list[Reason]:
    signals = []
    for sign in dict.fromkeys((*ALWAYS_URGENT, *policy.rules.also_urgent)):
        finding = find(sign, features, policy.rules.limits)
        if finding is None:
            continue
        # "Confirmed" is a judgement, not a signal that another judgement could set aside.
        refuted = sign in features.urgent_refuted and sign != "urgent_confirmed"
        params = {**finding.params, "refuted": refuted}
        signals.append(replace(finding, params=params).reason(sign, 0, policy.stamp))
    return signals


def _state(signals: Sequence[Reason]) -> Urgency:
    standing = [signal for signal in signals if not signal.params["refuted"]]
    if any(signal.source is Source.ANALYST for signal in standing):
        return Urgency.CONFIRMED
    if standing:
        return Urgency.UNCONFIRMED
    return Urgency.REFUTED if signals else Urgency.NONE
