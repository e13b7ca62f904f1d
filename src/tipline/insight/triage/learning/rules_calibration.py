"""How well points foretell: cases foretold from answers that they are no part of. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tipline.ground.foundation.rules_share import wilson_of
from tipline.insight.triage.learning.rules import Case
from tipline.insight.triage.learning.rules_fit import (
    Data,
    Minimise,
    Numbers,
    chances,
    data_of,
    fit,
    only_intercept,
)

FOLDS = 5
GROUPS = 8
LEAST_IN_GROUP = 10


def judge(cases: Sequence[Case], present: Mapping[str, int], minimise: Minimise) -> dict[str, Any]:
    """Loss and calibration of learned and of present points, each case foretold by the others."""
    foretold = {"proposed": np.zeros(len(cases)), "present": np.zeros(len(cases))}
    for inside, outside in _folds(cases):
        learned_from = data_of([cases[n] for n in inside], present)
        tested = data_of([cases[n] for n in outside], present)
        models = {
            "proposed": fit(learned_from, present, minimise),
            "present": only_intercept(learned_from, present, minimise),
        }
        for name, model in models.items():
            foretold[name][outside] = chances(tested, model)
    data = data_of(cases, present)
    return {
        "loss": {name: loss(data, each) for name, each in foretold.items()},
        "calibration": {name: marks(data, each) for name, each in foretold.items()},
    }


def _folds(cases: Sequence[Case]) -> Iterator[tuple[list[int], list[int]]]:
    """Every fifth case of each kind, in the order of their numbers: the same each time."""
    order = sorted(range(len(cases)), key=lambda n: (cases[n].found, cases[n].number))
    for fold in range(FOLDS):
        outside = order[fold::FOLDS]
        kept = set(outside)
        yield [n for n in order if n not in kept], outside


def loss(data: Data, foretold: Numbers) -> float:
    """Weighted mean of the log loss."""
    sure = np.clip(foretold, 1e-12, 1 - 1e-12)
    each = -(data.found * np.log(sure) + (1 - data.found) * np.log(1 - sure))
    return float(np.average(each, weights=data.weight))


def marks(data: Data, foretold: Numbers) -> list[dict[str, Any]]:
    """Groups of cases by what was foretold, the smallest chance first."""
    order = np.argsort(foretold, kind="stable")
    groups = min(GROUPS, max(1, len(order) // LEAST_IN_GROUP))
    return [_mark(data, foretold, part) for part in np.array_split(order, groups) if len(part)]


def _mark(data: Data, foretold: Numbers, part: Any) -> dict[str, Any]:
    weight = data.weight[part]
    found = float(np.average(data.found[part], weights=weight))
    low, high = wilson_of(found, float(weight.sum() ** 2 / np.square(weight).sum()))
    return {
        "foretold": round(float(np.average(foretold[part], weights=weight)), 4),
        "found": round(found, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "cases": len(part),
    }
