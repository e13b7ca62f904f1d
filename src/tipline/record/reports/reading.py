"""Stub in progress."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    code: str
    path: str
    line: int | None
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Reading:
    document: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = field(default=())

    @property
    def accepted(self) -> bool:
        return not self.problems

    @property
    def response_code(self) -> int:
        raise NotImplementedError


def read_report(data: bytes, *, strict: bool, now: datetime) -> Reading:
    raise NotImplementedError


def read_file_details(data: bytes, *, strict: bool, now: datetime) -> Reading:
    raise NotImplementedError
