"""Trying a triage policy on history: every report that was ranked, from the facts that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tipline.ground.publication.trials import (
    DONE,
    OVERTAKEN,
    RUNNING,
    History,
    Page,
    Sums,
    Trials,
)
from tipline.insight.triage.features import from_json
from tipline.insight.triage.models import TEST_LANE, QueueEntry
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.publication import rules_trial
from tipline.insight.triage.publication.queries import READING
from tipline.insight.triage.publication.rules_trial import Moved, compare
from tipline.insight.triage.rules_types import Clock

__all__ = ["DONE", "OVERTAKEN", "RUNNING"]
KIND = "triage.policy-trial"
LANE = "policy-trial"
#: Reports of a page: a tenth of a second of a worker's time, then it looks to other lanes.
PAGE = 200


def history() -> QuerySet[QueueEntry]:
    """Every report that was ranked, open or done; senders' tests are no history."""
    return QueueEntry.objects.exclude(lane=TEST_LANE)


def _count() -> int:
    return history().count()


def _page(after: int) -> Page:
    rows = history().filter(report_id__gt=after).order_by("report_id")
    wanted = rows.values_list(
        "report_id", "assessment__facts", "assessment__result__clocks", "assessment__at"
    )
    return [(number, one) for number, *one in wanted[:PAGE]]


def _add(sums: Sums, page: Page, old: TriagePolicy, new: TriagePolicy) -> Sums:
    return rules_trial.add(sums, ((number, _moved(one, old, new)) for number, one in page))


def _kept(trial: Mapping[str, Any]) -> Sums:
    """How the points were learned is no part of a trial and outlives it."""
    return {"learned": trial["learned"]} if "learned" in trial else {}


def _moved(one: list[Any], old: TriagePolicy, new: TriagePolicy) -> Moved | None:
    """One report under both; None when its facts were not kept (assessed by an older program)."""
    facts, clocks, at = one
    if not facts:
        return None
    return compare(from_json(facts), [_clock(said) for said in clocks or ()], at, old, new)


def _clock(said: Mapping[str, Any]) -> Clock:
    started, ends = (datetime.fromisoformat(said[name]) for name in ("started", "ends"))
    return Clock(said["kind"], started, ends, said.get("turnaround"))


TRIALS = Trials(
    READING, History(_count, _page, rules_trial.empty, _add, _kept), kind=KIND, lane=LANE
)
start = TRIALS.start
try_now = TRIALS.try_now
step = TRIALS.step
holds = TRIALS.holds
stopped = TRIALS.stopped
try_unkept = TRIALS.try_unkept
