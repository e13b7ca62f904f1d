"""Which judgement counts, and what follows from all of them together. Pure.

Judgements are read in the order in which they were made. The newest one of a question that
counts is in force; refutations of urgency add up, each for its own signals, until somebody
confirms that the report is urgent. Source: issue 3, item 4; DESIGN, ideas 4 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from tipline.ground.taxonomy.levels import Disposition, Level
from tipline.insight.triage.features import Features, Label
from tipline.insight.triage.rules_signs import SIGNS, Limits, find


class Question(StrEnum):
    URGENCY = "urgency"
    DISPOSITION = "disposition"
    LEVEL = "level"


CONFIRMED, REFUTED = "confirmed", "refuted"
ANSWERS: Mapping[Question, tuple[str, ...]] = {
    Question.URGENCY: (CONFIRMED, REFUTED),
    Question.DISPOSITION: tuple(Disposition),
    Question.LEVEL: tuple(Level),
}
TWO_PEOPLE = frozenset({"escalated", "suicidal_victim", "cue_self_harm"})
"""Signals that one person alone never refutes: the ESP escalated, or self-harm is cited."""


@dataclass(frozen=True, slots=True)
class Signal:
    """An urgent signal as it stood: its code, and the facts that it was found in."""

    code: str
    said: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "said": dict(self.said)}


@dataclass(frozen=True, slots=True)
class Word:
    """One judgement as the rules see it. People are ids; ``at`` is aware."""

    id: int
    question: Question
    answer: str
    by: int
    at: datetime
    signals: tuple[Signal, ...] = ()
    needs_second: bool = False
    seconded_by: int | None = None
    withdrawn: bool = False

    @property
    def counts(self) -> bool:
        """Not withdrawn, and agreed to by another person where it takes two."""
        if self.withdrawn:
            return False
        seconded = self.seconded_by is not None and self.seconded_by != self.by
        return seconded or not (self.needs_second or needs_two(self.signals))

    @property
    def raises(self) -> bool:
        """Whether it makes a report urgent: no reason is asked of whoever says so."""
        return self.answer == CONFIRMED or (
            self.question is Question.LEVEL and self.answer == Level.ONE
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """What is in force, as :class:`Features` takes it."""

    disposition_judged: Disposition | None = None
    analyst_level: Level | None = None
    urgent_confirmed: bool | None = None
    urgent_refuted: frozenset[str] = frozenset()


def needs_two(signals: Iterable[Signal]) -> bool:
    return any(signal.code in TWO_PEOPLE for signal in signals)


def standing_in(stored: Iterable[Mapping[str, Any]]) -> tuple[Signal, ...]:
    """The signals of an assessment's result that nobody has refuted."""
    return tuple(
        Signal(_code(one), _said(one)) for one in stored if not one["params"].get("refuted")
    )


def covered_by(standing: Iterable[Signal]) -> tuple[Signal, ...]:
    """What a refutation made now would cover. That somebody confirmed is no signal of its own:
    the newer judgement takes its place.
    """
    return tuple(signal for signal in standing if signal.code != "urgent_confirmed")


def _code(reason: Mapping[str, Any]) -> str:
    return str(reason["code"]).removeprefix("triage.")


def _said(reason: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in reason["params"].items() if name != "refuted"}


def in_force(
    words: Iterable[Word], present: Sequence[Signal], labelled: Mapping[str, datetime]
) -> Judged:
    """What all judgements come to.

    ``present``: the signals that the report has now; one found in other facts than those that
    were refuted is a new one. ``labelled``: per label code when it was last set on one of the
    report's files; a label that was set after the refutation is a new signal, too.
    """
    disposition, level, confirmed = None, None, None
    refuted: dict[str, tuple[Mapping[str, Any], datetime]] = {}
    for word in sorted(words, key=lambda word: word.id):
        if not word.counts:
            continue
        if word.question is Question.DISPOSITION:
            disposition = Disposition(word.answer)
        elif word.question is Question.LEVEL:
            level = Level(word.answer)
            refuted.pop("level_1", None)  # whoever sets it anew speaks after the refutation
        elif word.answer == CONFIRMED:
            confirmed, refuted = True, {}
        else:
            confirmed = None
            refuted |= {one.code: (one.said, word.at) for one in word.signals}
    still = {
        one.code
        for one in present
        if one.code in refuted and not _is_new(one, *refuted[one.code], labelled)
    }
    return Judged(disposition, level, confirmed, frozenset(still))


def _is_new(
    signal: Signal, said: Mapping[str, Any], at: datetime, labelled: Mapping[str, datetime]
) -> bool:
    later = (labelled[code] for code in labels_behind(signal.code) if code in labelled)
    return dict(signal.said) != dict(said) or any(when > at for when in later)


@cache
def labels_behind(sign: str) -> frozenset[str]:
    """The analysts' labels that show this sign."""
    if sign not in SIGNS:
        return frozenset()
    limits = Limits(young_victim_years=1, stale_days=1)  # no label asks for a number
    alone = ((label, Features(labels=frozenset({label.value}))) for label in Label)
    return frozenset(label.value for label, features in alone if find(sign, features, limits))


def effective(words: Iterable[Word]) -> frozenset[int]:
    """The ids of the judgements from which something follows: the others have been overtaken."""
    counting = [word for word in sorted(words, key=lambda word: word.id) if word.counts]
    kept: dict[Question, list[Word]] = {question: [] for question in Question}
    for word in counting:
        before = kept[word.question]
        adds_up = word.answer == REFUTED and before and before[-1].answer == REFUTED
        kept[word.question] = [*before, word] if adds_up else [word]
    return frozenset(word.id for found in kept.values() for word in found)


def newest(words: Iterable[Word], question: Question) -> Word | None:
    """The newest word on a question that nobody has withdrawn, in force or waiting."""
    said = [word for word in words if word.question is question and not word.withdrawn]
    return max(said, key=lambda word: word.id, default=None)


def waiting(words: Iterable[Word]) -> Word | None:
    """The refutation that waits for a second person; one that was overtaken waits no longer."""
    last = newest(words, Question.URGENCY)
    return last if last is not None and not last.counts else None


def same_again(
    words: Iterable[Word], question: Question, answer: str, by: int, signals: Sequence[Signal]
) -> Word | None:
    """The word that the same form, sent twice, has made already: nothing more follows from it.

    ``signals``: what a refutation made now would cover; one that covers more is another word.
    """
    last = newest(words, question)
    if last is None or (last.answer, last.by) != (answer, by):
        return None
    covered = [dict(one.as_json()) for one in last.signals]
    return last if all(one.as_json() in covered for one in signals) else None
