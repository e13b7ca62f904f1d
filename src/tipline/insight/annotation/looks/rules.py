"""Which contents are looked at twice, and what two answers come to. Pure.

A draw follows from the digest, the group of labels and the policy's version alone, so nobody
picks and a second try draws the same; who knows a digest beforehand could know the draw, which
is why it is not told before both have answered.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tipline.insight.annotation.rules_standing import CHILD_EVENT, WHOLE, Standing, Wanted

_SALT: Final = "tipline-look-1"
_ALL: Final = 2**64


def drawn(sha256: str, group: str, version: str, percent: int) -> bool:
    """Whether a content is in the sample of this group of labels."""
    told = hashlib.sha256(f"{_SALT}:{version}:{group}:{sha256}".encode()).digest()
    return int.from_bytes(told[:8]) * 100 < percent * _ALL


def sampled(sha256: str, groups: Collection[str], version: str, share: Mapping[str, int]) -> bool:
    """Whether any group of the labels that were set draws the content."""
    return any(drawn(sha256, group, version, share.get(group, 0)) for group in groups)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person says of a content: its labels, and those of each child in it."""

    content: frozenset[str] = frozenset()
    children: tuple[frozenset[str], ...] = ()

    @property
    def labels(self) -> frozenset[str]:
        """Every label, of the content or of any child."""
        return self.content.union(*self.children)

    def as_json(self) -> dict[str, Any]:
        return {
            "content": sorted(self.content),
            "children": [sorted(labels) for labels in self.children],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Answer:
        children = tuple(frozenset(labels) for labels in data.get("children", ()))
        return cls(frozenset(data.get("content", ())), children)


def answer_of(said: Standing) -> Answer:
    """What stands, as the answer of those who said it."""
    return Answer(said.content, tuple(child.labels for child in said.children))


def agree(first: Answer, second: Answer) -> bool:
    """The same labels, and the same children in whatever order."""
    return first.content == second.content and Counter(first.children) == Counter(second.children)


def changes_to(now: Standing, wanted: Answer) -> list[Wanted]:
    """What makes the standing say the answer. Children that are alike stay who they are."""
    changes: list[Wanted] = [
        (WHOLE, code, code in wanted.content) for code in sorted(now.content ^ wanted.content)
    ]
    left = Counter(wanted.children)
    number = now.next_child
    for child in now.children:
        if left[child.labels] > 0:
            left[child.labels] -= 1
        else:
            changes.append((child.number, CHILD_EVENT, False))
    for labels in sorted(left.elements(), key=sorted):
        changes += [(number, CHILD_EVENT, True), *((number, c, True) for c in sorted(labels))]
        number += 1
    return changes


def pairs(answers: Iterable[tuple[Answer, Answer]], code: str) -> list[tuple[bool, bool]]:
    """Of one label: whether the first and the second said it, content by content."""
    return [(code in first.labels, code in second.labels) for first, second in answers]


def table_of(said: Sequence[tuple[bool, bool]]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Counts: rows yes, no of the first; columns yes, no of the second."""
    counts = Counter(said)
    return (
        (counts[True, True], counts[True, False]),
        (counts[False, True], counts[False, False]),
    )
