"""The triage policy: points, bands and tests as data, checked before use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType

from tipline.ground.foundation.policy import Policy, Table, packaged
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.insight.triage.rules_signs import GRAVEST_FIRST, Limits
from tipline.insight.triage.rules_terms import (
    ACTIONABILITY,
    DANGER,
    MAY_BE_URGENT,
    NEVER_ACTIONABILITY,
    NEVER_DANGER,
    Direction,
    Term,
)


@dataclass(frozen=True, slots=True)
class Bands:
    """Lowest value of each band; ``urgent`` is None where no value is urgent."""

    high: int
    medium: int
    urgent: int | None = None


@dataclass(frozen=True, slots=True)
class ScoreRules:
    """Points per sign, the most that a group of signs may add, bounds and bands."""

    points: Mapping[str, int]
    caps: Mapping[str, int]
    lowest: int
    highest: int
    bands: Bands


@dataclass(frozen=True, slots=True)
class DecayRules:
    """``steps``: (days left at most, points), fewest days first; ``alarms`` in days."""

    steps: tuple[tuple[int, int], ...]
    alarms: tuple[int, ...]
    bands: Bands


@dataclass(frozen=True, slots=True)
class DispositionRules:
    """What a deployment may choose about the three tests."""

    no_nexus_types: frozenset[str]
    no_nexus_signs: tuple[str, ...]
    esp_viral_suffices: bool


@dataclass(frozen=True, slots=True)
class BundleRules:
    """When reports are folded: how many of them, within which windows of hours."""

    viral_least: int
    flood_least: int
    flood_window_hours: int
    incident_hours: int


@dataclass(frozen=True, slots=True)
class ClockRules:
    """Of those who give a network's users their addresses: for how many days they are taken to
    keep whose an address was (0: no such clock), and to take to answer legal process.
    """

    access_provider_days: int
    access_provider_turnaround_days: int


@dataclass(frozen=True, slots=True)
class RecordRules:
    """When agencies' answers say something of a sender: how many, and at which shares."""

    answers: int
    useful_percent: int
    rarely_percent: int


@dataclass(frozen=True, slots=True)
class TriageRules:
    danger: ScoreRules
    actionability: ScoreRules
    decay: DecayRules
    disposition: DispositionRules
    also_urgent: tuple[str, ...]
    limits: Limits
    bundles: BundleRules
    clocks: ClockRules
    record: RecordRules


TriagePolicy = Policy[TriageRules]

_NO_NEXUS_TYPES = (IncidentType.MISLEADING_DOMAIN, IncidentType.MISLEADING_WORDS)
_NO_NEXUS_SIGNS = ("spam", "esp_informational")
_CLASS_SIGNS = tuple(f"industry_{code.lower()}" for code in GRAVEST_FIRST)
_MOST_DAYS = 36_500
_MOST_CAP = 10_000


@cache
def default_policy(name: str = "triage-us") -> TriagePolicy:
    """The triage policy that ships under this name. Raises PolicyError."""
    return packaged("tipline.insight.triage", f"policies/{name}.toml", validate)


def validate(table: Table) -> TriageRules:
    """Read a triage policy; problems are noted in ``table``."""
    danger = _score(table.table("danger"), DANGER, NEVER_DANGER, urgent=True)
    actionability = _score(table.table("actionability"), ACTIONABILITY, NEVER_ACTIONABILITY)
    return TriageRules(
        danger=danger,
        actionability=actionability,
        decay=_decay(table.table("decay")),
        disposition=_disposition(table.table("disposition")),
        also_urgent=_also_urgent(table.table("urgent")),
        limits=_limits(limits := table.table("limits")),
        bundles=_bundles(table.table("bundles")),
        clocks=_clocks(table.table("clocks")),
        record=_record(limits),
    )


def _score(
    table: Table, terms: Mapping[str, Term], never: Mapping[str, str], *, urgent: bool = False
) -> ScoreRules:
    bounds = table.table("bounds")
    lowest = bounds.integer("lowest", low=-1000, high=0)
    highest = bounds.integer("highest", low=1, high=1000)
    return ScoreRules(
        points=_points(table.table("points"), terms, never),
        caps=_caps(table.table("caps"), terms),
        lowest=lowest,
        highest=highest,
        bands=_bands(table.table("bands"), lowest, highest, urgent=urgent),
    )


def _points(table: Table, terms: Mapping[str, Term], never: Mapping[str, str]) -> Mapping[str, int]:
    points = {sign: _term_points(table, sign, term) for sign, term in terms.items()}
    for sign in table.keys():  # noqa: SIM118 - a Table is no mapping; keys() is its own reader
        if sign in never:
            table.integer(sign)
            table.problem(sign, f"must not move this score: {never[sign]}; remove it")
    classes = [points.get(sign, 0) for sign in _CLASS_SIGNS]
    if classes != sorted(classes, reverse=True):
        table.problem("industry_a1", f"points must not rise along {', '.join(_CLASS_SIGNS)}")
    return MappingProxyType(points)


def _term_points(table: Table, sign: str, term: Term) -> int:
    if term.direction is Direction.RAISES:
        return table.integer(sign, low=0, high=1000)
    return table.integer(sign, low=-1000, high=0)


def _caps(table: Table, terms: Mapping[str, Term]) -> Mapping[str, int]:
    """Caps are for groups that raise; a group without one is unbounded."""
    groups = {term.group for term in terms.values() if term.direction is Direction.RAISES}
    return MappingProxyType(
        {
            group: table.integer(group, low=0, high=_MOST_CAP)
            for group in sorted(groups)
            if table.has(group)
        }
    )


def _bands(table: Table, lowest: int, highest: int, *, urgent: bool) -> Bands:
    medium = table.integer("medium", low=lowest + 1, high=highest)
    high = table.integer("high", low=lowest + 1, high=highest)
    top = table.integer("urgent", low=lowest + 1, high=highest) if urgent else None
    steps = [medium, high, *([top] if top is not None else [])]
    if any(below >= above for below, above in pairwise(steps)):
        table.problem("high", "bands must rise: medium < high < urgent")
    return Bands(high=high, medium=medium, urgent=top)


def _also_urgent(table: Table) -> tuple[str, ...]:
    """Only a report's gravest class is found, so a graver one must be urgent as well."""
    also = table.texts("also", one_of=MAY_BE_URGENT)
    classes = [sign in also for sign in _CLASS_SIGNS]
    if classes != sorted(classes, reverse=True):
        table.problem(
            "also", f"a class is urgent only with all graver ones: {', '.join(_CLASS_SIGNS)}"
        )
    return also


def _are_days(days: int) -> bool:
    return 0 <= days <= _MOST_DAYS


def _decay(table: Table) -> DecayRules:
    days, points = table.integers("days"), table.integers("points")
    if len(days) != len(points) or not days:
        table.problem("points", "give one number of points per number of days")
    if list(days) != sorted(set(days)) or not all(map(_are_days, days)):
        table.problem("days", f"days must rise, from 0 to at most {_MOST_DAYS}")
    if list(points) != sorted(points, reverse=True) or any(not 0 <= p <= 1000 for p in points):
        table.problem("points", "points must not rise with the days left, 0 to 1000")
    alarms = table.integers("alarms")
    if not all(map(_are_days, alarms)):
        table.problem("alarms", f"days must be 0 to {_MOST_DAYS}")
    most = max((1, *points))
    return DecayRules(
        steps=tuple(zip(days, points, strict=False)),
        alarms=tuple(sorted(set(alarms))),
        bands=_bands(table.table("bands"), 0, most, urgent=False),
    )


def _disposition(table: Table) -> DispositionRules:
    return DispositionRules(
        no_nexus_types=frozenset(table.texts("no_nexus_types", one_of=_NO_NEXUS_TYPES)),
        no_nexus_signs=table.texts("no_nexus_signs", one_of=_NO_NEXUS_SIGNS),
        esp_viral_suffices=table.flag("esp_viral_suffices"),
    )


def _limits(table: Table) -> Limits:
    return Limits(
        young_victim_years=table.integer("young_victim_years", low=1, high=18),
        stale_days=table.integer("stale_days", low=1, high=_MOST_DAYS),
    )


def _bundles(table: Table) -> BundleRules:
    """Counts end where they would have to be counted through; a window never spans two days."""
    hours = table.integer("flood_window_hours", low=1, high=24)
    if hours and 24 % hours:
        table.problem("flood_window_hours", "must divide a day: 1, 2, 3, 4, 6, 8, 12 or 24")
    return BundleRules(
        viral_least=table.integer("viral_least", low=2, high=1000),
        flood_least=table.integer("flood_least", low=2, high=1000),
        flood_window_hours=hours,
        incident_hours=table.integer("incident_hours", low=1, high=168),
    )


def _record(table: Table) -> RecordRules:
    useful = table.integer("sender_useful_percent", low=1, high=100)
    rarely = table.integer("sender_rarely_percent", low=0, high=99)
    if rarely >= useful:
        table.problem("sender_rarely_percent", "must be less than sender_useful_percent")
    return RecordRules(table.integer("sender_answers", low=1), useful, rarely)


def _clocks(table: Table) -> ClockRules:
    return ClockRules(
        access_provider_days=table.integer("access_provider_days", low=0, high=3650),
        access_provider_turnaround_days=table.integer(
            "access_provider_turnaround_days", low=0, high=3650
        ),
    )
