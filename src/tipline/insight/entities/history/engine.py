"""What an engine gives: pages of keys, then pages of links, each of a stretch of reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from tipline.insight.entities.rules import Proposal


@dataclass(frozen=True, slots=True)
class KeysPage:
    """The keys of every report above ``after`` up to ``last``; a report without any is absent."""

    after: int
    last: int
    found: Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class LinksPage:
    """The links of every report above ``after`` up to ``last`` to earlier ones, by both numbers.

    ``compared``: how many pairs were scored for it. ``version``: what they were scored by.
    """

    after: int
    last: int
    found: Mapping[int, Mapping[int, Proposal]]
    compared: int
    version: str


class Engine(Protocol):
    """Pages come in the order of the numbers, leave no gap, and end at ``upto``."""

    def keys(self, after: int, upto: int) -> Iterator[KeysPage]: ...

    def links(self, after: int, upto: int) -> Iterator[LinksPage]: ...
