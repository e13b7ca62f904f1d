"""What is said of some bytes, from all events about them; and what changed meanwhile. Pure.

Nothing is overwritten: the newest event of a label, of a subject, counts. A child that was taken
out keeps its number, and its labels count again when it is put back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: The code of the events by which a child is added and taken out.
CHILD_EVENT: Final = "child"
#: The content itself, where the number of a child might stand.
WHOLE: Final = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One event about some bytes. ``child``: number of the child, 0 for the content."""

    id: int
    code: str
    child: int
    present: bool
    author: int = 0
    act: str = ""


@dataclass(frozen=True, slots=True)
class Child:
    """One depicted child: its stable number from 1 and its labels in force."""

    number: int
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """All that holds. ``next_child``: the number of a child that would be added now.

    ``position``: the id of the newest event, which a form carries as what it has seen.
    """

    content: frozenset[str] = frozenset()
    children: tuple[Child, ...] = ()
    next_child: int = 1
    position: int = 0

    @property
    def labels(self) -> frozenset[str]:
        """Every label in force, of the content and of any child in it."""
        return self.content.union(*(child.labels for child in self.children))

    def of(self, child: int) -> frozenset[str]:
        """The labels of one subject; none of a child that is not there."""
        if child == WHOLE:
            return self.content
        return next((one.labels for one in self.children if one.number == child), frozenset())

    def has(self, child: int) -> bool:
        return child == WHOLE or any(one.number == child for one in self.children)


def standing(events: Iterable[Event]) -> Standing:
    """What holds after these events, oldest first."""
    state: dict[int, dict[str, bool]] = {}
    there: dict[int, bool] = {}
    position = 0
    for event in events:
        position = event.id
        if event.code == CHILD_EVENT:
            there[event.child] = event.present
        else:
            state.setdefault(event.child, {})[event.code] = event.present
    children = (Child(n, _set(state.get(n, {}))) for n in sorted(there) if there[n])
    following = max(there, default=0) + 1
    return Standing(_set(state.get(WHOLE, {})), tuple(children), following, position)


def _set(codes: Mapping[str, bool]) -> frozenset[str]:
    return frozenset(code for code, present in codes.items() if present)


Wanted = tuple[int, str, bool]
"""One change that is asked for: the child (0: the content), the code, set or withdrawn."""


def differences(now: Standing, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Those of the wanted changes that would change something, in their order."""
    return [
        (child, code, present)
        for child, code, present in wanted
        if present != (now.has(child) if code == CHILD_EVENT else code in now.of(child))
    ]


def meanwhile(
    events: Iterable[Event], wanted: Iterable[Wanted], seen: int, author: int
) -> list[Event]:
    """Changes of others, after ``seen``, to the very things that a form wants to change.

    A child that somebody else has added or taken out touches everything that is said of it: the
    form may have meant another one.
    """
    touched = {(child, code) for child, code, _present in wanted}
    children = {child for child, _code in touched} - {WHOLE}
    return [
        event
        for event in events
        if event.id > seen
        and event.author != author
        and (
            (event.child, event.code) in touched
            or (event.code == CHILD_EVENT and event.child in children)
        )
    ]


def reversing(events: Sequence[Event], act: str, author: int) -> tuple[list[Wanted], list[Event]]:
    """What takes an act of this author back, newest first; and the events that stand against it.

    Against it stands a later event that says the same as the act did: somebody has said so anew.
    What is taken back already is not taken back twice.
    """
    newest = {(event.child, event.code): event for event in events}
    wanted: list[Wanted] = []
    against: list[Event] = []
    for event in reversed(events):
        if event.act != act or event.author != author or not act:
            continue
        last = newest[event.child, event.code]
        if last.id == event.id:
            wanted.append((event.child, event.code, not event.present))
        elif last.present == event.present:
            against.append(last)
    return wanted, against
