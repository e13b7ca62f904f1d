"""Learning a link model from subjects, which are read once. Needs the extra ``train``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import comb

from tipline.ground.foundation.policy import Policy
from tipline.insight.entities.scoring.rules_levels import LADDERS
from tipline.insight.entities.scoring.rules_model import LinkModel, read_model
from tipline.insight.entities.scoring.rules_subject import Subject
from tipline.insight.entities.training.engine import Engine
from tipline.insight.entities.training.rules import Counted, Lesson, Weighed, model_with
from tipline.insight.entities.training.rules_file import text_of

Tell = Callable[[str], None]
#: The second round knows which of the pairs that share a value are likely one person's.
_ROUNDS = 2
_SEED = 20261129


@dataclass(frozen=True, slots=True)
class Learned:
    """``text``: the model file, which :func:`read_model` has read. ``matches``: likely pairs."""

    text: str
    model: Policy[LinkModel]
    subjects: int
    matches: float
    taught: Mapping[str, float]


def learn(
    pages: Iterable[Sequence[Subject]], now: Policy[LinkModel], version: str, on: date, tell: Tell
) -> Learned:
    """A model from these subjects, beginning with the one in force.

    Raises ValueError where there are no two subjects; ``tell`` hears of each step.
    """
    with Engine() as engine:
        for page in pages:
            engine.add(page)
            tell(f"read {engine.subjects:,} subjects")
        if engine.subjects < 2:
            raise ValueError("There are no two subjects to learn from.")
        lesson = Lesson(engine.subjects, on)
        model, m, matches = _taught(engine, _first(engine), now.rules, lesson, tell)
    text = text_of(
        model,
        now.name,
        version,
        now.jurisdiction,
        f"What each level is worth, {lesson.source('./tipline links train')}; after {now.stamp}.",
    )
    return Learned(
        text,
        read_model(text.encode(), f"{now.name}@{version}"),
        lesson.subjects,
        matches,
        {name: one.matches for name, one in m.items()},
    )


def _first(engine: Engine) -> dict[str, Counted]:
    """What can be counted before any pair is judged."""
    drawn, sharing = engine.sampled(_SEED), engine.sharing()
    return {
        name: Counted(
            pairs=comb(engine.with_values(name), 2), sharing=sharing[name], drawn=drawn[name]
        )
        for name in LADDERS
    }


def _taught(
    engine: Engine, counted: dict[str, Counted], now: LinkModel, lesson: Lesson, tell: Tell
) -> tuple[LinkModel, dict[str, Weighed], float]:
    engine.meet()
    model, m, matches = model_with(now, counted, {}, lesson, 0.0), dict[str, Weighed](), 0.0
    for turn in range(1, _ROUNDS + 1):
        m = engine.learned(model.comparisons, tell)
        model = model_with(now, counted, m, lesson, matches)
        share = min(model.matches / max(lesson.subjects - 1, 1), 0.5)
        told, matches = engine.likely(model.comparisons, share)
        tell(f"round {turn}: {matches:,.0f} pairs are likely one person's")
        counted = {
            name: replace(one, likely=told[name].yes, unlikely=told[name].no)
            for name, one in counted.items()
        }
        model = model_with(now, counted, m, lesson, matches)
    return model, m, matches
