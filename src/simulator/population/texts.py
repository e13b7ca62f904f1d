"""The texts of a language: templates by kind, and the words that fill them in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

LANGUAGES = ("en", "es", "fr", "pt")
_FILLED_IN = ("when", "place", "sum")


@dataclass(frozen=True, slots=True)
class Texts:
    """One language. ``kinds``: templates by the value of a sign that speaks."""

    kinds: dict[str, list[str]]
    words: dict[str, list[str]]

    def text(self, kind: str, pick: Random) -> str:
        """One text of a kind, chosen by ``pick``."""
        filled_in = {name: pick.choice(self.words[name]) for name in _FILLED_IN}
        return pick.choice(self.kinds[kind]).format(**filled_in)


@cache
def texts(language: str) -> Texts:
    """The texts of one of :data:`LANGUAGES`."""
    file = files("simulator.population") / "narratives" / f"{language}.toml"
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    return Texts(told["texts"], {name: told[name] for name in _FILLED_IN})
