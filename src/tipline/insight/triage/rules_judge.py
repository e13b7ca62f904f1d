"""Everything that triage says of gathered facts, as one result of plain values. Pure.

The pipeline stores it, a trial on history compares it, the check and the benchmark read it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from tipline.ground.foundation.reasons import Reason
from tipline.insight.triage import rules
from tipline.insight.triage.bundles.rules_form import Form
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.rules_types import Clock, Score
from tipline.insight.triage.summary import ReportFacts, summarise


@dataclass(frozen=True, slots=True)
class Gathered:
    """One report's facts: for the rules, the clocks, and the summary's counts.

    ``neighbours``: reports joined to it by links that count. ``form``: what it is like, for
    bundles; None where nothing is bundled (the check, the benchmark).
    """

    features: Features
    clocks: tuple[Clock, ...]
    files: int
    known_files: int
    new_files: int
    links: int
    place: str
    neighbours: tuple[int, ...] = ()
    form: Form | None = None


def input_digest(gathered: Gathered, now: datetime, policy: TriagePolicy) -> str:
    """The facts, and of the passing of time only what it has changed: the clocks' state."""
    facts = dataclasses.replace(
        gathered,
        features=dataclasses.replace(gathered.features, hours_since_incident=None),
        neighbours=(),  # no score looks at these two
        form=None,
    )
    decay = rules.decay(gathered.clocks, now, policy)
    clocks = [decay.clock, decay.deadline, decay.score.value, decay.alarm, decay.late]
    text = json.dumps([dataclasses.asdict(facts), clocks], sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} is no plain value")


def judge(gathered: Gathered, now: datetime, policy: TriagePolicy) -> dict[str, Any]:
    """Everything triage says of the facts, as plain JSON values."""
    features = gathered.features
    disposition = rules.disposition(features, policy)
    urgency = rules.urgency(features, policy)
    decay = rules.decay(gathered.clocks, now, policy)
    summary = summarise(
        ReportFacts(
            incident_type=features.incident_type,
            files=gathered.files,
            known_files=gathered.known_files,
            new_files=gathered.new_files,
            place=gathered.place,
            urgency=urgency,
        )
    )
    return {
        "disposition": disposition.code.value,
        "failing": disposition.failing.as_json() if disposition.failing else None,
        "overridden": disposition.overridden,
        "tests": _reasons(disposition.reasons),
        "level": disposition.level.value,
        "urgency": urgency.urgency.value,
        "signals": _reasons(urgency.signals),
        "lane": disposition.lane.value,
        "danger": _score(rules.danger(features, policy)),
        "actionability": _score(rules.actionability(features, policy)),
        "decay": _score(decay.score),
        "deadline": decay.deadline.isoformat() if decay.deadline else None,
        "clock": decay.clock,
        "clocks": [
            {
                "kind": c.kind,
                "started": c.started.isoformat(),
                "ends": c.ends.isoformat(),
                "turnaround": c.turnaround,
            }
            for c in gathered.clocks
        ],
        "alarm": {
            "nearness": rules.nearness(decay, policy),
            "days": decay.alarm,
            "late": list(decay.late),
        },
        "would_help": _reasons(rules.what_would_help(features, policy)),
        "summary": {"code": summary.code, "params": dict(summary.params)},
    }


def _reasons(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    return [reason.as_json() for reason in reasons]


def _score(score: Score) -> dict[str, Any]:
    return {
        "value": score.value,
        "band": score.band.value,
        "reasons": _reasons(score.reasons),
    }
