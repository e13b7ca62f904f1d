"""Why the gate decided as it did: each row of the table, what it asked and what was so. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.record.evidence.gate import GateDecision, GateInputs, answers, decide, holds
from tipline.record.evidence.gate_policy import GatePolicy, Row


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a row: the answers that it takes, and what was so."""

    name: str
    takes: tuple[str, ...]
    was: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return bool(set(self.takes) & set(self.was))


@dataclass(frozen=True, slots=True)
class RowSaid:
    """One row: ``holds`` whatever stands above it, ``decides`` for the first that holds."""

    row: Row
    questions: tuple[Question, ...]
    holds: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision and every row in order. No row decides: the program's last word did."""

    decision: GateDecision
    rows: tuple[RowSaid, ...]


def explain(inputs: GateInputs, policy: GatePolicy) -> Explanation:
    """The same decision as :func:`decide` makes of these, row by row."""
    said = answers(inputs)
    first = next((row.rule for row in policy.rules.rows if holds(row, said)), None)
    rows = tuple(
        RowSaid(
            row,
            tuple(
                Question(name, tuple(sorted(wanted)), tuple(sorted(said[name])))
                for name, wanted in row.when.items()
            ),
            holds(row, said),
            row.rule == first,
        )
        for row in policy.rules.rows
    )
    return Explanation(decide(inputs, policy), rows)
