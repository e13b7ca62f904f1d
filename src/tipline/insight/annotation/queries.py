"""Reads of labels."""

from __future__ import annotations

from collections.abc import Iterable

from tipline.insight.annotation.models import LabelEvent
from tipline.record.evidence.models import EvidenceFile


def labels_of(digests: Iterable[str]) -> dict[str, frozenset[str]]:
    """The labels in force per digest; digests without any are absent."""
    state: dict[str, dict[str, bool]] = {}
    events = LabelEvent.objects.filter(sha256__in=list(digests)).order_by("pk")
    for sha256, code, present in events.values_list("sha256", "code", "present"):
        state.setdefault(sha256, {})[code] = present
    found = {
        sha256: frozenset(code for code, present in codes.items() if present)
        for sha256, codes in state.items()
    }
    return {sha256: codes for sha256, codes in found.items() if codes}


def reports_with(sha256: str) -> list[int]:
    """Numbers of the reports that have these bytes."""
    rows = EvidenceFile.objects.filter(sha256=sha256).order_by("report_id")
    return list(rows.values_list("report_id", flat=True).distinct())
