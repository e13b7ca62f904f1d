"""A link model tried on pairs that are there: which would be proposed, and which no more. Pure.

One pair is compared by :func:`compare`; :func:`add` sums pairs up in plain JSON values of bounded
size, so that a trial can be put down after any page and taken up again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tipline.ground.foundation.policy import Policy
from tipline.insight.entities.rules import least, weighed
from tipline.insight.entities.rules_reported import Reported
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_model import LinkModel

MOST_MOVERS = 100
Sums = dict[str, Any]
Model = Policy[LinkModel]


class Said(StrEnum):
    """What is known of a pair before the trial. ``NEW``: it is no link now."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNSURE = "unsure"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports by their numbers, with what each says, and what people said of the two."""

    low: int
    high: int
    said: Said
    a: Reported
    b: Reported


@dataclass(frozen=True, slots=True)
class Moved:
    """A pair under two models: its points, and whether it would be proposed."""

    low: int
    high: int
    said: Said
    before: int
    after: int
    was: bool
    is_: bool

    @property
    def crosses(self) -> int:
        """1 when it would become a proposal, -1 when it would be none any more, else 0."""
        return self.is_ - self.was


def compare(pair: Pair, old: Model, new: Model, frequencies: Frequencies) -> Moved:
    """The same values under two models, by the same frequencies."""
    before = weighed(pair.a, pair.b, old, frequencies)
    after = weighed(pair.a, pair.b, new, frequencies)
    return Moved(
        pair.low,
        pair.high,
        pair.said,
        before.points,
        after.points,
        before.automatic or before.points >= least(old, frequencies),
        after.automatic or after.points >= least(new, frequencies),
    )


def empty() -> Sums:
    """Nothing tried yet; of pairs by what is said: tried, proposed before, after, no more, new."""
    return {"reports": 0, "pairs": {said.value: [0] * 5 for said in Said}, "movers": []}


def add(sums: Sums, moved: Iterable[Moved], reports: int = 0) -> Sums:
    """The sums with more pairs, and with more reports that were compared anew."""
    pairs = {said: list(counts) for said, counts in sums["pairs"].items()}
    movers = list(sums["movers"])
    for one in moved:
        each = (1, one.was, one.is_, one.crosses < 0, one.crosses > 0)
        pairs[one.said] = [have + more for have, more in zip(pairs[one.said], each, strict=True)]
        if one.crosses:
            movers.append(_mover(one))
    movers = sorted(movers, key=_judged_first)[:MOST_MOVERS]
    return {**sums, "reports": sums["reports"] + reports, "pairs": pairs, "movers": movers}


def _mover(one: Moved) -> dict[str, Any]:
    return {
        "low": one.low,
        "high": one.high,
        "said": one.said.value,
        "points": [one.before, one.after],
        "comes": one.crosses > 0,
    }


def _judged_first(mover: Mapping[str, Any]) -> tuple[bool, int, int, int]:
    """What people said yes or no to first, then by points, then by number."""
    before, after = mover["points"]
    unjudged = mover["said"] in {Said.WAITING, Said.NEW}
    return unjudged, -abs(after - before), mover["low"], mover["high"]
