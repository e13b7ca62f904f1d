"""What a batch act does to one report, and why it leaves one alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tipline.ground.foundation.reasons import Reason

MOST_AT_ONCE = 1_000
"""Reports of one act: what a person can still read through in a preview."""


class Act(StrEnum):
    """What can be done to many at once."""

    DONE = "done"
    CLAIM = "claim"
    RELEASE = "release"
    MEME = "meme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Whose a report is and whether it is done: all that a batch act changes. Times are aware."""

    claimed_by: int | None = None
    claimed_until: datetime | None = None
    done_at: datetime | None = None
    done_by: int | None = None
    done_how: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Held:
        times = {
            name: datetime.fromisoformat(data[name]) if data[name] else None
            for name in ("claimed_until", "done_at")
        }
        return cls(**{**data, **times})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A report of the queue as a batch act finds it.

    ``urgent``: by its band or by a signal that no person has refuted. ``no_meme``: why it is
    not one (see :func:`rules_meme.may_close_as_meme`).
    """

    held: Held
    urgent: bool
    folded: bool
    no_meme: Sequence[Reason] = ()


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts, and the instant of the act; ``lease``: how long a claim holds."""

    person: int
    at: datetime
    lease: timedelta


def why_not(act: Act, standing: Standing | None, person: int, now: datetime) -> tuple[Reason, ...]:
    """Why this report is left alone; empty when the act fits it."""
    if standing is None:
        return (_reason("gone"),)
    held = standing.held
    first = (
        ("folded", standing.folded),
        ("done", held.done_at is not None),
        ("urgent", standing.urgent),
        ("claimed", _anothers(held, person, now)),
        ("not_yours", act is Act.RELEASE and not _own(held, person, now)),
    )
    if code := next((code for code, true in first if true), ""):
        return (_reason(code),)
    return tuple(standing.no_meme) if act is Act.MEME else ()


def after(act: Act, before: Held, hand: Hand) -> Held:
    """What a report is once the act was done to it."""
    match act:
        case Act.CLAIM:
            until = hand.at + hand.lease
            return replace(before, claimed_by=hand.person, claimed_until=until)
        case Act.RELEASE:
            return replace(before, claimed_by=None, claimed_until=None)
    how = "meme" if act is Act.MEME else "batch"
    return Held(done_at=hand.at, done_by=hand.person, done_how=how)


def why_kept(found: Held | None, left: Held) -> tuple[Reason, ...]:
    """Why an undo leaves a report as it is: it is no longer as the act had left it."""
    return () if found == left else (_reason("changed_since"),)


def _anothers(held: Held, person: int, now: datetime) -> bool:
    return _runs(held, now) and held.claimed_by != person


def _own(held: Held, person: int, now: datetime) -> bool:
    return _runs(held, now) and held.claimed_by == person


def _runs(held: Held, now: datetime) -> bool:
    """A lease that has run out claims nothing."""
    return held.claimed_until is not None and held.claimed_until > now


def _reason(code: str) -> Reason:
    return Reason(f"triage.batch.{code}")


STOPPED = (_reason("stopped"),)
"""Whoever began it may no longer work the queue: what is left is left alone."""
