"""What one reading found, where, and the text that the schema has no place for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from tipline.record.reports.reading_problems import POLICIES, Code, Effect, Problem, problem

MOST_OF_A_KIND: Final = 25  # findings of one code that are spelled out; the rest are counted


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in the XML, and what its row asks of it."""

    name: str
    path: str
    line: int
    required: bool = False
    length: int | None = None
    empty_ok: bool = False

    def attribute(self, name: str) -> Place:
        """The place of an attribute that no row describes."""
        return Place(name, f"{self.path}/@{name}", self.line)

    def child(self, name: str, line: int | None = None) -> Place:
        """The place of a child that no row describes."""
        return Place(name, f"{self.path}/{name}", self.line if line is None else line)


@dataclass(slots=True)
class Findings:
    """Collected during one reading."""

    problems: list[Problem] = field(default_factory=list)
    unrecognised: list[dict[str, str]] = field(default_factory=list)
    _counts: Counter[Code] = field(default_factory=Counter)

    def find(self, code: Code, place: Place, **values: object) -> None:
        """Note a finding; ``values`` fill the words of its policy."""
        self._counts[code] += 1
        if self._counts[code] <= MOST_OF_A_KIND:
            line = place.line or None
            self.problems.append(problem(code, place.path, line, name=place.name, **values))

    def keep(self, path: str, xml: str) -> None:
        """Keep what has no place."""
        self.unrecognised.append({"path": path, "xml": xml})

    def with_effect(self, effect: Effect, *, strict: bool) -> tuple[Problem, ...]:
        """The findings that have this effect, in document order, and how many more there were."""
        chosen = [each for each in self.problems if _effect(each.code, strict=strict) is effect]
        more = [
            Problem(code.value, "/", None, f"{count - MOST_OF_A_KIND} more of this kind.", "")
            for code, count in self._counts.items()
            if count > MOST_OF_A_KIND and _effect(code, strict=strict) is effect
        ]
        return (*chosen, *more)


def _effect(code: str, *, strict: bool) -> Effect:
    policy = POLICIES[Code(code)]
    return policy.strict if strict else policy.lenient
