"""What the looks of simulated analysts add up to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Came:
    """One file as it came: its content by SHA-256, and whether the gate opened it."""

    sha256: str
    open: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One look of one person: the first at a content, or on purpose one more, and why.

    ``drawn``: the sample asked for it; else a list of ours, which takes three people.
    """

    sha256: str
    person: int
    again: bool
    drawn: bool = False


def counted(came: Sequence[Came], looks: Sequence[Shown]) -> dict[str, Any]:
    """The sums. Shares are of the files received, but for those of contents.

    ``twice_by_chance`` counts contents that two people saw although nobody asked for it, or one
    person twice: it is to be nought.
    """
    first = Counter(one.sha256 for one in looks if not one.again)
    pairs = Counter((one.sha256, one.person) for one in looks)
    shown = {one.sha256 for one in looks}
    again = {one.sha256 for one in looks if one.again}
    never = Counter(_why_never(came, first))
    files, contents = len(came), len({one.sha256 for one in came})
    return {
        "files": files,
        "contents": contents,
        "first_looks": sum(first.values()),
        "looks": len(looks),
        "looks_by_sample": sum(one.again and one.drawn for one in looks),
        "looks_for_lists": sum(one.again and not one.drawn for one in looks),
        "first_looks_a_file": _share(sum(first.values()), files),
        "looks_a_file_but_lists": _share(sum(not one.again or one.drawn for one in looks), files),
        "looks_a_file": _share(len(looks), files),
        "never_shown": _share(sum(never.values()), files),
        "never_shown_why": dict(sorted(never.items())),
        "twice_on_purpose": _share(len(again), len(shown)),
        "twice_by_sample": _share(
            len({one.sha256 for one in looks if one.again and one.drawn}), len(shown)
        ),
        "twice_by_chance": sum(n > 1 for n in first.values()) + sum(n > 1 for n in pairs.values()),
    }


def _why_never(came: Sequence[Came], first: Mapping[str, int]) -> list[str]:
    """Per file that showed nothing to anybody: it was like one before, or the gate closed it."""
    seen, why = set[str](), []
    for one in came:
        if one.sha256 in seen:
            why.append("the same bytes as before")
        elif not first.get(one.sha256):
            why.append("known, or still waiting" if one.open else "closed by the gate")
        seen.add(one.sha256)
    return why


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
