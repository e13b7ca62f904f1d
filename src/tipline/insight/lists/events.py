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


@dataclass(frozen=True, slots=True)
class OwnEntryMade(Event):
    """Some bytes came onto one of our own lists; more fingerprints of them may be made now."""

    sha256: str


@dataclass(frozen=True, slots=True)
class SeriesChanged(Event):
    """The status or the holder of a series is another one."""

    series: int


@dataclass(frozen=True, slots=True)
class SeriesAlerted(Event):
    """An agency is told that a report has a file of a series that it holds."""

    report: int
    agency: int
