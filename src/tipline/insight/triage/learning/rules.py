"""What an answer says of danger: that a child was found, that nothing was, or neither. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tipline.ground.taxonomy.outcomes import ClosingReason, OutcomeStatus
from tipline.insight.triage.features import Features
from tipline.insight.triage.rules_signs import Limits, find, guards
from tipline.insight.triage.rules_terms import DANGER

FOUND_SOMEBODY = frozenset({OutcomeStatus.ARREST, OutcomeStatus.CONVICTION})
NOTHING_THERE = frozenset(
    {ClosingReason.NO_CRIME, ClosingReason.UNFOUNDED, ClosingReason.FALSE_REPORT}
)
"""The only closures that speak against danger. All others speak of evidence, of the law or of
the person's fate: a subject who cannot be located may be the most dangerous of all."""

HELD = frozenset({"level_1"})
"""Signs that are themselves an answer (an analyst's level): their points are not learned."""

LEARNED = tuple(sign for sign in DANGER if sign not in HELD)
MOST_WEIGHT = 10.0
"""A report drawn with a small share stands for many; for at most so many, so that no single
one decides (trimming, as for survey weights)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an agency, as its form has it."""

    status: str
    closing_reason: str = ""
    child_identified: bool | None = None
    additional_victims: int | None = None


def of_answer(answer: Answer) -> bool | None:
    """True: a child was in danger. False: nothing was there. None: it does not say."""
    if answer.status in FOUND_SOMEBODY or answer.child_identified or answer.additional_victims:
        return True
    closed = answer.status == OutcomeStatus.CLOSED
    return False if closed and answer.closing_reason in NOTHING_THERE else None


def of_agency(answers: Iterable[Answer]) -> bool | None:
    """One agency's word: its last answer that tells, the oldest given first."""
    told = [verdict for verdict in map(of_answer, answers) if verdict is not None]
    return told[-1] if told else None


def of_urgency(answer: str) -> bool | None:
    """A judged urgency: confirmed or refuted by a person."""
    return {"confirmed": True, "refuted": False}.get(answer)


def of_draw(finding: str) -> bool | None:
    """A report drawn by chance from the bottom: was it rightly there?"""
    return {"too_low": True, "as_ranked": False, "too_high": False}.get(finding)


def of_report(
    agencies: Sequence[bool | None], urgency: bool | None, draw: bool | None
) -> bool | None:
    """All that people found. Agencies, who went and looked, come before our own desk;
    among agencies one that found a child outweighs any that did not.
    """
    if True in agencies:
        return True
    if False in agencies:
        return False
    if True in (urgency, draw):
        return True
    return False if False in (urgency, draw) else None


def weight(share: float | None) -> float:
    """What a report stands for: ``share`` is the chance with which it was drawn, None undrawn."""
    if share is None or share <= 0:
        return 1.0
    return min(MOST_WEIGHT, 1.0 / share)


def signs_of(features: Features, limits: Limits) -> frozenset[str]:
    """The signs that count for danger, guarded ones only where no guard is found."""
    guarded = bool(guards(features, limits))
    return frozenset(
        sign
        for sign, term in DANGER.items()
        if find(sign, features, limits) and not (term.guarded and guarded)
    )


@dataclass(frozen=True, slots=True)
class Case:
    """A report with an answer. ``drawn``: it came to be looked at by chance."""

    number: int
    signs: frozenset[str]
    found: bool
    weight: float = 1.0
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Enough:
    """How many answers there are, and the sentence to say when they are too few."""

    answers: int
    positives: int
    negatives: int
    sentence: str = ""


LEAST_ANSWERS = 100
LEAST_OF_EACH = 20


def enough(cases: Sequence[Case]) -> Enough:
    """Whether anything can be learned from these."""
    positives = sum(case.found for case in cases)
    negatives = len(cases) - positives
    if len(cases) >= LEAST_ANSWERS and min(positives, negatives) >= LEAST_OF_EACH:
        return Enough(len(cases), positives, negatives)
    sentence = (
        f"There are {len(cases)} reports with an answer that tells ({positives}: a child in "
        f"danger was found, {negatives}: nothing was there); at least {LEAST_ANSWERS} are "
        f"needed, and {LEAST_OF_EACH} of each kind. Nothing is proposed."
    )
    return Enough(len(cases), positives, negatives, sentence)
