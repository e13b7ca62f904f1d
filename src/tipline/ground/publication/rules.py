"""What a policy version may be called, which policy an act brings back, what differs. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from tipline.ground.foundation.policy import Policy, Table, parse

T = TypeVar("T")
LONGEST_NAME = 40
LONGEST_VERSION = 19
LONGEST_REASON = 2000
LONGEST_NOTE = 2000
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


def read(data: bytes, file: str, validate: Callable[[Table], T]) -> Policy[T]:
    """A policy whose name and version can stand in a stamp.

    Raises PolicyError that names everything wrong with the file, each with its key and fix.
    """

    def named(table: Table) -> T:
        rules = validate(table)
        _fits(table, "name", _NAME, f"give 1 to {LONGEST_NAME} of a-z, 0-9, '.', '-', '_'")
        fix = f"give 1 to {LONGEST_VERSION} letters, digits, '.', '-', '_'"
        _fits(table, "version", _VERSION, fix)
        return rules

    return parse(data, file, named)


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


Value = int | bool | str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One value: ``key`` as in the file; None where the file says nothing."""

    key: str
    before: Value
    after: Value

    @property
    def section(self) -> str:
        """``danger.points`` for ``danger.points.victim``."""
        return self.key.rpartition(".")[0]

    @property
    def name(self) -> str:
        return self.key.rpartition(".")[2]


def differences(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[Change, ...]:
    """Every value that differs, section by section, in the order of the files."""
    found = [
        Change(key, before.get(key), after.get(key))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    ]
    sections = list(dict.fromkeys(key.rpartition(".")[0] for key in [*before, *after]))
    return tuple(sorted(found, key=lambda change: sections.index(change.section)))
