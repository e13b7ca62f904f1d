"""Reads of labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tipline.insight.annotation.models import LabelEvent
from tipline.insight.annotation.vocabulary import KNOWN_MATERIAL
from tipline.insight.matching.queries import known_digests
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


def label_history(digests: Iterable[str]) -> list[LabelEvent]:
    """Every label set on or withdrawn from these digests, with its author, oldest first."""
    rows = LabelEvent.objects.select_related("author").filter(sha256__in=list(digests))
    return list(rows.order_by("pk"))


def known_material(files: Sequence[EvidenceFile]) -> frozenset[str]:
    """Digests that came in an earlier report, too, and that our analysts call known material."""
    labels = labels_of(file.sha256 for file in files)
    earlier = known_digests(files)
    return frozenset(d for d in earlier if KNOWN_MATERIAL in labels.get(d, ()))
