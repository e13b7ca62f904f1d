"""Decay: how soon evidence is lost. It orders the queue inside a band; it is not danger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tipline.ground.foundation.reasons import Reason, total
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.rules_score import band
from tipline.insight.triage.rules_types import ALARM, NEAR, NO_ALARM, Clock, Decay, Score

_DAY = timedelta(days=1)


def decay(clocks: Sequence[Clock], now: datetime, policy: TriagePolicy) -> Decay:
    """The clock that ends first among those still running decides; ended ones are told.

    Beside the policy's day steps, each clock raises an alarm of its own once less time is left
    than its provider usually takes to answer; that moves no score.

    ``now`` is aware. The deadline does not depend on ``now`` until it has passed, so it
    can be stored and indexed; re-assess when it passes.
    """
    running = sorted((c for c in clocks if c.ends > now), key=lambda c: (c.ends, c.kind))
    ended = sorted((c for c in clocks if c.ends <= now), key=lambda c: (c.ends, c.kind))
    reasons = [_reason("triage.clock.ended", clock, 0, policy) for clock in ended]
    if not running:
        return Decay(_score(reasons, policy), None, "", None, None)
    first, *others = running
    left = first.ends - now
    reasons.insert(0, _reason("triage.clock.first", first, _points(left, policy), policy))
    reasons += [_reason("triage.clock.later", clock, 0, policy) for clock in others]
    late = [clock for clock in running if is_late(clock, now)]
    reasons += [_alarm(clock, now, policy) for clock in late]
    alarm = next((day for day in policy.rules.decay.alarms if left <= day * _DAY), None)
    return Decay(
        score=_score(reasons, policy),
        deadline=first.ends,
        clock=first.kind,
        days_left=left // _DAY,
        alarm=alarm,
        late=tuple(clock.kind for clock in late),
    )


def nearness(decay: Decay, policy: TriagePolicy) -> int:
    """Whether the end of a clock presses: none, ``NEAR`` or ``ALARM``."""
    steps = policy.rules.decay.alarms
    if decay.late or (steps and decay.alarm == steps[0]):
        return ALARM
    return NO_ALARM if decay.alarm is None else NEAR


def is_late(clock: Clock, now: datetime) -> bool:
    """Whether a clock still runs, and ends before its provider would usually have answered."""
    left = clock.ends - now
    return clock.turnaround is not None and timedelta(0) < left < clock.turnaround * _DAY


def _alarm(clock: Clock, now: datetime, policy: TriagePolicy) -> Reason:
    params = {
        "kind": clock.kind,
        "ends": clock.ends.isoformat(),
        "left": (clock.ends - now) // _DAY,
        "turnaround": clock.turnaround,
    }
    return Reason("triage.clock.alarm", params, version=policy.stamp)


def _points(left: timedelta, policy: TriagePolicy) -> int:
    steps = policy.rules.decay.steps
    return next((points for days, points in steps if left <= days * _DAY), 0)


def _reason(code: str, clock: Clock, points: int, policy: TriagePolicy) -> Reason:
    params = {"kind": clock.kind, "ends": clock.ends.isoformat(), "day": f"{clock.ends:%Y-%m-%d}"}
    return Reason(code, params, points, version=policy.stamp)


def _score(reasons: list[Reason], policy: TriagePolicy) -> Score:
    value = total(reasons)
    return Score(value, band(value, policy.rules.decay.bands), tuple(reasons))
