"""Made-up link models: the shipped one with other values, and its file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tipline.insight.entities.scoring.rules_levels import ELSE
from tipline.insight.entities.scoring.rules_model import LinkModel, Weight, shipped
from tipline.insight.entities.training.rules_file import text_of


def model_file(
    version: str = "1", model: LinkModel | None = None, name: str = "made-up", **changes: Any
) -> bytes:
    """The file of a model, or of the shipped one; ``changes``: of its prior and caps."""
    rules = replace(model or shipped().rules, **changes)
    return text_of(rules, name, version, "any", "A made-up model.").encode()


def taught(comparison: str, level: str, m: float, model: LinkModel | None = None) -> LinkModel:
    """The model, or the shipped one, with another m of one level; the rest of it stands at the
    last level.
    """
    rules = model or shipped().rules
    said = rules.comparisons[comparison]
    weights = dict(said.weights)
    less = weights[level].m - m
    weights[level] = _with(weights[level], m)
    weights[ELSE] = _with(weights[ELSE], weights[ELSE].m + less)
    comparisons = {**rules.comparisons, comparison: replace(said, weights=weights)}
    return replace(rules, comparisons=comparisons)


def learned_file() -> bytes:
    """A model as a store might learn it: what people write alike is worth less, devices more."""
    model = shipped().rules
    for comparison, level, share in (
        ("screen_name", "same_at_service", 0.7), ("screen_name", "same_name", 0.8),
        ("email", "same_mailbox", 1.3), ("device", "same", 1.4), ("phone", "same", 0.6),
        ("ip", "same_network_week", 0.4), ("file", "same", 0.3), ("address", "same", 0.5),
    ):  # fmt: skip
        m = model.comparisons[comparison].weights[level].m * share
        model = taught(comparison, level, round(m, 4), model)
    return model_file("2026.11.29", model, name="our-links", least=-3.0)


def _with(weight: Weight, m: float) -> Weight:
    return replace(weight, m=m, source="made up")
