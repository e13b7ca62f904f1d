"""Stored reasons as reasons again, with the words of every room at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# Importing the words registers them: a page that shows a reason must know how to say it.
from tipline.delivery.routing import words as _routing
from tipline.ground.foundation.reasons import Reason, words
from tipline.ground.places import words as _places
from tipline.insight.entities import words as _entities
from tipline.insight.matching import words as _matching
from tipline.insight.triage import words as _triage
from tipline.record.evidence import gate_words as _gate

ROOMS_WITH_WORDS = (_entities, _gate, _matching, _places, _routing, _triage)


def reasons_of(stored: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """Reasons from their stored form."""
    return [Reason.from_json(one) for one in stored]


def sentences(reasons: Iterable[Reason]) -> str:
    """The words of reasons, one after the other."""
    return " ".join(words(reason) for reason in reasons)
