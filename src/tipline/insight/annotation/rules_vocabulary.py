"""What a vocabulary is: labels, their groups, codes of other schemes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

#: Of what a label speaks: of the whole content, or of one child in it.
CONTENT: Final = "content"
CHILD: Final = "child"


@dataclass(frozen=True, slots=True)
class Group:
    """Labels that stand together. ``one_only``: at most one of them holds of one subject."""

    code: str
    words: Any
    subject: str
    one_only: bool = False


@dataclass(frozen=True, slots=True)
class LabelCode:
    """One label: its stored code, its words and the one key that sets it.

    ``subject``: :data:`CONTENT` or :data:`CHILD`. ``years``: the estimated age, both ends
    included. ``sign``: the code by which triage reads it, empty when it moves no score.
    ``retired``: the version that took it out, empty while it may be set; then ``successors``
    replace it and ``key`` is empty.
    """

    code: str
    words: Any
    key: str
    group: str
    subject: str = CONTENT
    years: tuple[int, ...] = ()
    sign: str = ""
    retired: str = ""
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Our own labels. ``stamp`` is stored with each statement, ``former`` are older stamps."""

    stamp: str
    source: str
    former: tuple[str, ...]
    groups: Mapping[str, Group]
    labels: tuple[LabelCode, ...]

    @property
    def in_force(self) -> tuple[LabelCode, ...]:
        """The labels that may be set."""
        return tuple(label for label in self.labels if not label.retired)

    @property
    def by_code(self) -> dict[str, LabelCode]:
        return {label.code: label for label in self.labels}

    def about(self, subject: str) -> tuple[LabelCode, ...]:
        """The labels in force of one subject."""
        return tuple(label for label in self.in_force if label.subject == subject)

    def rivals(self, code: str) -> frozenset[str]:
        """The labels that cannot hold beside this one."""
        label = self.by_code.get(code)
        if label is None or not self.groups[label.group].one_only:
            return frozenset()
        same = (one.code for one in self.labels if one.group == label.group)
        return frozenset(same) - {code}

    def words(self, code: str) -> Any:
        """Words for a stored code, retired ones included; of an unknown one the code itself."""
        label = self.by_code.get(code)
        return code if label is None else label.words

    def sign(self, code: str) -> str:
        """The code by which triage reads a label; its own where it has none."""
        label = self.by_code.get(code)
        return label.sign if label and label.sign else code


@dataclass(frozen=True, slots=True)
class Scheme:
    """A classification of others: codes with their words, in its own order."""

    name: str
    version: str
    words: Any
    source: str
    codes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenScheme:
    """A scheme with free keys and values in named blocks, of bounded lengths."""

    name: str
    version: str
    words: Any
    source: str
    blocks: Mapping[str, Any]
    longest_key: int
    longest_value: int
    most_pairs: int

    @property
    def stamp(self) -> str:
        return f"{self.name}-{self.version}"
