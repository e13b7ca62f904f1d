"""Which state of a pair is in force: the machine's word, and what people said since. Pure.

The ledger of a pair is read in the order of its ids. A row that a later one takes back counts
nothing, and nor does the row that took it back. Of the others the newest is in force, with the
newest answer of a second person to it. Nothing else is looked at, so the rows can be replayed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tipline.insight.entities.judging.rules_clusters import path


class Verdict(StrEnum):
    """What a person says. ``SPLIT``: no, as part of parting a whole cluster."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    SPLIT = "split"
    UNDO = "undo"


#: What may be said of one pair.
ANSWERS = (Verdict.YES, Verdict.NO, Verdict.UNSURE)
APART = (Verdict.NO, Verdict.SPLIT)


class Machine(StrEnum):
    """What the rules of linking say of a pair now. ``GONE``: nothing any more."""

    AUTOMATIC = "automatic"
    PROPOSED = "proposed"
    GONE = "gone"


class State(StrEnum):
    """What a link is. ``WAITING``: confirmed, counts nothing until a second person agrees.

    ``BARRED``: a proposal that nobody is shown, as it would join what was told apart.
    """

    AUTOMATIC = "automatic"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    REJECTED = "rejected"
    UNSURE = "unsure"
    BARRED = "barred"
    GONE = "gone"


COUNTED = frozenset({State.AUTOMATIC, State.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Word:
    """A row of the ledger. People and rows are ids; ``kinds``: see :func:`kinds`."""

    id: int
    verdict: Verdict
    by: int
    kinds: frozenset[str] = frozenset()
    act: str = ""
    undoes: int | None = None
    seconds: int | None = None
    needs_second: bool = False


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds of one pair, whatever stands around it.

    ``word``: the judgement in force; ``second``: the answer to it. ``apart``: it tells the two
    apart. ``news``: kinds of evidence since. ``differ``: two people say different things.
    """

    state: State
    word: Word | None = None
    second: Word | None = None
    news: tuple[str, ...] = ()

    @property
    def apart(self) -> bool:
        return self.word is not None and self.word.verdict in APART

    @property
    def differ(self) -> bool:
        return self.second is not None and self.word is not None and not _same(self)


def in_force(machine: Machine, kinds_now: frozenset[str], words: Iterable[Word]) -> InForce:
    """The state of a pair. ``kinds_now``: of the machine's reasons as they are."""
    word, second = newest(words)
    if word is None:
        return InForce(State(machine.value))
    found = InForce(State.UNSURE, word, second)
    if word.verdict is Verdict.YES:
        return InForce(_confirmed(found), word, second)
    state = State.REJECTED if found.apart else State.UNSURE
    seen = word.kinds | (second.kinds if second is not None else frozenset())
    news = tuple(sorted(kinds_now - seen)) if machine is not Machine.GONE else ()
    return InForce(State.PROPOSED if news else state, word, second, news)


def _confirmed(found: InForce) -> State:
    """Two who differ are nobody's yes: it counts nothing until it is judged anew."""
    if found.differ:
        return State.UNSURE
    waits = found.word is not None and found.word.needs_second and found.second is None
    return State.WAITING if waits else State.CONFIRMED


def _same(found: InForce) -> bool:
    said = [word.verdict in APART for word in (found.word, found.second) if word is not None]
    told = {word.verdict for word in (found.word, found.second) if word is not None}
    return all(said) or len(told) == 1


def standing(words: Iterable[Word]) -> list[Word]:
    """The rows that nobody took back, the oldest first."""
    rows = sorted(words, key=lambda word: word.id)
    undone = {word.undoes for word in rows}
    return [word for word in rows if word.undoes is None and word.id not in undone]


def newest(words: Iterable[Word]) -> tuple[Word | None, Word | None]:
    """The judgement in force and the second person's answer to it, where there are any."""
    rows = standing(words)
    word = next((row for row in reversed(rows) if row.seconds is None), None)
    of_it = (row for row in reversed(rows) if word is not None and row.seconds == word.id)
    return word, next(of_it, None)


def last_act(words: Iterable[Word]) -> str:
    """The act that an undo would take back; empty when there is none."""
    rows = standing(words)
    return rows[-1].act if rows else ""


def kinds(reasons: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The comparisons that speak for a pair, of its reasons as stored.

    ``bits.email.same_user`` is of the kind ``email``. What explains, caps or counts against is
    none. Links of before the scorer (``link.same_value``) name the identifier in ``params``.
    """
    found = set()
    for reason in reasons:
        if int(reason["points"]) <= 0:
            continue
        room, *rest = str(reason["code"]).split(".")
        if room == "bits" and rest:
            found.add(rest[0])
        elif "kind" in reason["params"]:
            kind = str(reason["params"]["kind"])
            found.add(_OF_IDENTIFIER.get(kind, kind))
    return frozenset(found)


#: Under which comparison the scorer has the identifiers that links named before it.
_OF_IDENTIFIER: Mapping[str, str] = {
    "esp_user_id": "account",
    "device_id": "device",
    "profile_url": "page",
}


def reopens(
    old_reasons: Sequence[Mapping[str, Any]], new_reasons: Sequence[Mapping[str, Any]]
) -> tuple[str, ...]:
    """The kinds of evidence that are new since the reasons of a rejection; none: it stays so."""
    return tuple(sorted(kinds(new_reasons) - kinds(old_reasons)))


@dataclass(frozen=True, slots=True)
class Tie:
    """A link as clusters see it, whatever stands around it: see :class:`InForce`."""

    id: int
    low: int
    high: int
    state: State
    points: int = 0
    apart: bool = False
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """What a link is among the others. ``barred_by``: the tie told apart that bars it."""

    state: State
    barred_by: int | None = None


@dataclass(slots=True)
class _Parts:
    """Parts that are joined one by one, and which of them may never become one."""

    root: dict[int, int] = field(default_factory=dict)
    apart: dict[int, dict[int, int]] = field(default_factory=dict)

    def of(self, number: int) -> int:
        at = self.root.setdefault(number, number)
        while at != self.root[at]:
            self.root[at] = self.root[self.root[at]]
            at = self.root[at]
        self.root[number] = at
        return at

    def tell_apart(self, tie: Tie) -> None:
        one, other = self.of(tie.low), self.of(tie.high)
        if one == other:  # people confirmed what joins them: a split is asked for, nothing barred
            return
        for a, b in ((one, other), (other, one)):
            known = self.apart.setdefault(a, {})
            known[b] = min(tie.id, known.get(b, tie.id))

    def bar(self, tie: Tie) -> int | None:
        """The tie told apart that keeps these two from becoming one part."""
        one, other = self.of(tie.low), self.of(tie.high)
        return self.apart.get(one, {}).get(other) if one != other else None

    def join(self, tie: Tie) -> None:
        keep, gone = sorted((self.of(tie.low), self.of(tie.high)))
        if keep == gone:
            return
        self.root[gone] = keep
        kept = self.apart.setdefault(keep, {})
        for other, by in self.apart.pop(gone, {}).items():
            kept[other] = min(by, kept.get(other, by))
            mirrored = self.apart[other]
            mirrored.pop(gone, None)
            mirrored[keep] = min(by, mirrored.get(keep, by))


def settle(ties: Sequence[Tie]) -> dict[int, Settled]:
    """What each tie is among the others, by its id.

    What people confirmed is joined first, then what the machine links by itself, the strongest
    first: unless it would bring two into one cluster that somebody told apart. Such a link waits
    for a person, and a proposal across is barred: nobody is asked. The order of the ties, and of
    what happened, makes no difference.
    """
    parts = _Parts()
    for tie in ties:
        if tie.state is State.CONFIRMED:
            parts.join(tie)
    for tie in ties:
        if tie.apart:
            parts.tell_apart(tie)
    automatic = [tie for tie in ties if tie.state is State.AUTOMATIC]
    counted = set()
    for tie in sorted(automatic, key=lambda tie: (-tie.points, tie.low, tie.high)):
        if parts.bar(tie) is None:
            parts.join(tie)
            counted.add(tie.id)
    return {tie.id: _settled(tie, parts, counts=tie.id in counted) for tie in ties}


def _settled(tie: Tie, parts: _Parts, *, counts: bool) -> Settled:
    if tie.reopened or tie.state not in (State.AUTOMATIC, State.PROPOSED) or counts:
        return Settled(tie.state)
    by = parts.bar(tie)
    if tie.state is State.AUTOMATIC:
        return Settled(State.PROPOSED, by)
    return Settled(State.BARRED, by) if by is not None else Settled(State.PROPOSED)


def torn(ties: Sequence[Tie]) -> tuple[Tie, list[int]] | None:
    """A pair told apart that confirmed links hold together all the same, and by which members."""
    held = [(tie.low, tie.high) for tie in ties if tie.state is State.CONFIRMED]
    for tie in ties:
        if tie.apart and (way := path(held, tie.low, tie.high)):
            return tie, way
    return None


def table_of(said: Iterable[tuple[str, str]]) -> list[list[int]]:
    """Counts of what two people said of one pair: rows the first, columns the second.

    In the order of :data:`ANSWERS`.
    """
    counts = Counter(said)
    return [[counts[first.value, second.value] for second in ANSWERS] for first in ANSWERS]
