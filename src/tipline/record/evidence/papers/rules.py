"""The states of a paper and what stands at an instant. Pure.

applied -> granted | denied | ended (withdrawn); granted -> revoked (by who issued it) | ended
(by who holds it). That a granted paper has run out is no state: its end and the clock say it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from tipline.record.evidence.rules_types import OpeningState

State = OpeningState

NEXT: Mapping[State, tuple[State, ...]] = {
    State.APPLIED: (State.GRANTED, State.DENIED, State.ENDED),
    State.GRANTED: (State.REVOKED, State.ENDED),
    State.DENIED: (),
    State.REVOKED: (),
    State.ENDED: (),
}
#: In which a paper begins.
FIRST = (State.GRANTED, State.APPLIED)


class Standing(StrEnum):
    """What a paper is worth at an instant; only the first opens anything."""

    IN_FORCE = "in-force"
    BEGINS_LATER = "begins-later"
    RUN_OUT = "run-out"
    APPLIED = "applied"
    DENIED = "denied"
    REVOKED = "revoked"
    ENDED = "ended"


def standing(state: State, start: datetime, end: datetime | None, now: datetime) -> Standing:
    """All times aware; the end is excluded."""
    if state is not State.GRANTED:
        return Standing(state.value)
    if now < start:
        return Standing.BEGINS_LATER
    return Standing.RUN_OUT if end is not None and end <= now else Standing.IN_FORCE


def state_of(state: str, ended: bool) -> State:
    """The state of a row; ``ended``: an older program ended it, which kept no state."""
    known = State(state)
    if ended and known not in {State.REVOKED, State.ENDED}:
        return State.ENDED
    return known
