"""A link model as a file that our own reader takes. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tipline.insight.entities.scoring.rules_model import LinkModel, Weight


def text_of(model: LinkModel, name: str, version: str, jurisdiction: str, told: str) -> str:
    """The whole file, in the order of the ladders. ``told``: a line about where it comes from."""
    return "\n".join(_lines(model, name, version, jurisdiction, told)) + "\n"


def _lines(
    model: LinkModel, name: str, version: str, jurisdiction: str, told: str
) -> Iterator[str]:
    yield f"# {' '.join(told.split())}"
    for key, value in (("name", name), ("version", version), ("jurisdiction", jurisdiction)):
        yield f"{key} = {_quoted(value)}"
    yield from ("", "[prior]", f"matches_per_subject = {_number(model.matches)}")
    yield f"least_odds_bits = {_number(model.least)}"
    yield f"subjects = {model.subjects}"
    yield from ("", "[caps]")
    yield from (f"{group} = {_number(cap)}" for group, cap in model.caps.items())
    yield f"shared = {_number(model.shared_cap)}"
    yield f"mentioned = {_number(model.mentioned_cap)}"
    for comparison, weighed in model.comparisons.items():
        yield from ("", f"[comparisons.{comparison}]", f"group = {_quoted(weighed.group)}")
        for level, weight in weighed.weights.items():
            yield from ("", f"[comparisons.{comparison}.{level}]")
            yield from _weight(weight)


def _weight(weight: Weight) -> Iterator[str]:
    yield f"m = {_number(weight.m)}"
    yield f"u = {_number(weight.u)}"
    if weight.form:
        yield "by_frequency = true"
    if weight.neutral:
        yield "neutral = true"
    yield f"source = {_quoted(weight.source)}"


def _quoted(text: str) -> str:
    """A text in quotes: TOML's basic strings escape as JSON's do."""
    return json.dumps(text, ensure_ascii=True)


def _number(value: float) -> str:
    """Nine digits: less than a thousandth of a bit, and the same on every machine."""
    return repr(float(f"{value:.9g}"))
