"""The score of two subjects: bits for and against their being one person. Pure.

A Fellegi-Sunter sum: each comparison adds log2(m/u) of the level that its values reach. Where the
two share a term whose frequency is known, the term's own share takes the place of u, so that a
rare name is worth more than a common one. Correlated evidence does not add up: in a group the
strongest counts, and no group counts more than its cap. Both are reasons, so that the sum of all
reasons is always the score.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2
from typing import NamedTuple

from tipline.ground.foundation.policy import Policy
from tipline.ground.foundation.reasons import Reason, Source
from tipline.insight.entities.scoring.rules_levels import Hit, hits
from tipline.insight.entities.scoring.rules_model import LinkModel, Weight
from tipline.insight.entities.scoring.rules_model import points as points_of
from tipline.insight.entities.scoring.rules_subject import Subject


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many subjects have a term, frozen with a model's version.

    ``counts``: by comparison, form and term. ``subjects``: by comparison and form, how many have
    any. ``among``: how many were counted, 0 where nothing was. Live counts would make a score
    another one the next day.
    """

    counts: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    subjects: Mapping[tuple[str, str], int] = field(default_factory=dict)
    among: int = 0

    def share(self, comparison: str, form: str, term: str) -> float | None:
        """The term's share, one subject's at least; None where nothing was counted."""
        known = self.subjects.get((comparison, form), 0)
        if known < 1:
            return None
        return min(max(self.counts.get((comparison, form, term), 0), 1) / known, 1.0)


class Evidence(NamedTuple):
    """What one comparison says. ``bits``: before any cap, and in ``points``; ``counted`` of
    ``subjects`` have the term, both None where the frequency plays no part.
    """

    comparison: str
    level: str
    group: str
    bits: float
    points: int
    shared: bool = False
    counted: int | None = None
    subjects: int | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """``points``: hundredths of a bit, the sum of the reasons. ``evidence``: what they rest on.

    Most pairs that are compared are not proposed, and reasons are made of those only that are.
    """

    evidence: tuple[Evidence, ...]
    points: int
    model: Policy[LinkModel]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return tuple(_reasons(self.evidence, self.model))


def score(a: Subject, b: Subject, model: Policy[LinkModel], frequencies: Frequencies) -> Score:
    """How likely the two are one person. The order of the two makes no difference."""
    rules = model.rules
    said = tuple([_evidence(name, found, rules, frequencies) for name, found in hits(a, b)])
    return Score(said, _sum(said, rules), model)


def _sum(said: Iterable[Evidence], model: LinkModel) -> int:
    """In each group all that speaks against, and the strongest that speaks for, up to the cap."""
    against, strongest = 0, dict[str, int]()
    for one in said:
        points = _worth(one, model)
        if points < 0:
            against += points
        elif points > strongest.get(one.group, 0):
            strongest[one.group] = points
    return against + sum(min(most, points_of(model.caps[of])) for of, most in strongest.items())


def _worth(one: Evidence, model: LinkModel) -> int:
    """Points of one comparison, before what its group takes away."""
    return min(one.points, points_of(model.shared_cap)) if one.shared else one.points


def _reasons(said: Iterable[Evidence], model: Policy[LinkModel]) -> Iterator[Reason]:
    """Why, term by term; their sum is that of :func:`_sum`."""
    groups: dict[str, list[int]] = defaultdict(list)
    for one in said:
        groups[one.group].append(_worth(one, model.rules))
        yield from _of_one(one, model.rules, model.stamp)
    for name, points in groups.items():
        yield from _of_group(name, points, model.rules.caps[name], model.stamp)


def _evidence(
    comparison: str, levels: Collection[Hit], model: LinkModel, frequencies: Frequencies
) -> Evidence:
    """The strongest that any two values say."""
    found = [_of_hit(comparison, hit, model, frequencies) for hit in levels]
    if len(found) == 1:  # as nearly always
        return found[0]

    def strength(one: Evidence) -> tuple[float, str, int]:
        most = model.shared_cap if one.shared else one.bits
        return min(one.bits, most), one.level, one.counted or 0

    return max(found, key=strength)


def _of_hit(comparison: str, hit: Hit, model: LinkModel, frequencies: Frequencies) -> Evidence:
    told = model.comparisons[comparison]
    weight = told.weights[hit.level]
    share = frequencies.share(comparison, weight.form, hit.term) if weight.form else None
    if share is None:
        bits, points = weight.bits, weight.points
        return Evidence(comparison, hit.level, told.group, bits, points, hit.shared)
    key, bits = (comparison, weight.form, hit.term), _by_frequency(weight, share)
    return Evidence(
        comparison,
        hit.level,
        told.group,
        bits,
        points_of(bits),
        hit.shared,
        max(frequencies.counts.get(key, 0), 1),
        frequencies.subjects[comparison, weight.form],
    )


def _by_frequency(weight: Weight, share: float) -> float:
    """The level's own bits, and those by which the term is rarer than an average one."""
    return weight.bits + log2(weight.u / share)


def _of_one(one: Evidence, model: LinkModel, stamp: str) -> Iterator[Reason]:
    """What it says, and what an address says too much that many people use at once."""
    code = f"bits.{one.comparison}.{one.level}"
    params: dict[str, int] = {}
    if one.counted is not None and one.subjects is not None:
        code, params = f"{code}.seen", {"count": one.counted, "subjects": one.subjects}
    yield Reason(code, params, one.points, Source.SYSTEM, stamp)
    if (worth := _worth(one, model)) < one.points:
        yield Reason("bits.shared_address", {}, worth - one.points, Source.SYSTEM, stamp)


def _of_group(name: str, points: Sequence[int], most: float, stamp: str) -> Iterator[Reason]:
    """What counts twice, and what is more than the group may say."""
    positive = [each for each in points if each > 0]
    strongest, cap = max(positive, default=0), points_of(most)
    if twice := sum(positive) - strongest:
        yield Reason("bits.counted_once", {"group": name}, -twice, Source.SYSTEM, stamp)
    if strongest > cap:
        params = {"group": name, "bits": most}
        yield Reason("bits.cap", params, cap - strongest, Source.SYSTEM, stamp)
