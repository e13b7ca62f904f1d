"""Bringing every open report under another policy, a page at a time, in a lane of its own.

A page asks for its reports and then for the next page: the lane never holds more than one page,
and workers take lanes in turn, so that a new report waits for one report of this lane at most.
A report that was being assessed while the policy changed may keep the old one: a second round
looks for such a little later. Another act ends the rounds of the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tipline.ground.foundation import jobs
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.publication.events import PolicyPublished
from tipline.insight.triage.publication.queries import (
    in_force,
    newest_act_id,
    open_reports,
    still_under_another,
)
from tipline.insight.triage.publication.services import LANE

KIND = "pipeline.policy"
REPORT = "pipeline.report"
EVENT = "PolicyPublished>pipeline"
PAGE = 200
_SECOND_ROUND = timedelta(seconds=60)


def begin(event: PolicyPublished) -> None:
    """Begin with the report that came first."""
    start = {"act": event.act, "round": 1, "after": 0, "done": 0, "of": open_reports()}
    with write_tx():
        jobs.enqueue(KIND, start, lane=LANE, dedup_key=str(event.act))


def page(payload: dict[str, Any]) -> None:
    """Ask for the next reports that stand under another policy, then for the page after them."""
    if payload["act"] != newest_act_id():
        return
    numbers = still_under_another(in_force().stamp, payload["after"], PAGE)
    with write_tx():
        for number in numbers:
            # A key of its own: a change of the report itself must not wait in this lane.
            key = f"policy:{number}"
            jobs.enqueue(REPORT, {"report": number}, lane=LANE, dedup_key=key)
        if numbers:
            done = payload["done"] + len(numbers)
            _next({**payload, "after": numbers[-1], "done": done})
        elif payload["round"] == 1:
            _next({**payload, "after": 0, "round": 2}, delay=_SECOND_ROUND)


def _next(payload: dict[str, Any], delay: timedelta = timedelta(0)) -> None:
    jobs.enqueue(KIND, payload, lane=LANE, dedup_key=str(payload["act"]), delay=delay)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the first round is. ``stopped``: its job gave up and waits for an administrator."""

    done: int
    of: int
    stopped: bool


def progress(actor: Actor) -> Progress | None:
    """None when nothing is being brought under the policy in force."""
    actor.require(Permission.POLICY_PUBLISH)
    act = newest_act_id()
    pages = [(state, said) for state, said in jobs.payloads(KIND) if said["act"] == act]
    if not pages:
        asked = any(said["act"] == act for _state, said in jobs.payloads(EVENT))
        return Progress(0, open_reports(), stopped=False) if asked else None
    state, said = pages[-1]
    waiting = jobs.waiting_in(LANE, REPORT)
    if said["round"] > 1 and not waiting:
        return None
    return Progress(max(0, said["done"] - waiting), said["of"], stopped=state == "dead")
