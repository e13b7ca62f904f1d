"""Words that names are made of."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=16)
def words(kind: str) -> tuple[str, ...]:
    """The words of one line of ``names.txt``."""
    text = (files("simulator.world") / "names.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        name, _, listed = line.partition(":")
        if name == kind:
            return tuple(listed.split())
    raise KeyError(kind)
