"""A policy tried on history: what would move, and by how much. Pure.

One report is compared by :func:`compare`; :func:`add` sums reports up in plain JSON values of
bounded size, so that a trial can be put down after any page and taken up again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tipline.ground.foundation.reasons import Reason
from tipline.ground.taxonomy.levels import Disposition
from tipline.insight.triage import rules
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.rules_types import Band, Clock, Score

MOST_MOVERS = 100
MOST_REASONS = 6
BANDS = (Band.URGENT, Band.HIGH, Band.MEDIUM, Band.LOW)
Sums = dict[str, Any]
_LIMITS = ("triage.cap.", "triage.bound.")


@dataclass(frozen=True, slots=True)
class Side:
    """What one policy makes of a report."""

    danger: Score
    disposition: Disposition
    actionability: Score
    decay: Score


@dataclass(frozen=True, slots=True)
class Moved:
    """One report under two policies."""

    old: Side
    new: Side

    @property
    def band_moves(self) -> bool:
        return self.old.danger.band is not self.new.danger.band

    @property
    def crosses(self) -> int:
        """1 when it becomes urgent, -1 when it is urgent no more, else 0."""
        urgent = [side.danger.band is Band.URGENT for side in (self.old, self.new)]
        return urgent[1] - urgent[0]

    @property
    def by(self) -> int:
        """Points of danger gained."""
        return self.new.danger.value - self.old.danger.value

    @property
    def disposition_moves(self) -> bool:
        return self.old.disposition is not self.new.disposition


def compare(
    facts: Features,
    clocks: Sequence[Clock],
    now: datetime,
    old: TriagePolicy,
    new: TriagePolicy,
) -> Moved:
    """The same facts under two policies. ``now`` is aware and the same for both."""
    return Moved(_side(facts, clocks, now, old), _side(facts, clocks, now, new))


def _side(facts: Features, clocks: Sequence[Clock], now: datetime, policy: TriagePolicy) -> Side:
    return Side(
        danger=rules.danger(facts, policy),
        disposition=rules.disposition(facts, policy).code,
        actionability=rules.actionability(facts, policy),
        decay=rules.decay(clocks, now, policy).score,
    )


def empty() -> Sums:
    """Nothing tried yet."""
    return {
        "tried": 0,
        "without_facts": 0,
        "changed": 0,
        "moved": 0,
        "matrix": {},
        "urgent_up": 0,
        "urgent_down": 0,
        "to_referral": 0,
        "to_informational": 0,
        "actionability_moved": 0,
        "decay_moved": 0,
        "movers": [],
    }


def add(sums: Sums, moved: Iterable[tuple[int, Moved | None]]) -> Sums:
    """The sums with more reports, each by its number; None for one whose facts are not kept."""
    total: Sums = {**sums, "matrix": dict(sums["matrix"]), "movers": list(sums["movers"])}
    for number, one in moved:
        if one is None:
            total["without_facts"] += 1
        else:
            _add(total, number, one)
    total["movers"] = sorted(total["movers"], key=_largest_first)[:MOST_MOVERS]
    return total


def _add(total: Sums, number: int, one: Moved) -> None:
    cell = f"{one.old.danger.band}>{one.new.danger.band}"
    total["tried"] += 1
    total["matrix"][cell] = total["matrix"].get(cell, 0) + 1
    total["changed"] += one.by != 0
    total["moved"] += one.band_moves
    total["urgent_up"] += one.crosses > 0
    total["urgent_down"] += one.crosses < 0
    if one.disposition_moves:
        total[f"to_{one.new.disposition}"] += 1
    total["actionability_moved"] += _differ(one.old.actionability, one.new.actionability)
    total["decay_moved"] += _differ(one.old.decay, one.new.decay)
    if one.by or one.band_moves or one.disposition_moves:
        total["movers"].append(_mover(number, one))


def _differ(old: Score, new: Score) -> bool:
    return old.band is not new.band


def _mover(number: int, one: Moved) -> dict[str, Any]:
    return {
        "number": number,
        "danger": [one.old.danger.value, one.new.danger.value],
        "band": [one.old.danger.band.value, one.new.danger.band.value],
        "disposition": [one.old.disposition.value, one.new.disposition.value],
        "reasons": _why(one.old.danger.reasons, one.new.danger.reasons),
    }


def _largest_first(mover: Mapping[str, Any]) -> tuple[int, int, int]:
    """Across the urgent line first, then by points, then by number."""
    before, after = mover["band"]
    crosses = (before == Band.URGENT) != (after == Band.URGENT)
    return -crosses, -abs(mover["danger"][1] - mover["danger"][0]), mover["number"]


def _why(old: Sequence[Reason], new: Sequence[Reason]) -> list[dict[str, Any]]:
    """The reasons whose points differ, the largest difference first.

    Of what a reason says only the policy's own limits are kept: its other values are words and
    facts of the report, which stay with the report.
    """
    before, after = _by_code(old), _by_code(new)
    differing: list[dict[str, Any]] = []
    for code in dict.fromkeys([*before, *after]):
        was, is_ = before.get(code), after.get(code)
        points = [was.points if was else 0, is_.points if is_ else 0]
        if points[0] != points[1]:
            said = is_ or was
            limit = said.params if said and code.startswith(_LIMITS) else {}
            differing.append({"code": code, "points": points, "params": dict(limit)})
    differing.sort(key=lambda each: -abs(each["points"][1] - each["points"][0]))
    return differing[:MOST_REASONS]


def _by_code(reasons: Sequence[Reason]) -> dict[str, Reason]:
    return {reason.code: reason for reason in reasons}
