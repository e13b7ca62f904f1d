"""From what pairs say to what a level is worth, with the source of each value. Pure.

*m* of a level comes from EM, where enough pairs of likely one person were seen. *u* of a level at
which two values are the same comes from how often each value occurs: the pairs that share it, less
those that are likely one person's; pairs drawn at random would hold a handful of them at best. *u*
of what is only alike comes from pairs drawn at random, where enough of them stand at the level.
Whatever too little was seen of keeps its value, and its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from tipline.insight.entities.scoring.rules_levels import ELSE, LADDERS, Level
from tipline.insight.entities.scoring.rules_model import Comparison, LinkModel, Weight

#: Bounds of m: what EM never or always saw was not seen often enough.
LEAST_M: Final = 0.001
MOST_M: Final = 0.999
#: No pair of two people at a level in so many pairs is more than any store can tell.
LEAST_U: Final = 1e-9
_MOST_U: Final = 0.999
#: Pairs of likely one person, and pairs drawn at random at a level, that teach something.
ENOUGH_MATCHES: Final = 50
ENOUGH_DRAWN: Final = 20


@dataclass(frozen=True, slots=True)
class Weighed:
    """m by level, and over how many pairs of likely one person it was found."""

    m: Mapping[str, float]
    matches: float


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one comparison.

    ``pairs``: pairs of subjects that both have a value. ``sharing``: by form, pairs with a term of
    it in common. ``drawn``: by level, how many pairs drawn at random stand there. ``likely`` and
    ``unlikely``: by level, how many pairs with any term in common stand there, by whether they are
    one person's.
    """

    pairs: int = 0
    sharing: Mapping[str, int] = field(default_factory=dict)
    drawn: Mapping[str, int] = field(default_factory=dict)
    likely: Mapping[str, float] = field(default_factory=dict)
    unlikely: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lesson:
    """From how many subjects something was learned, and when."""

    subjects: int
    on: date

    def source(self, what: str) -> str:
        return f"learned from {self.subjects:,} subjects on {self.on.isoformat()}: {what}"


def together(found: Sequence[Weighed]) -> Weighed:
    """The mean of several passes, each by the pairs of likely one person that it saw."""
    whole = sum(one.matches for one in found)
    if whole <= 0:
        return Weighed(found[0].m, 0.0)
    levels = found[0].m
    mean = {level: sum(one.m[level] * one.matches for one in found) / whole for level in levels}
    return Weighed(mean, whole)


Estimate = tuple[float, str]


def estimated_u(comparison: str, now: Comparison, counted: Counted) -> dict[str, Estimate]:
    """By level, u and how it was found; levels of which too little is known are absent."""
    found = dict[str, Estimate]()
    drawn, apart = sum(counted.drawn.values()), max(counted.pairs - sum(counted.likely.values()), 1)
    nearer = 0
    for form, levels in _by_form(LADDERS[comparison][:-1]):
        if form and form in counted.sharing:
            here = counted.sharing[form] - nearer
            nearer = max(nearer, counted.sharing[form])
            most = here - sum(counted.likely.get(name, 0.0) for name in levels)
            whole = max(most, 0.5) / apart  # half a pair where none was seen
            for name, part in _parts(levels, now, counted).items():
                found[name] = max(whole * part, LEAST_U), "u from how often values occur"
        elif not form:
            for name in levels:
                if counted.drawn.get(name, 0) >= ENOUGH_DRAWN:
                    told = f"u from {drawn:,} pairs drawn at random"
                    found[name] = _drawn_apart(counted, name, drawn), told
    return found


def _by_form(ladder: Sequence[Level]) -> list[tuple[str, list[str]]]:
    """Names of levels, those of one form together."""
    found: list[tuple[str, list[str]]] = []
    for level in ladder:
        if found and level.form and found[-1][0] == level.form:
            found[-1][1].append(level.name)
        else:
            found.append((level.form, [level.name]))
    return found


def _parts(levels: Sequence[str], now: Comparison, counted: Counted) -> dict[str, float]:
    """How the pairs of one form fall on its levels: as seen, else as so far."""
    seen = {name: counted.unlikely.get(name, 0.0) for name in levels}
    if sum(seen.values()) < ENOUGH_DRAWN:
        seen = {name: now.weights[name].u for name in levels}
    whole = sum(seen.values())
    return {name: max(one / whole, 1e-6) for name, one in seen.items()}


def _drawn_apart(counted: Counted, level: str, drawn: int) -> float:
    """Its share of the pairs drawn at random, less those that are one person's."""
    likely = counted.likely.get(level, 0.0) / counted.pairs if counted.pairs else 0.0
    share = counted.drawn[level] / drawn
    return max(share - likely, share / 10)


def comparison_with(
    comparison: str,
    now: Comparison,
    u: Mapping[str, Estimate],
    m: Weighed | None,
    lesson: Lesson,
) -> Comparison:
    """With what was learned, the rest as it is; sums of one, and nearer levels worth no less."""
    taught = m if m is not None and m.matches >= ENOUGH_MATCHES else None
    if taught is None and not u:
        return now
    learned_m = _bounded(taught.m) if taught else {}
    weights = dict[str, Weight]()
    for name, weight in now.weights.items():
        weights[name] = replace(
            weight,
            m=learned_m.get(name, weight.m),
            u=u[name][0] if name in u else weight.u,
            source=_source(name, weight, u, taught, lesson),
        )
    return Comparison(now.group, _in_order(_summed(weights), LADDERS[comparison]))


def _source(
    name: str, weight: Weight, u: Mapping[str, Estimate], taught: Weighed | None, lesson: Lesson
) -> str:
    """What of a level was learned, from what, and what stays as it was said before."""
    what = [f"m by EM over {taught.matches:,.0f} pairs"] if taught else []
    what += [u[name][1]] if name in u else []
    if not what:
        return weight.source
    said = lesson.source("; ".join(what))
    kept = [] if taught else ["m"]
    kept += [] if name in u or name == ELSE else ["u"]
    return f"{said}; {' and '.join(kept)} as before: {weight.source}" if kept else said


def _bounded(m: Mapping[str, float]) -> dict[str, float]:
    """Within bounds, and a sum of one: what the bounds add is taken from the largest."""
    found = {name: min(max(value, LEAST_M), MOST_M) for name, value in m.items()}
    largest = max(found, key=lambda name: found[name])
    found[largest] += 1 - sum(found.values())
    return found


def _summed(weights: Mapping[str, Weight]) -> dict[str, Weight]:
    """The last level takes the u that the others leave; they leave it some."""
    others = {name: one for name, one in weights.items() if name != ELSE}
    whole = sum(one.u for one in others.values())
    scale = min(1.0, _MOST_U / whole)
    scaled = {name: replace(one, u=max(one.u * scale, LEAST_U)) for name, one in others.items()}
    rest = 1 - sum(one.u for one in scaled.values())
    return {**scaled, ELSE: replace(weights[ELSE], u=rest)}


def _in_order(weights: Mapping[str, Weight], ladder: Sequence[Level]) -> dict[str, Weight]:
    """Nearer levels worth no less than farther ones: those out of order become worth the same.

    Isotonic regression of m/u (Ayer and others 1955): neighbours out of order are pooled, and
    their u is dealt out anew in proportion to m. Where the rest is no evidence, no level counts
    against: its u is its m at most.
    """
    blocks: list[list[str]] = []
    for level in ladder:
        blocks.append([level.name])
        if level.name == ELSE and weights[ELSE].neutral:
            break
        while len(blocks) > 1 and _ratio(weights, blocks[-1]) > _ratio(weights, blocks[-2]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    found = dict(weights)
    for block in blocks:
        ratio = _ratio(weights, block)
        for name in block if len(block) > 1 else ():
            found[name] = replace(weights[name], u=weights[name].m / ratio)
    if weights[ELSE].neutral:
        for name, one in found.items():
            if name != ELSE and one.m < one.u:
                found[name] = replace(one, u=one.m)
        left = 1 - sum(one.u for name, one in found.items() if name != ELSE)
        found[ELSE] = replace(found[ELSE], u=left)
    return found


def _ratio(weights: Mapping[str, Weight], block: Sequence[str]) -> float:
    return sum(weights[name].m for name in block) / sum(weights[name].u for name in block)


def model_with(
    now: LinkModel,
    counted: Mapping[str, Counted],
    m: Mapping[str, Weighed],
    lesson: Lesson,
    matches: float,
) -> LinkModel:
    """The model with everything that was learned, for as many subjects as taught it.

    ``matches``: likely pairs of one person.
    """
    comparisons = {
        name: comparison_with(
            name,
            one,
            estimated_u(name, one, counted.get(name, Counted())),
            m.get(name),
            lesson,
        )
        for name, one in now.comparisons.items()
    }
    each = 2 * matches / max(lesson.subjects, 1)
    told = min(max(each, 1e-6), 100.0) if matches >= ENOUGH_MATCHES else now.matches
    return replace(now, comparisons=comparisons, matches=told, subjects=max(lesson.subjects, 2))
