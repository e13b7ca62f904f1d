"""Vocabularies in force: our own labels and the schemes of others, read from data once.

Codes are stored, words are shown. Each file in ``vocabularies/`` is checked whole before
anything uses it; see ``vocabulary_files`` for the rules and CONTRIBUTING for the recipe.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from tipline.insight.annotation import vocabulary_files as files
from tipline.insight.annotation.rules_crosswalk import Mapped
from tipline.insight.annotation.rules_vocabulary import (
    CHILD,
    CONTENT,
    LabelCode,
    OpenScheme,
    Scheme,
    Vocabulary,
)

__all__ = ["CHILD", "CONTENT", "LabelCode", "Vocabulary", "crosswalk", "own", "scheme", "ucs"]

FOLDER = Path(__file__).parent / "vocabularies"
#: The label by which our own analysts say that bytes are known material.
KNOWN_MATERIAL: Final = "apparent_csam"
#: Some labels put content on a list of ours, once enough people stand behind them (lists.own);
#: this one puts it on the viral list.
VIRAL: Final = "viral"
SCHEMES: Final = ("industry", "esp-annotations", "uk-abc", "copine", "project-vic")


def own() -> Vocabulary:
    """Our analysts' labels: those that may be set and the retired ones, which stay readable."""
    return _own(FOLDER)


def scheme(name: str) -> Scheme:
    """A closed scheme of others, one of :data:`SCHEMES`."""
    return _scheme(FOLDER, name)


def ucs() -> OpenScheme:
    """The Universal Classification Schema: free keys and values in three blocks."""
    return _open(FOLDER, "ucs")


def crosswalk() -> tuple[Mapped, ...]:
    """The rules by which codes of other schemes are indicated, in their order."""
    return _crosswalk(FOLDER)


@cache
def _own(folder: Path) -> Vocabulary:
    return files.read_labels(folder / "tipline-labels.toml")


@cache
def _scheme(folder: Path, name: str) -> Scheme:
    return files.read_scheme(folder / f"{name}.toml")


@cache
def _open(folder: Path, name: str) -> OpenScheme:
    return files.read_open_scheme(folder / f"{name}.toml")


@cache
def _crosswalk(folder: Path) -> tuple[Mapped, ...]:
    schemes = {name: _scheme(folder, name) for name in SCHEMES}
    return files.read_crosswalk(folder / "crosswalk.toml", schemes, _own(folder))
