"""What every benchmark answers: rows, ratios, what was reached of what was to be reached."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


def machine() -> str:
    """The machine, as far as it matters for reading a figure."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


@dataclass(frozen=True, slots=True)
class Result:
    """``met``: each figure to reach, and whether it was; ``text``: the same for people."""

    name: str
    rows: Sequence[Mapping[str, Any]]
    ratios: Mapping[str, float]
    met: Mapping[str, bool]
    text: str

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "machine": machine(),
            "rows": list(self.rows),
            "ratios": dict(self.ratios),
            "met": dict(self.met),
        }
