"""A logistic regression on the same features, fitted on other seeds: a peer, from a library.

It learns from months of the very population that it is measured on: from the reports that a
desk looked at, first in, first out (a look reveals the truth), or, as no desk can, from all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from benchmarks.triage.months import Seen
from tipline.insight.triage.features import Features


class NoLibraryError(RuntimeError):
    """scikit-learn is not installed here."""


#: Of each kind, so many examples are needed to learn anything: one for each fold.
_FOLDS = 5


class Logistic:
    """L2-regularised; how strongly is chosen by cross-validation on the months it learns from.

    From too few examples it learns nothing and holds every report to be as likely as another.
    """

    def __init__(self, reports: Sequence[Seen]) -> None:
        try:
            from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415 - a peer
            from sklearn.linear_model import LogisticRegressionCV  # noqa: PLC0415
            from sklearn.pipeline import make_pipeline  # noqa: PLC0415
        except ImportError as error:
            raise NoLibraryError("scikit-learn is not installed") from error
        self._model = make_pipeline(
            DictVectorizer(),
            LogisticRegressionCV(
                Cs=(0.01, 0.03, 0.1, 0.3, 1.0, 3.0),
                cv=_FOLDS,
                scoring="neg_log_loss",
                max_iter=2000,
                use_legacy_attributes=False,
                l1_ratios=(0.0,),
            ),
        )
        found = [seen.endangered for seen in reports]
        self._learnt = min(found.count(True), found.count(False)) >= _FOLDS
        if self._learnt:
            self._model.fit([_row(seen.features) for seen in reports], found)

    def likely(self, reports: Iterable[Seen]) -> list[float]:
        """How likely danger is in each report."""
        rows = [_row(seen.features) for seen in reports]
        if not self._learnt:
            return [0.0] * len(rows)
        return [float(pair[1]) for pair in self._model.predict_proba(rows)]


def _row(features: Features) -> dict[str, float]:
    """Every feature as numbers: one for each word that a field may say, counts up to three."""
    row: dict[str, float] = {}
    for field in fields(Features):
        for word, number in _said(field.name, getattr(features, field.name)):
            row[f"{field.name}={word}" if word else field.name] = number
    return row


def _said(name: str, value: Any) -> Iterable[tuple[str, float]]:
    if value is None:
        return [("unknown", 1.0)]
    if name == "cues":
        return [(cue.kind.value, 1.0) for cue in value]
    if name == "hours_since_incident":
        return [(_span(value), 1.0)]
    if isinstance(value, frozenset):
        return [(str(one), 1.0) for one in value]
    if isinstance(value, bool | str):
        return [(str(value), 1.0)]
    return [("", float(min(value, 3)))]


def _span(hours: float) -> str:
    steps = ((24, "day"), (168, "week"), (2160, "quarter"))
    return next((word for most, word in steps if hours <= most), "longer")
