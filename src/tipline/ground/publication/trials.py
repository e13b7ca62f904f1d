"""Trying a version on history: page after page, resumable, each page counted once.

The state of a trial stands in its version's row: which policy it is held against, how far it
is, and the sums so far. A page is read and compared outside any transaction; it counts only if
nobody counted it meanwhile, and the job for the next page commits with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock, jobs
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.errors import Conflict
from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.policy import Policy, PolicyError
from tipline.ground.foundation.transactions import write_tx
from tipline.ground.publication.queries import Reading

T = TypeVar("T")
Sums = dict[str, Any]
RUNNING, DONE, OVERTAKEN = "running", "done", "overtaken"
#: What a trial is over: a key per entry, rising, and what is compared of it.
Page = Sequence[tuple[int, Any]]


@dataclass(frozen=True, slots=True)
class History(Generic[T]):
    """What versions are tried on.

    ``count``: how many entries; ``page``: the next ones above a key. ``empty``: sums before
    anything was tried, and ``add`` the sums with a page more, under the policy in force and the
    new one; both plain JSON of bounded size. ``kept``: what of a row's trial outlives it.
    """

    count: Callable[[], int]
    page: Callable[[int], Page]
    empty: Callable[[], Sums]
    add: Callable[[Sums, Page, Policy[T], Policy[T]], Sums]
    kept: Callable[[Mapping[str, Any]], Sums] = lambda _trial: {}


class Trials(Generic[T]):
    """Trials of one room's versions; its jobs are of ``kind`` in ``lane``."""

    def __init__(self, reading: Reading[T], history: History[T], *, kind: str, lane: str) -> None:
        self.reading, self.room, self.history = reading, reading.room, history
        self.kind, self.lane = kind, lane

    def start(self, actor: Actor, version_id: int) -> Any:
        """Have a version tried against what is in force, in the background; running, it runs on."""
        actor.require(self.room.propose)
        row = self.reading.version_for(actor, version_id)
        self._readable(row)
        against = self.reading.in_force()
        with write_tx():
            row = self.room.versions.select_for_update().get(pk=row.pk)
            if _is(row, RUNNING, against):
                self._ask(row)  # in case that its job gave up
                return row
            kept = self.history.kept(row.trial)
            row.trial = {**kept, **_new(against), **self.history.empty()}
            row.trial_done, row.trial_of, row.tried_at = 0, self.history.count(), None
            row.save(update_fields=["trial", "trial_done", "trial_of", "tried_at"])
            detail = {"digest": row.digest, "against": against.digest}
            record(actor, Verb.POLICY_TRIED, f"{self.room.subject}:{row.pk}", detail=detail)
            self._ask(row)
        return row

    def try_now(
        self,
        actor: Actor,
        version_id: int,
        tell: Callable[[int, int], object] = lambda _done, _of: None,
    ) -> Any:
        """The whole trial in this process; ``tell(done, of)`` after each page."""
        row = self.start(actor, version_id)
        while row.trial["state"] == RUNNING:
            self.step({"version": row.pk, "run": row.trial["run"]})
            row = self.room.versions.get(pk=row.pk)
            tell(row.trial_done, row.trial_of)
        return row

    def step(self, payload: Mapping[str, Any]) -> None:
        """Try the next page; asked for too often, each page still counts once."""
        row = self.room.versions.filter(pk=payload["version"]).first()
        if row is None or not _goes_on(row, payload["run"]):
            return
        against = self.reading.policy_with(row.trial["against"])
        new, _problems = self.reading.policy_or_problems(row)
        if new is None or against is None or against.digest != self.reading.in_force().digest:
            self._put(row, {**row.trial, "state": OVERTAKEN}, 0)
            return
        page = self.history.page(row.trial["after"])
        sums = self.history.add(row.trial, page, against, new)
        ended = {"state": RUNNING, "after": page[-1][0]} if page else {"state": DONE}
        self._put(row, {**sums, **ended}, len(page))

    def _put(self, row: Any, trial: Mapping[str, Any], more: int) -> None:
        """Keep the trial as it is now, unless somebody else has moved it on from ``row``."""
        with write_tx():
            now = self.room.versions.select_for_update().get(pk=row.pk)
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
                self._ask(now)

    def _ask(self, row: Any) -> None:
        payload = {"version": row.pk, "run": row.trial["run"]}
        jobs.enqueue(self.kind, payload, lane=self.lane, dedup_key=row.trial["run"])

    def holds(self, row: Any) -> bool:
        """Whether the version was tried to the end against what is in force now."""
        return _is(row, DONE, self.reading.in_force())

    def stopped(self, row: Any) -> bool:
        """Whether a trial that has not ended has no job any more that would go on with it."""
        if row.trial.get("state") != RUNNING:
            return False
        mine = (
            state for state, said in jobs.payloads(self.kind) if said["run"] == row.trial["run"]
        )
        return all(state == "dead" for state in mine)

    def try_unkept(self, new: Policy[T]) -> Sums:
        """The sums of a policy that is no version yet, against what is in force; none is kept."""
        against, sums, after = self.reading.in_force(), self.history.empty(), 0
        while page := self.history.page(after):
            sums = self.history.add(sums, page, against, new)
            after = page[-1][0]
        return {**sums, "against_stamp": against.stamp}

    def _readable(self, row: Any) -> None:
        try:
            self.reading.policy_of(row)
        except PolicyError as error:
            raise Conflict(f"This program cannot use it any more: {error.field}.") from error


def _is(row: Any, state: str, against: Policy[T]) -> bool:
    return (row.trial.get("state"), row.trial.get("against")) == (state, against.digest)


def _goes_on(row: Any, run: str) -> bool:
    return (row.trial.get("state"), row.trial.get("run")) == (RUNNING, run)


def _new(against: Policy[T]) -> dict[str, Any]:
    return {
        "state": RUNNING,
        "run": random_hex(8),
        "against": against.digest,
        "against_stamp": against.stamp,
        "after": 0,
    }
