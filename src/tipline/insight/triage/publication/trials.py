"""Trying a version on history: page after page of reports, resumable, each counted once.

The state of a trial stands in its version's row: which policy it is held against, how far it
is, and the sums so far. A page is read and compared outside any transaction; it counts only if
nobody counted it meanwhile, and the job for the next page commits with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock, jobs
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict
from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.policy import PolicyError
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.features import from_json
from tipline.insight.triage.models import TEST_LANE, PolicyVersion, QueueEntry
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.publication import rules_trial
from tipline.insight.triage.publication.queries import (
    in_force,
    policy_of,
    policy_or_problems,
    policy_with,
    version_for,
)
from tipline.insight.triage.publication.rules_trial import Moved, Sums, compare
from tipline.insight.triage.rules_types import Clock

KIND = "triage.policy-trial"
LANE = "policy-trial"
#: Reports of a page: a tenth of a second of a worker's time, then it looks to other lanes.
PAGE = 200
RUNNING, DONE, OVERTAKEN = "running", "done", "overtaken"


def start(actor: Actor, version_id: int) -> PolicyVersion:
    """Have a version tried against what is in force, in the background; running, it runs on."""
    actor.require(Permission.POLICY_PROPOSE)
    row = version_for(actor, version_id)
    _readable(row)
    against = in_force()
    with write_tx():
        row = PolicyVersion.objects.select_for_update().get(pk=row.pk)
        if _is(row, RUNNING, against):
            _ask(row)  # in case that its job gave up
            return row
        row.trial = {**_kept(row), **_new(against), **rules_trial.empty()}
        row.trial_done, row.trial_of, row.tried_at = 0, history().count(), None
        row.save(update_fields=["trial", "trial_done", "trial_of", "tried_at"])
        detail = {"digest": row.digest, "against": against.digest}
        record(actor, Verb.POLICY_TRIED, f"policy:{row.pk}", detail=detail)
        _ask(row)
    return row


def try_now(
    actor: Actor, version_id: int, tell: Callable[[int, int], object] = lambda _done, _of: None
) -> PolicyVersion:
    """The whole trial in this process; ``tell(done, of)`` after each page."""
    row = start(actor, version_id)
    while row.trial["state"] == RUNNING:
        step({"version": row.pk, "run": row.trial["run"]})
        row = PolicyVersion.objects.get(pk=row.pk)
        tell(row.trial_done, row.trial_of)
    return row


def step(payload: Mapping[str, Any]) -> None:
    """Try the next page; asked for too often, each page still counts once."""
    row = PolicyVersion.objects.filter(pk=payload["version"]).first()
    if row is None or not _goes_on(row, payload["run"]):
        return
    against, (new, _problems) = policy_with(row.trial["against"]), policy_or_problems(row)
    if new is None or against is None or against.digest != in_force().digest:
        _put(row, {**row.trial, "state": OVERTAKEN}, 0)
        return
    after = row.trial["after"]
    page = list(_page(after))
    found = [(number, _moved(one, against, new)) for number, *one in page]
    sums = rules_trial.add(row.trial, found)
    ended = {"state": RUNNING, "after": page[-1][0]} if page else {"state": DONE}
    _put(row, {**sums, **ended}, len(page))


def _put(row: PolicyVersion, trial: Mapping[str, Any], more: int) -> None:
    """Keep the trial as it is now, unless somebody else has moved it on from ``row``."""
    with write_tx():
        now = PolicyVersion.objects.select_for_update().get(pk=row.pk)
        if (now.trial.get("run"), now.trial.get("after"), now.trial.get("state")) != (
            row.trial["run"],
            row.trial["after"],
            RUNNING,
        ):
            return
        now.trial = dict(trial)
        now.trial_done += more
        now.tried_at = clock.now() if trial["state"] == DONE else None
        now.save(update_fields=["trial", "trial_done", "tried_at"])
        if trial["state"] == RUNNING:
            _ask(now)


def _ask(row: PolicyVersion) -> None:
    payload = {"version": row.pk, "run": row.trial["run"]}
    jobs.enqueue(KIND, payload, lane=LANE, dedup_key=row.trial["run"])


def holds(row: PolicyVersion) -> bool:
    """Whether the version was tried to the end against what is in force now."""
    return _is(row, DONE, in_force())


def _is(row: PolicyVersion, state: str, against: TriagePolicy) -> bool:
    return (row.trial.get("state"), row.trial.get("against")) == (state, against.digest)


def stopped(row: PolicyVersion) -> bool:
    """Whether a trial that has not ended has no job any more that would go on with it."""
    if row.trial.get("state") != RUNNING:
        return False
    mine = (state for state, said in jobs.payloads(KIND) if said["run"] == row.trial["run"])
    return all(state == "dead" for state in mine)


def _goes_on(row: PolicyVersion, run: str) -> bool:
    return (row.trial.get("state"), row.trial.get("run")) == (RUNNING, run)


def _new(against: TriagePolicy) -> dict[str, Any]:
    return {
        "state": RUNNING,
        "run": random_hex(8),
        "against": against.digest,
        "against_stamp": against.stamp,
        "after": 0,
    }


def _kept(row: PolicyVersion) -> dict[str, Any]:
    """How the points were learned is no part of a trial and outlives it."""
    return {"learned": row.trial["learned"]} if "learned" in row.trial else {}


def _readable(row: PolicyVersion) -> None:
    try:
        policy_of(row)
    except PolicyError as error:
        raise Conflict(f"This program cannot use it any more: {error.field}.") from error


def history() -> QuerySet[QueueEntry]:
    """Every report that was ranked, open or done; senders' tests are no history."""
    return QueueEntry.objects.exclude(lane=TEST_LANE)


_Row = tuple[int, dict[str, Any], list[dict[str, Any]], datetime]


def _page(after: int) -> Iterator[_Row]:
    rows = history().filter(report_id__gt=after).order_by("report_id")
    wanted = rows.values_list(
        "report_id", "assessment__facts", "assessment__result__clocks", "assessment__at"
    )
    yield from wanted[:PAGE]


def _moved(one: list[Any], old: TriagePolicy, new: TriagePolicy) -> Moved | None:
    """One report under both; None when its facts were not kept (assessed by an older program)."""
    facts, clocks, at = one
    if not facts:
        return None
    return compare(from_json(facts), [_clock(said) for said in clocks or ()], at, old, new)


def _clock(said: Mapping[str, Any]) -> Clock:
    started, ends = (datetime.fromisoformat(said[name]) for name in ("started", "ends"))
    return Clock(said["kind"], started, ends, said.get("turnaround"))


def try_unkept(new: TriagePolicy) -> Sums:
    """The sums of a policy that is no version yet, against what is in force; nothing is kept."""
    against, sums, after = in_force(), rules_trial.empty(), 0
    while page := list(_page(after)):
        sums = rules_trial.add(sums, ((n, _moved(one, against, new)) for n, *one in page))
        after = page[-1][0]
    return {**sums, "against_stamp": against.stamp}
