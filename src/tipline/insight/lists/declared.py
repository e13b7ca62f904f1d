"""What senders declare of files, as lists look it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tipline.insight.lists.rules_match import Values
from tipline.record.evidence.models import EvidenceFile


def declared_by(files: Sequence[EvidenceFile]) -> dict[int, Values]:
    """Per file key the fingerprints that its sender declares, by type; others are absent."""
    return {}


def files_declared_as(values: Mapping[str, set[str]]) -> set[int]:
    """Keys of the files of which any of these fingerprints is declared."""
    return set()
