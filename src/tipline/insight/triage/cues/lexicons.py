"""The lexicons that ship: every file of the folder ``lexicon``, one for each language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from tipline.ground.foundation.policy import load
from tipline.insight.triage.cues.rules_index import Index
from tipline.insight.triage.cues.rules_lexicon import LexiconFile, validate


@cache
def shipped() -> tuple[LexiconFile, ...]:
    """All of them, by file name. Raises PolicyError naming what is wrong with one."""
    folder = files("tipline.insight.triage").joinpath("lexicon")
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(load(file, validate) for file in found)


@cache
def shipped_index() -> Index:
    """The phrases of all shipped lexicons, ready for finding."""
    return Index([file.rules for file in shipped()])
