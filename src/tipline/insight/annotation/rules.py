"""When a label is the word of several people. Pure.

Three distinct people must agree before content is on one of our own lists, as the field does for
lists of digests (reference "domain", section 8). Whoever withdraws the label takes all words
back: those who still hold to it say so again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

#: So many people put content on one of our own lists.
PEOPLE_NEEDED: Final = 3

Said = tuple[int, bool]
"""One event of one label on one content: who, and whether they set or withdrew it."""


def agreeing(events: Iterable[Said]) -> tuple[int, ...]:
    """Who stands behind the label, in the order in which they said so; oldest event first."""
    people: dict[int, None] = {}
    for author, present in events:
        if present:
            people.setdefault(author)
        else:
            people.clear()
    return tuple(people)


def listed(events: Iterable[Said]) -> bool:
    return len(agreeing(events)) >= PEOPLE_NEEDED
