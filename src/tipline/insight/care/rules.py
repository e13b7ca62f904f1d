"""How much somebody has looked, when that is enough, and when a break is due. Pure.

Limits hold in any 24 hours, not by the calendar: a night shift gets no second allowance at
midnight. Of several limits the lowest holds. Looking is stopped by them, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Look:
    """One picture shown to one person; ``revealed``: large and in colour. ``at`` is aware."""

    at: datetime
    revealed: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """Most looks and most reveals among them, in any 24 hours. ``None``: no limit."""

    looks: int | None = None
    reveals: int | None = None


class Near(StrEnum):
    """How far somebody is from a limit. This is all that others are told of them."""

    CLEAR = "clear"
    NEAR = "near"
    REACHED = "reached"


class What(StrEnum):
    LOOKS = "looks"
    REVEALS = "reveals"


@dataclass(frozen=True, slots=True)
class Stopped:
    """No more of this for now: ``limit`` was reached; from ``until`` on one more is allowed.

    ``until`` is None where waiting changes nothing: the limit is 0.
    """

    what: What
    limit: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Allowed:
    """One more look is all right. ``near``: whether it comes close to a limit."""

    near: Near = Near.CLEAR


@dataclass(frozen=True, slots=True)
class BreakRules:
    """See ``policies/care.toml``: when a break is offered, and how long it lasts."""

    after_looks: int
    after: timedelta
    lasts: timedelta
    pause: timedelta
    again_after_looks: int


@dataclass(frozen=True, slots=True)
class BreakDue:
    """So many looks in a row, over so long: a break would do good."""

    looks: int
    over: timedelta


def lowest(*each: Limits) -> Limits:
    """Of several limits the lowest, for looks and for reveals."""
    return Limits(
        looks=min((one.looks for one in each if one.looks is not None), default=None),
        reveals=min((one.reveals for one in each if one.reveals is not None), default=None),
    )


def within_a_day(looks: Sequence[Look], now: datetime) -> list[Look]:
    """Those of the last 24 hours, oldest first."""
    return sorted((one for one in looks if now - DAY < one.at <= now), key=lambda one: one.at)


def may_look(
    looks: Sequence[Look], limits: Limits, now: datetime, *, reveal: bool, near_percent: int
) -> Allowed | Stopped:
    """May this person, who has looked so, look once more now? A reveal is a look, too."""
    today = within_a_day(looks, now)
    reveals = [one for one in today if one.revealed]
    stopped = _stopped(What.LOOKS, today, limits.looks)
    if stopped is None and reveal:
        stopped = _stopped(What.REVEALS, reveals, limits.reveals)
    if stopped is not None:
        return stopped
    return Allowed(nearness(len(today), len(reveals), limits, near_percent))


def _stopped(what: What, done: Sequence[Look], limit: int | None) -> Stopped | None:
    if limit is None or len(done) < limit:
        return None
    return Stopped(what, limit, done[len(done) - limit].at + DAY if limit else None)


def nearness(looks: int, reveals: int, limits: Limits, near_percent: int) -> Near:
    """The worse of the two: how near so many looks and reveals are to the limits."""
    order = list(Near)
    found = (_near(looks, limits.looks, near_percent), _near(reveals, limits.reveals, near_percent))
    return max(found, key=order.index)


def _near(done: int, limit: int | None, near_percent: int) -> Near:
    if limit is None:
        return Near.CLEAR
    if done >= limit:
        return Near.REACHED
    return Near.NEAR if 100 * done >= near_percent * limit else Near.CLEAR


def in_a_row(looks: Sequence[Look], since: datetime | None, now: datetime, pause: timedelta) -> int:
    """How many of the newest looks came without a pause between them, after ``since``.

    ``looks``: oldest first. 0 when the newest is so long ago that the pause was had.
    """
    times = [one.at for one in looks if one.at <= now and (since is None or one.at > since)]
    if not times or now - times[-1] >= pause:
        return 0
    gaps = [later - earlier >= pause for earlier, later in pairwise(times)]
    return gaps[::-1].index(True) + 1 if True in gaps else len(times)


def break_due(
    looks: Sequence[Look],
    rules: BreakRules,
    now: datetime,
    *,
    rested: datetime | None = None,
    put_off: datetime | None = None,
) -> BreakDue | None:
    """Is it time to offer a break? ``looks``: oldest first.

    ``rested``: when the last break was begun; ``put_off``: when one was last offered and not
    taken.
    """
    row = in_a_row(looks, rested, now, rules.pause)
    if not row:
        return None
    newest = [one for one in looks if one.at <= now][-row:]
    over = now - newest[0].at
    if put_off is not None:
        since = sum(one.at > put_off for one in newest)
        asked_already = put_off >= newest[0].at
        if asked_already and since < rules.again_after_looks:
            return None
    due = row >= rules.after_looks or over >= rules.after
    return BreakDue(row, over) if due else None
