"""What a classification elsewhere would probably be. Pure; indicative, never stored.

Source of the default map: reference "domain", section 2 (a design suggestion, not legally exact).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mapped:
    """One rule: it holds when each of its sets, if it names any, meets the file's."""

    name: str
    scheme: str
    code: str
    industry: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()

    def holds(self, industry: Collection[str], labels: Collection[str]) -> bool:
        by_class = not self.industry or not self.industry.isdisjoint(industry)
        return by_class and (not self.labels or not self.labels.isdisjoint(labels))


@dataclass(frozen=True, slots=True)
class Indicated:
    """A code of another scheme, and the rule by which it is indicated."""

    scheme: str
    code: str
    rule: str


def indicated(
    rules: Iterable[Mapped], industry: Collection[str], labels: Collection[str]
) -> tuple[Indicated, ...]:
    """At most one code of each scheme: that of its first rule that holds."""
    found: dict[str, Indicated] = {}
    for rule in rules:
        if rule.scheme not in found and rule.holds(industry, labels):
            found[rule.scheme] = Indicated(rule.scheme, rule.code, rule.name)
    return tuple(found.values())
