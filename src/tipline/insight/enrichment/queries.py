"""Reads of derived places. The caller has checked that its actor may see the report."""

from __future__ import annotations

from tipline.insight.enrichment.models import Whereabouts
from tipline.insight.enrichment.rules import PlaceEvidence


def evidence_of(number: int) -> list[PlaceEvidence]:
    return evidence_if_looked(number) or []


def evidence_if_looked(number: int) -> list[PlaceEvidence] | None:
    """The same, or None when nobody has looked yet, which is not the same as nothing found."""
    row = Whereabouts.objects.filter(report_id=number).first()
    return [PlaceEvidence.from_json(piece) for piece in row.evidence] if row else None
