"""What a triage policy may be called, and which one an act brings back. Pure."""

from __future__ import annotations

from tipline.ground.publication import rules as shared
from tipline.ground.publication.rules import LONGEST_REASON, SHIPPED, Act, ActKind, before
from tipline.insight.triage.policy import TriagePolicy, validate

__all__ = ["LONGEST_REASON", "SHIPPED", "Act", "ActKind", "before", "read"]


def read(data: bytes, file: str) -> TriagePolicy:
    """A triage policy whose name and version can stand in a stamp.

    Raises PolicyError that names everything wrong with the file, each with its key and fix.
    """
    return shared.read(data, file, validate)
