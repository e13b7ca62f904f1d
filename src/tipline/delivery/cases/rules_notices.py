"""What changed in the labels of a content between two moments, for those who have it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tipline.insight.annotation.rules_standing import Event, Standing, standing


@dataclass(frozen=True, slots=True)
class Changed:
    """Labels that hold now and did not, and those that held and do not.

    A label of several children counts each of them; who the children are is not told apart here.
    """

    set: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.set or self.withdrawn)


def changed(events: Iterable[Event], known_to: int) -> Changed:
    """What all events come to, against what those up to the id ``known_to`` came to."""
    told = list(events)
    before = _counted(standing(event for event in told if event.id <= known_to))
    now = _counted(standing(told))
    return Changed(tuple(sorted(now - before)), tuple(sorted(before - now)))


def _counted(said: Standing) -> Counter[str]:
    of_children = Counter(code for child in said.children for code in child.labels)
    return Counter(said.content) + of_children
