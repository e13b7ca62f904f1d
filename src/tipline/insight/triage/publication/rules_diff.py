"""What one policy says otherwise than another, value by value. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tipline.ground.publication.rules import Change, Value, differences
from tipline.insight.triage.policy import Bands, ScoreRules, TriagePolicy, TriageRules

__all__ = ["Change", "Value", "changes", "values"]


def changes(old: TriagePolicy, new: TriagePolicy) -> tuple[Change, ...]:
    """Every value that differs, section by section; names and versions apart."""
    return differences(dict(values(old.rules)), dict(values(new.rules)))


def values(rules: TriageRules) -> Iterator[tuple[str, Value]]:
    """All values of a policy under their keys; a list gives one ``True`` per entry."""
    yield "limits.young_victim_years", rules.limits.young_victim_years
    yield "limits.stale_days", rules.limits.stale_days
    yield from ((f"urgent.also.{sign}", True) for sign in rules.also_urgent)
    yield from _score("danger", rules.danger)
    yield from _score("actionability", rules.actionability)
    yield from ((f"decay.points.{days} days", points) for days, points in rules.decay.steps)
    yield from ((f"decay.alarms.{days} days", True) for days in rules.decay.alarms)
    yield from _bands("decay", rules.decay.bands)
    tests = rules.disposition
    yield from ((f"disposition.no_nexus_types.{one}", True) for one in sorted(tests.no_nexus_types))
    yield from ((f"disposition.no_nexus_signs.{one}", True) for one in sorted(tests.no_nexus_signs))
    yield "disposition.esp_viral_suffices", tests.esp_viral_suffices


def _score(name: str, rules: ScoreRules) -> Iterator[tuple[str, Value]]:
    yield f"{name}.bounds.lowest", rules.lowest
    yield f"{name}.bounds.highest", rules.highest
    yield from _bands(name, rules.bands)
    yield from _each(f"{name}.caps", rules.caps)
    yield from _each(f"{name}.points", rules.points)


def _bands(name: str, bands: Bands) -> Iterator[tuple[str, Value]]:
    if bands.urgent is not None:
        yield f"{name}.bands.urgent", bands.urgent
    yield f"{name}.bands.high", bands.high
    yield f"{name}.bands.medium", bands.medium


def _each(name: str, numbers: Mapping[str, int]) -> Iterator[tuple[str, Value]]:
    yield from ((f"{name}.{key}", number) for key, number in numbers.items())
