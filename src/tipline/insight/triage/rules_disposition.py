"""Disposition: referral or informational, by the first test that fails.

Decision rule: informational if and only if there is no exploitation nexus, or no location
is possible, or widely seen material was shared without malice; any urgent signal makes
it a referral all the same (reference page "domain", section 3). Informational means a
lower queue, never deletion: every report is made available.
"""

from __future__ import annotations

from tipline.ground.foundation.reasons import Reason, Source
from tipline.ground.taxonomy.levels import Disposition, Level
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.rules_score import danger
from tipline.insight.triage.rules_signs import Found, find, guards
from tipline.insight.triage.rules_types import Band, DispositionResult, Lane
from tipline.insight.triage.rules_urgency import urgency


def disposition(features: Features, policy: TriagePolicy) -> DispositionResult:
    """Decide referral or informational, the level (E, 1, 2, 3), urgency and lane."""
    tests = (
        *_judged(features, policy),
        _nexus(features, policy),
        _location(features, policy),
        _not_viral(features, policy),
    )
    failing = _failing(features, tests)
    state = urgency(features, policy)
    overridden = failing is not None and state.urgent
    informational = failing is not None and not overridden
    return DispositionResult(
        code=Disposition.INFORMATIONAL if informational else Disposition.REFERRAL,
        failing=failing,
        reasons=(*(reason for _, reason in tests), *state.signals, *_lane_words(features, policy)),
        level=_level(features, policy, urgent=state.urgent),
        urgency=state,
        lane=Lane.MINOR_SUSPECT if features.minor_suspect is True else Lane.GENERAL,
        overridden=overridden,
    )


_Test = tuple[bool, Reason]


def _judged(features: Features, policy: TriagePolicy) -> tuple[_Test, ...]:
    """What a person decided, ahead of every test: with a reason, on record, reversible."""
    answer = features.disposition_judged
    if answer is None:
        return ()
    reason = Found(Source.ANALYST).reason(f"test.judged_{answer}", 0, policy.stamp)
    return ((answer is Disposition.REFERRAL, reason),)


def _failing(features: Features, tests: tuple[_Test, ...]) -> Reason | None:
    """The first test that failed; none where a person made it a referral."""
    if features.disposition_judged is Disposition.REFERRAL:
        return None
    return next((reason for passed, reason in tests if not passed), None)


def _nexus(features: Features, policy: TriagePolicy) -> _Test:
    """An analyst's judgement decides; else a guard shows a nexus; else look for its absence."""
    if features.nexus_judged is not None:
        code = "nexus_judged" if features.nexus_judged else "no_nexus_judged"
        reason = Found(Source.ANALYST).reason(f"test.{code}", 0, policy.stamp)
        return features.nexus_judged, reason
    if guards(features, policy.rules.limits):
        return True, _passed("nexus", policy)
    return _no_sign_against_nexus(features, policy)


def _no_sign_against_nexus(features: Features, policy: TriagePolicy) -> _Test:
    rules = policy.rules.disposition
    for sign in rules.no_nexus_signs:
        if finding := find(sign, features, policy.rules.limits):
            return False, finding.reason(f"test.{sign}", 0, policy.stamp)
    if features.incident_type in rules.no_nexus_types and _nothing_shown(features):
        params = {"type": features.incident_type}
        reason = Found(Source.REPORTER, params).reason("test.type_without_nexus", 0, policy.stamp)
        return False, reason
    return True, _passed("nexus", policy)


def _nothing_shown(features: Features) -> bool:
    """Known to hold no file and no hash: only then does the type speak alone."""
    return features.files == 0 and features.only_hash is not True and not features.labels


def _location(features: Features, policy: TriagePolicy) -> _Test:
    if finding := find("no_location", features, policy.rules.limits):
        return False, finding.reason("test.no_location", 0, policy.stamp)
    return True, _passed("location", policy)


def _not_viral(features: Features, policy: TriagePolicy) -> _Test:
    if guards(features, policy.rules.limits):
        return True, _passed("not_viral", policy)
    signs = ["own_viral"]
    if policy.rules.disposition.esp_viral_suffices:
        signs += ["esp_viral", "batched"]
    for sign in signs:
        if finding := find(sign, features, policy.rules.limits):
            return False, finding.reason(f"test.{sign}", 0, policy.stamp)
    return True, _passed("not_viral", policy)


def _passed(test: str, policy: TriagePolicy) -> Reason:
    return Reason(f"triage.passed.{test}", version=policy.stamp)


def _lane_words(features: Features, policy: TriagePolicy) -> tuple[Reason, ...]:
    told: list[Reason] = []
    if features.minor_suspect is True:
        told.append(Reason("triage.minor_suspect", source=Source.REPORTER, version=policy.stamp))
    if features.with_police is True:
        told.append(Reason("triage.with_police", source=Source.REPORTER, version=policy.stamp))
    return tuple(told)


def _level(features: Features, policy: TriagePolicy, *, urgent: bool) -> Level:
    """1 while urgent; else the analyst's; else E for an ESP; else by the danger band."""
    if urgent:
        return Level.ONE
    if features.analyst_level in {Level.ESP, Level.TWO, Level.THREE}:
        return Level(features.analyst_level)
    if features.from_esp is True:
        return Level.ESP
    high = danger(features, policy).band in (Band.URGENT, Band.HIGH)
    return Level.TWO if high else Level.THREE
