"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.events import Event


@dataclass(frozen=True, slots=True)
class ListChanged(Event):
    """Entries of a list came, changed or went."""

    hash_list: int


@dataclass(frozen=True, slots=True)
class ReportListed(Event):
    """What lists say of this report's files changed."""

    report: int
