"""What every benchmark answers: rows, ratios, what was reached of what was to be reached."""

from __future__ import annotations

import math
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
            "rows": _plain(list(self.rows)),
            "ratios": _plain(dict(self.ratios)),
            "met": dict(self.met),
        }


def _plain(value: Any) -> Any:
    """JSON has no infinity and no "not a number": what one month cannot tell is null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
