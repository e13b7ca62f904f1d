"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event


@dataclass(frozen=True, slots=True)
class LinkChanged(Event):
    """A link of this report was made by policy or judged by a person."""

    report: int


@dataclass(frozen=True, slots=True)
class TextForgotten(Event):
    """What was mined from a line of this report is forgotten: the line is its sender's own."""

    report: int
