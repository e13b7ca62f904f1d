"""Which contents wait for a look, in which order, and when one waits no more. Pure.

The best protection is not looking: what a trusted list knows, what a person confirmed to be an
entry of a list, and what our own labels say already is never offered. Of the rest the newest to
the world comes first, because it may show a child that nobody knows of yet; then the danger and
the deadline of the report that it came with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from tipline.insight.annotation.rules_standing import CHILD_EVENT, WHOLE, Standing, Wanted

#: How long a content is one person's; each act on it lengthens that.
LEASE = timedelta(minutes=15)
#: How long a content that somebody left is not offered to them again.
LEFT_FOR = timedelta(hours=12)
#: So many that look alike are held together, nearest first to come.
MOST_BESIDE = 12


class Novelty(IntEnum):
    """How new a content is to the house; the smallest comes first."""

    NEW = 0
    AGAIN = 1
    NEAR = 2


class Ending(StrEnum):
    """Why a content is not offered. ``WAITING``: it is."""

    WAITING = ""
    LABELLED = "labelled"
    KNOWN = "known"
    JUDGED_CLOSED = "closed"
    GONE = "gone"


class How(StrEnum):
    """What a person made of it. The two in the middle judge a closed file by its metadata."""

    LABELLED = "labelled"
    ASK_OPENING = "ask"
    LEAVE_CLOSED = "leave"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a content: its labels, and those of each child in it by number."""

    content: frozenset[str] = frozenset()
    children: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @property
    def labels(self) -> frozenset[str]:
        """Every label, of the content or of any child."""
        return self.content.union(*self.children.values())

    def as_json(self) -> dict[str, Any]:
        children = [[number, sorted(codes)] for number, codes in sorted(self.children.items())]
        return {"content": sorted(self.content), "children": children}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Said:
        children = {int(number): frozenset(codes) for number, codes in data.get("children", ())}
        return cls(frozenset(data.get("content", ())), children)


def changes(now: Standing, said: Said, may_change: frozenset[str]) -> list[Wanted]:
    """What makes the labels those that were said; ``may_change``: the labels in force.

    Children that are not there yet get the next numbers, in order; those that are not said any
    more are taken out. What is retired stays as it stands.
    """
    wanted = _differences(WHOLE, now.content, said.content, may_change)
    following = now.next_child
    for number, codes in sorted(said.children.items()):
        known = now.has(number)
        if not known:
            number, following = following, following + 1  # noqa: PLW2901 - its number from now on
            wanted.append((number, CHILD_EVENT, True))
        wanted += _differences(number, now.of(number) if known else frozenset(), codes, may_change)
    gone = [child.number for child in now.children if child.number not in said.children]
    return wanted + [(number, CHILD_EVENT, False) for number in gone]


def _differences(
    child: int, now: frozenset[str], said: frozenset[str], may_change: frozenset[str]
) -> list[Wanted]:
    return [(child, code, code in said) for code in sorted((now ^ said) & may_change)]


#: What may be said of a file that the gate closes.
BY_METADATA = frozenset({How.ASK_OPENING, How.LEAVE_CLOSED})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a content stands, by the copy that stands for it.

    ``file``, ``report``: keys. ``open``: the gate opens that copy to the house. ``band_rank``:
    0 is urgent. ``step``, ``deadline``, ``received_at``: those of the report in its queue.
    """

    file: int
    report: int
    open: bool
    band_rank: int
    step: int
    deadline: datetime
    received_at: datetime

    @property
    def order(self) -> tuple[bool, int, int, datetime, int, int]:
        """The smallest stands for the content: a copy that may be seen, then the danger."""
        return (
            not self.open, self.band_rank, self.step, self.deadline, self.report, self.file,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a content: its labels, whether lists know it, what it is like.

    ``near``: SHA-256 of contents that it looks like, the nearest first; ``near_list``: it looks
    like an entry of a list. ``closed_word``: somebody judged it by its metadata.
    """

    labels: frozenset[str] = frozenset()
    listed: bool = False
    again: bool = False
    near: tuple[str, ...] = ()
    near_list: bool = False
    closed_word: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A content as it stands in the queue."""

    sha256: str
    look_alike: str
    place: Place
    again: bool
    near: bool
    ended: Ending

    @property
    def novelty(self) -> Novelty:
        return novelty(again=self.again, near=self.near)


def novelty(*, again: bool, near: bool) -> Novelty:
    """What nobody has seen, then what came more than once, then what looks like something."""
    if near:
        return Novelty.NEAR
    return Novelty.AGAIN if again else Novelty.NEW


def judged(labels: Iterable[str], content_types: frozenset[str]) -> bool:
    """Whether somebody has said what it is: an age or an act alone says it not."""
    return not content_types.isdisjoint(labels)


def ending(known: Known, content_types: frozenset[str], *, is_open: bool) -> Ending:
    """Why a content is not offered, the strongest reason first."""
    if judged(known.labels, content_types):
        return Ending.LABELLED
    if known.listed:
        return Ending.KNOWN
    if known.closed_word and not is_open:
        return Ending.JUDGED_CLOSED
    return Ending.WAITING


def placed(
    sha256: str, before: Row | None, place: Place, known: Known, content_types: frozenset[str]
) -> Row:
    """The row after a copy in a report was looked at; the same facts twice change nothing.

    Another report's copy stands for the content as long as it comes first in its order. What
    was like something, or came again, is so for ever: the order of looking makes no difference.
    """
    near = bool(known.near) or known.near_list
    again, stands, like = known.again, place, sha256
    if before is not None:
        own = before.place.report == place.report
        stands = place if own or place.order < before.place.order else before.place
        again = before.again or known.again or not own
        near = near or before.near
        like = before.look_alike
    ended = ending(known, content_types, is_open=stands.open)
    return Row(sha256, like, stands, again, near, ended)


def joined(row: Row, known: Known, look_alikes: Mapping[str, str]) -> Row:
    """The row with those that it looks like: it joins them once, and stays.

    ``look_alikes``: what contents with a row share already, by SHA-256.
    """
    if row.look_alike != row.sha256 or not known.near:
        return row
    nearest = known.near[0]
    return replace(row, look_alike=look_alikes.get(nearest, nearest))
