"""What a policy version may be called, and which policy an act brings back. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tipline.ground.foundation.policy import Table, parse
from tipline.insight.triage.policy import TriagePolicy, TriageRules, validate

LONGEST_NAME = 40
LONGEST_VERSION = 19
LONGEST_REASON = 2000
SHIPPED: int | None = None
"""The policy of an act that put the file of the program itself in force."""

_NAME = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{LONGEST_NAME - 1}}}")
_VERSION = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_VERSION - 1}}}")


class ActKind(StrEnum):
    """How a policy came in force."""

    PUBLISHED = "published"
    TAKEN_BACK = "taken-back"


@dataclass(frozen=True, slots=True)
class Act:
    """One act: ``policy`` is the id of the version that it put in force, None the shipped file."""

    kind: ActKind
    policy: int | None


def read(data: bytes, file: str) -> TriagePolicy:
    """A triage policy whose name and version can stand in a stamp.

    Raises PolicyError that names everything wrong with the file, each with its key and fix.
    """
    return parse(data, file, _validate)


def _validate(table: Table) -> TriageRules:
    rules = validate(table)
    _fits(table, "name", _NAME, f"give 1 to {LONGEST_NAME} of a-z, 0-9, '.', '-', '_'")
    fix = f"give 1 to {LONGEST_VERSION} letters, digits, '.', '-', '_'"
    _fits(table, "version", _VERSION, fix)
    return rules


def _fits(table: Table, key: str, shape: re.Pattern[str], fix: str) -> None:
    value = table.text(key) if table.has(key) else ""
    if value.strip() and not shape.fullmatch(value):
        table.problem(key, fix)


def before(acts: Sequence[Act]) -> Act | None:
    """The act whose policy comes back when the newest is taken back; None when none can.

    ``acts``: the oldest first. What was published stands on what was in force then; taking
    back uncovers that, so that a policy that was once taken back never comes back this way.
    """
    stack = [Act(ActKind.TAKEN_BACK, SHIPPED)]
    for act in acts:
        if act.kind is ActKind.PUBLISHED:
            stack.append(act)
        elif len(stack) > 1:
            stack.pop()
    return stack[-2] if len(stack) > 1 else None
