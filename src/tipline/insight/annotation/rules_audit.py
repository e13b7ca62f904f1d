"""What is wrong with an entry of one of our own lists. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tipline.insight.annotation.rules import PEOPLE_NEEDED, Said, agreeing


class Finding(StrEnum):
    """Why an entry does not stand as it should, the gravest first."""

    WITHDRAWN = "withdrawn"
    """Nobody stands behind its label any more."""
    TOO_FEW = "too_few"
    """Fewer than three distinct people do."""
    SOME_LEFT = "some_left"
    """Three people do, but fewer of them than three work here still."""
    DISPUTED = "disputed"
    """A second look differs, and nobody has settled it."""
    GONE = "gone"
    """No report that may be looked at has these bytes any more: nobody can look again."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of one entry: its statements, an open disagreement, a copy to look at.

    ``here``: keys of the people who work here still.
    """

    key: str
    said: Sequence[Said]
    here: frozenset[int]
    disputed: bool = False
    copy: bool = True


def findings(entry: Looked) -> tuple[Finding, ...]:
    """All that is wrong with it; nothing for an entry that stands."""
    people = agreeing(entry.said)
    found = []
    if not people:
        found.append(Finding.WITHDRAWN)
    elif len(people) < PEOPLE_NEEDED:
        found.append(Finding.TOO_FEW)
    elif len(entry.here.intersection(people)) < PEOPLE_NEEDED:
        found.append(Finding.SOME_LEFT)
    if entry.disputed:
        found.append(Finding.DISPUTED)
    if not entry.copy:
        found.append(Finding.GONE)
    return tuple(found)


def sample(keys: Iterable[str], number: int, salt: str) -> list[str]:
    """So many of the keys, by their digests and a salt alone: nobody picks."""
    told = sorted(set(keys), key=lambda key: hashlib.sha256(f"{salt}:{key}".encode()).digest())
    return told[:number]
